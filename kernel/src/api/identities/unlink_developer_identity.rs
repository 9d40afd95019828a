//! `UnlinkDeveloperIdentity`: takes a user of a developer's own system from an identity; without any
//! login it can't be used any more.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnlinkDeveloperIdentity.html>

use crate::{federation::identities, prelude::*};

operation!(
    identity UnlinkDeveloperIdentity, Iam, reach IdentityPool, now,
    adds [ResourceConflict]
);

shape! { Input {
    IdentityId identity_id: IdentityId,
    IdentityPoolId identity_pool_id: IdentityPoolId,
    DeveloperProviderName developer_provider_name: DeveloperProviderName,
    DeveloperUserIdentifier developer_user_identifier: DeveloperUserIdentifier,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.identity_pool(&input.identity_pool_id)?;
    super::check_developer(&pool, &input.developer_provider_name)?;
    let mut identity = cx.identity(&input.identity_id)?.into_inner();
    let user = input.developer_user_identifier.as_str();
    if identities::owner_of_user(cx, user)?.as_deref() != Some(&identity.id) {
        return Err(Error::saying(Code::ResourceNotFound, "Developer user not found."));
    }
    identities::unlink_user(cx, &mut identity, user)?;
    Ok(Output {})
}
