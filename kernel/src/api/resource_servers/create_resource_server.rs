//! `CreateResourceServer`: adds a resource server and its scopes to a user pool.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateResourceServer.html>

use crate::{
    model::resource_server::{ResourceServer, check_identifier, check_scopes},
    prelude::*,
    store::keys,
};

operation!(CreateResourceServer, Iam, reach Pool, now, adds [LimitExceeded]);

/// Cognito's own bound.
const SERVERS_MAX: usize = 25;

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
    let pool = cx.pool(&input.user_pool_id)?;
    check_identifier(&input.identifier)?;
    check_scopes(input.scopes.as_ref())?;
    let key = keys::resource_server(input.identifier.as_str());
    if cx.has(&key)? {
        let message =
            alloc::format!("{} already exists in user pool {}.", input.identifier, pool.id);
        return Err(Error::saying(Code::InvalidParameter, message));
    }
    let all = keys::under(keys::RESOURCE_SERVERS);
    if cx.keys(all.start.as_str()..all.end.as_str(), SERVERS_MAX)?.len() >= SERVERS_MAX {
        let message =
            alloc::format!("A user pool can have {SERVERS_MAX} resource servers at most.");
        return Err(Error::saying(Code::LimitExceeded, message));
    }
    let description = ResourceServerType {
        user_pool_id: Some(input.user_pool_id),
        identifier: Some(input.identifier),
        name: Some(input.name),
        scopes: input.scopes,
        managed_by: None,
    };
    let server = ResourceServer { description };
    cx.put(&key, &server)?;
    Ok(Output { resource_server: server.description })
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn a_new_server_is_shown_with_all_that_it_was_given() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let server = json!({
            "UserPoolId": pool.id, "Identifier": "https://shop.example/v1", "Name": "The shop",
            "Scopes": [
                { "ScopeName": "read", "ScopeDescription": "Look" },
                { "ScopeName": "write:all", "ScopeDescription": "Buy" },
            ],
        });
        assert_eq!(world.ok("CreateResourceServer", server.clone())["ResourceServer"], server);
        let plain = json!({ "UserPoolId": pool.id, "Identifier": "plain", "Name": "plain" });
        assert_eq!(world.ok("CreateResourceServer", plain.clone())["ResourceServer"], plain);
    }

    #[test]
    fn an_identifier_is_taken_once_in_a_pool() {
        let world = World::new();
        let (pool, other) = (world.pool(json!({})), world.pool(json!({})));
        let server = |id: &str| json!({ "UserPoolId": id, "Identifier": "shop", "Name": "s" });
        let _ = world.ok("CreateResourceServer", server(&pool.id));
        let failure = world.fails("CreateResourceServer", server(&pool.id));
        assert_eq!(failure.code, "InvalidParameterException");
        assert_eq!(failure.message, format!("shop already exists in user pool {}.", pool.id));
        let _ = world.ok("CreateResourceServer", server(&other.id));
    }

    #[test]
    fn reserved_identifiers_and_scopes_of_one_name_are_refused() {
        let world = World::new();
        let pool = world.pool(json!({}));
        for identifier in ["aws.cognito", "aws.cognito/dcr", "aws.cognito.signin.user"] {
            let input = json!({ "UserPoolId": pool.id, "Identifier": identifier, "Name": "n" });
            let failure = world.fails("CreateResourceServer", input);
            assert_eq!(failure.code, "InvalidParameterException", "{identifier}");
        }
        let scope = json!({ "ScopeName": "read", "ScopeDescription": "Look" });
        let input = json!({
            "UserPoolId": pool.id, "Identifier": "shop", "Name": "n", "Scopes": [scope, scope],
        });
        let failure = world.fails("CreateResourceServer", input);
        assert_eq!(failure.code, "InvalidParameterException");
        assert_eq!(failure.message, "The scope read is there more than once.");
    }

    #[test]
    fn a_pool_has_twenty_five_servers_of_a_hundred_scopes_each() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let server = |identifier: &str, count: usize| {
            let scopes = (0..count).map(
                |n| json!({ "ScopeName": format!("s{n}"), "ScopeDescription": "One of many" }),
            );
            let scopes: serde_json::Value = scopes.collect();
            json!({ "UserPoolId": pool.id, "Identifier": identifier, "Name": "n", "Scopes": scopes })
        };
        let failure = world.fails("CreateResourceServer", server("large", 101));
        assert_eq!(failure.code, "InvalidParameterException");
        let _ = world.ok("CreateResourceServer", server("large", 100));
        for n in 1..25 {
            let _ = world.ok("CreateResourceServer", server(&format!("server{n}"), 0));
        }
        let failure = world.fails("CreateResourceServer", server("one-too-many", 0));
        assert_eq!(failure.code, "LimitExceededException");
        let _ = world
            .ok("DeleteResourceServer", json!({ "UserPoolId": pool.id, "Identifier": "large" }));
        let _ = world.ok("CreateResourceServer", server("one-more", 0));
    }
}
