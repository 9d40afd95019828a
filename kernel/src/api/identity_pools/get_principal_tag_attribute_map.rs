//! `GetPrincipalTagAttributeMap`: tells how the claims of a provider become tags of a session.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetPrincipalTagAttributeMap.html>

use crate::{
    model::identity_pool::{TagMap, provider::canonical},
    prelude::*,
    store::keys,
};

operation!(identity GetPrincipalTagAttributeMap, Iam, reach IdentityPool, now, adds []);

shape! { Input {
    IdentityPoolId identity_pool_id: IdentityPoolId,
    IdentityProviderName identity_provider_name: IdentityProviderName,
} }

shape! { Output {
    IdentityPoolId identity_pool_id: Option<IdentityPoolId>,
    IdentityProviderName identity_provider_name: Option<IdentityProviderName>,
    UseDefaults use_defaults: Option<bool>,
    PrincipalTags principal_tags: Option<PrincipalTags>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let _ = cx.identity_pool(&input.identity_pool_id)?;
    let name = input.identity_provider_name;
    let map =
        cx.get::<TagMap>(keys::principal_tags(&canonical(name.as_str())))?.ok_or_else(|| {
            let message =
                alloc::format!("No Principal Tags configured for Provider {}", name.as_str());
            Error::saying(Code::ResourceNotFound, message)
        })?;
    let map = map.into_inner();
    Ok(Output {
        identity_pool_id: Some(input.identity_pool_id),
        identity_provider_name: Some(name),
        use_defaults: Some(map.uses_defaults),
        principal_tags: Some(map.tags),
    })
}
