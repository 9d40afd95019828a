//! `DescribeResourceServer`: tells all about a resource server.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeResourceServer.html>

use crate::prelude::*;

operation!(DescribeResourceServer, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Identifier identifier: ResourceServerIdentifier,
} }

shape! { Output {
    ResourceServer resource_server: ResourceServerType,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    let server = cx.resource_server(input.identifier.as_str())?;
    Ok(Output { resource_server: server.into_inner().description })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn a_server_is_shown_through_its_own_pool_only() {
        let world = World::new();
        let (pool, other) = (world.pool(json!({})), world.pool(json!({})));
        let made = json!({
            "UserPoolId": pool.id, "Identifier": "shop", "Name": "The shop",
            "Scopes": [{ "ScopeName": "read", "ScopeDescription": "Look" }],
        });
        let _ = world.ok("CreateResourceServer", made.clone());
        let mut server = json!({ "UserPoolId": pool.id, "Identifier": "shop" });
        let shown = world.ok("DescribeResourceServer", server.clone());
        assert_eq!(shown["ResourceServer"], made);
        server["UserPoolId"] = json!(other.id);
        let failure = world.fails("DescribeResourceServer", server);
        assert_eq!(failure.code, "ResourceNotFoundException");
        assert_eq!(failure.message, "Resource server shop does not exist.");
    }
}
