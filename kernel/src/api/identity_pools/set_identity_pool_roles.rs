//! `SetIdentityPoolRoles`: says which roles the identities of a pool get. What is not named goes.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetIdentityPoolRoles.html>

use crate::{model::identity_pool::rules, prelude::*};

operation!(
    identity SetIdentityPoolRoles, Iam, reach IdentityPool, now,
    adds [ConcurrentModification, ResourceConflict]
);

shape! { Input {
    IdentityPoolId identity_pool_id: IdentityPoolId,
    Roles roles: Roles,
    RoleMappings role_mappings: Option<RoleMappings>,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let mut pool = cx.identity_pool(&input.identity_pool_id)?;
    input.roles.values().try_for_each(rules::check_role)?;
    let role_mappings = input.role_mappings.unwrap_or_default();
    for (provider, mapping) in role_mappings.iter() {
        rules::check_mapping(provider.as_str(), mapping)?;
    }
    pool.roles = input.roles;
    pool.role_mappings = role_mappings;
    pool.save()?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{shape::Json, testing::World};

    const READER: &str = "arn:aws:iam::123456789012:role/reader";

    fn mapping() -> Json {
        json!({ "login.example.com": {
            "Type": "Rules",
            "AmbiguousRoleResolution": "Deny",
            "RulesConfiguration": { "Rules": [{
                "Claim": "department", "MatchType": "Equals", "Value": "sales",
                "RoleARN": READER,
            }] },
        } })
    }

    #[test]
    fn roles_are_shown_as_they_were_set_and_go_when_they_are_not_named() {
        let world = World::new();
        let id = world.identity_pool(json!({}));
        let get = || world.ok("GetIdentityPoolRoles", json!({ "IdentityPoolId": id }));
        assert_eq!(get(), json!({ "IdentityPoolId": id, "Roles": {} }));
        let roles = json!({ "authenticated": READER, "unauthenticated": READER });
        let set = json!({ "IdentityPoolId": id, "Roles": roles, "RoleMappings": mapping() });
        assert_eq!(world.ok("SetIdentityPoolRoles", set.clone()), json!({}));
        assert_eq!(get(), set);
        let fewer = json!({ "IdentityPoolId": id, "Roles": { "authenticated": READER } });
        let _ = world.ok("SetIdentityPoolRoles", fewer.clone());
        assert_eq!(get(), fewer);
    }

    #[test]
    fn what_leads_to_no_role_is_refused() {
        let world = World::new();
        let id = world.identity_pool(json!({}));
        let refused = |roles: Json, mappings: Json| {
            let input = json!({ "IdentityPoolId": id, "Roles": roles, "RoleMappings": mappings });
            assert_eq!(
                world.fails("SetIdentityPoolRoles", input).code,
                "InvalidParameterException"
            );
        };
        refused(json!({ "authenticated": "arn:aws:iam::123456789012:user/ann" }), json!({}));
        refused(json!({ "anybody": READER }), json!({}));
        let spoiled = |member: &str, value: Json| {
            let mut mappings = mapping();
            mappings["login.example.com"][member] = value;
            mappings
        };
        refused(json!({}), spoiled("AmbiguousRoleResolution", Json::Null));
        refused(json!({}), spoiled("RulesConfiguration", Json::Null));
        refused(json!({}), spoiled("Type", json!("Token")));
    }
}
