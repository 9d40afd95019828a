//! `GetIdentityPoolRoles`: tells which roles the identities of a pool get.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetIdentityPoolRoles.html>

use crate::prelude::*;

operation!(
    identity GetIdentityPoolRoles, Iam, reach IdentityPool, now,
    adds [ResourceConflict]
);

shape! { Input {
    IdentityPoolId identity_pool_id: IdentityPoolId,
} }

shape! { Output {
    IdentityPoolId identity_pool_id: Option<IdentityPoolId>,
    Roles roles: Option<Roles>,
    RoleMappings role_mappings: Option<RoleMappings>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.identity_pool(&input.identity_pool_id)?.into_inner();
    Ok(Output {
        identity_pool_id: Some(input.identity_pool_id),
        roles: Some(pool.roles),
        role_mappings: (!pool.role_mappings.is_empty()).then_some(pool.role_mappings),
    })
}
