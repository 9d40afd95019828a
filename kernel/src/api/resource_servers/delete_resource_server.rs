//! `DeleteResourceServer`: removes a resource server. Clients keep its scopes in their lists, where
//! they stand for nothing.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteResourceServer.html>

use crate::prelude::*;

operation!(DeleteResourceServer, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Identifier identifier: ResourceServerIdentifier,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    cx.resource_server(input.identifier.as_str())?.delete();
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn a_deleted_server_is_gone_and_its_scopes_can_not_be_asked_for_again() {
        let world = World::new();
        let pool = world.pool(json!({}));
        for identifier in ["shop", "store"] {
            let scope = json!({ "ScopeName": "read", "ScopeDescription": "Look" });
            let _ = world.ok(
                "CreateResourceServer",
                json!({
                    "UserPoolId": pool.id, "Identifier": identifier, "Name": "n",
                    "Scopes": [scope],
                }),
            );
        }
        let settings = json!({
            "AllowedOAuthFlows": ["code"], "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthScopes": ["shop/read", "store/read"],
        });
        let client = world.client(&pool.id, settings.clone());
        let shop = json!({ "UserPoolId": pool.id, "Identifier": "shop" });
        assert_eq!(world.ok("DeleteResourceServer", shop.clone()), json!({}));
        for operation in ["DescribeResourceServer", "DeleteResourceServer"] {
            let failure = world.fails(operation, shop.clone());
            assert_eq!(failure.code, "ResourceNotFoundException", "{operation}");
        }
        let store = json!({ "UserPoolId": pool.id, "Identifier": "store" });
        let _ = world.ok("DescribeResourceServer", store);
        let named = json!({ "UserPoolId": pool.id, "ClientId": client });
        let shown = world.ok("DescribeUserPoolClient", named.clone());
        let scopes = &shown["UserPoolClient"]["AllowedOAuthScopes"];
        assert_eq!(*scopes, settings["AllowedOAuthScopes"]);
        let mut update = named;
        update.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
        let failure = world.fails("UpdateUserPoolClient", update);
        assert_eq!(failure.code, "ScopeDoesNotExistException");
        assert_eq!(failure.message, "Invalid scope requested: shop/read");
    }
}
