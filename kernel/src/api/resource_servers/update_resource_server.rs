//! `UpdateResourceServer`: changes a resource server; without scopes it has none.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateResourceServer.html>

use crate::{model::resource_server::check_scopes, prelude::*};

operation!(UpdateResourceServer, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Identifier identifier: ResourceServerIdentifier,
    Name name: ResourceServerName,
    Scopes scopes: Option<ResourceServerScopes>,
} }

shape! { Output {
    ResourceServer resource_server: ResourceServerType,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    let mut server = cx.resource_server(input.identifier.as_str())?;
    check_scopes(input.scopes.as_ref())?;
    server.description.name = Some(input.name);
    server.description.scopes = input.scopes;
    server.save()?;
    Ok(Output { resource_server: server.into_inner().description })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn the_name_and_the_scopes_become_those_that_are_given() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let scope = |name: &str| json!({ "ScopeName": name, "ScopeDescription": "A scope" });
        let mut server = json!({
            "UserPoolId": pool.id, "Identifier": "shop", "Name": "The shop",
            "Scopes": [scope("read")],
        });
        let _ = world.ok("CreateResourceServer", server.clone());
        server["Name"] = json!("The store");
        server["Scopes"] = json!([scope("write"), scope("read")]);
        assert_eq!(world.ok("UpdateResourceServer", server.clone())["ResourceServer"], server);
        server.as_object_mut().unwrap().remove("Scopes");
        assert_eq!(world.ok("UpdateResourceServer", server.clone())["ResourceServer"], server);
        let named = json!({ "UserPoolId": pool.id, "Identifier": "shop" });
        assert_eq!(world.ok("DescribeResourceServer", named)["ResourceServer"], server);
    }

    #[test]
    fn a_refused_change_changes_nothing_and_an_unknown_server_is_not_made() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let mut server = json!({ "UserPoolId": pool.id, "Identifier": "shop", "Name": "shop" });
        let failure = world.fails("UpdateResourceServer", server.clone());
        assert_eq!(failure.code, "ResourceNotFoundException");
        let made = world.ok("CreateResourceServer", server.clone());
        let scope = json!({ "ScopeName": "read", "ScopeDescription": "Look" });
        server["Scopes"] = json!([scope, scope]);
        let failure = world.fails("UpdateResourceServer", server);
        assert_eq!(failure.code, "InvalidParameterException");
        let named = json!({ "UserPoolId": pool.id, "Identifier": "shop" });
        assert_eq!(world.ok("DescribeResourceServer", named), made);
    }
}
