//! `LookupDeveloperIdentity`: tells which identity a user of a developer's own system is, or which
//! users an identity is.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_LookupDeveloperIdentity.html>

use crate::{
    federation::identities,
    model::identity_pool::identity::DeveloperUser,
    prelude::*,
    store::{keys, page},
};

operation!(
    identity LookupDeveloperIdentity, Iam, reach IdentityPool, now,
    adds [ResourceConflict]
);

shape! { Input {
    IdentityPoolId identity_pool_id: IdentityPoolId,
    IdentityId identity_id: Option<IdentityId>,
    DeveloperUserIdentifier developer_user_identifier: Option<DeveloperUserIdentifier>,
    MaxResults max_results: Option<IdentityQueryLimit>,
    NextToken next_token: Option<IdentityPaginationKey>,
} }

shape! { Output {
    IdentityId identity_id: Option<IdentityId>,
    DeveloperUserIdentifierList developer_user_identifier_list:
        Option<Vec<DeveloperUserIdentifier>>,
    NextToken next_token: Option<IdentityPaginationKey>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let _ = cx.identity_pool(&input.identity_pool_id)?;
    let user = input.developer_user_identifier.as_ref();
    let owner = match user {
        Some(user) => identities::owner_of_user(cx, user.as_str())?,
        None => None,
    };
    let identity = match (input.identity_id, owner) {
        (Some(named), owner) => {
            let identity = cx.identity(&named)?;
            if user.is_some() && owner.as_deref() != Some(&identity.id) {
                let message = "The identity and the developer user identifier do not match.";
                return Err(Error::saying(Code::ResourceConflict, message));
            }
            named
        }
        (None, Some(owner)) => owner.into(),
        (None, None) if user.is_some() => {
            return Err(Error::saying(Code::ResourceNotFound, "Developer user not found."));
        }
        (None, None) => {
            let message = "Either IdentityId or DeveloperUserIdentifier is needed.";
            return Err(Error::saying(Code::InvalidParameter, message));
        }
    };
    let limit = input.max_results.map_or(60, IdentityQueryLimit::size);
    let token = input.next_token.as_ref().map(Text::as_str);
    let prefix = keys::developer_users(identity.as_str());
    let (users, next_token) = page::<DeveloperUser>(cx, &prefix, token, limit)?;
    let users = users.into_iter().map(|user| user.into_inner().user.into()).collect();
    Ok(Output {
        identity_id: Some(identity),
        developer_user_identifier_list: Some(users),
        next_token: next_token.map(Into::into),
    })
}
