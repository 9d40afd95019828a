//! Deleting a pool removes everything in it, and the account's word of it.

use kernel::testing::{CSV_HEADER, PASSWORD, TestPool, World, csv_line};
use serde_json::json;

use super::{records, srp_client::Attempt};

#[test]
fn nothing_is_left_of_a_pool_that_was_lived_in() {
    let world = World::new();
    let (kept, pool) = (world.pool(json!({})), world.pool(json!({ "AliasAttributes": ["email"] })));
    let account = records::of_account(&world);
    let neighbour = records::of_pool(&world, &kept);
    let attributes = json!([
        { "Name": "email", "Value": "ann@example.com" },
        { "Name": "email_verified", "Value": "true" },
    ]);
    world.user(&pool, "ann", attributes);
    let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": "readers" }));
    let _ = world.ok(
        "AdminAddUserToGroup",
        json!({ "UserPoolId": pool.id, "GroupName": "readers", "Username": "ann" }),
    );
    let tokens = world.sign_in(&pool, "ann");
    let attempt = Attempt::begin(&world, &pool, "ann");
    let _ = attempt.respond(&world, &attempt.responses("Wrong-1!")).unwrap_err();
    let _ = world
        .ok("SignUp", json!({ "ClientId": pool.client, "Username": "bob", "Password": PASSWORD }));
    assert!(records::of_pool(&world, &pool).len() > 10);

    let _ = world.ok("DeleteUserPool", json!({ "UserPoolId": pool.id }));
    assert!(records::of_pool(&world, &pool).is_empty());
    assert_eq!(records::of_pool(&world, &kept), neighbour);
    let left = records::of_account(&world);
    assert_eq!(left.len(), account.len() - 1);
    assert!(left.keys().all(|key| !key.contains(&pool.id)));

    for (operation, input) in [
        ("DescribeUserPool", json!({ "UserPoolId": pool.id })),
        ("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": "ann" })),
        ("GetUser", json!({ "AccessToken": tokens["AccessToken"] })),
        (
            "InitiateAuth",
            json!({
                "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
                "AuthParameters": { "USERNAME": "ann", "PASSWORD": PASSWORD },
            }),
        ),
        (
            "GetTokensFromRefreshToken",
            json!({ "ClientId": pool.client, "RefreshToken": tokens["RefreshToken"] }),
        ),
    ] {
        let failure = world.fails(operation, input);
        assert_eq!(failure.status, 400, "{operation}: {failure:?}");
        let codes = ["ResourceNotFoundException", "NotAuthorizedException"];
        assert!(codes.contains(&failure.code.as_str()), "{operation}: {failure:?}");
    }
    assert!(records::of_pool(&world, &pool).is_empty(), "a call brought something back");
    assert_eq!(world.log(), [""; 0]);
}

/// A pool with everything that can stand beside its users.
fn furnished(world: &World) -> TestPool {
    let pool =
        world.pool(json!({ "AutoVerifiedAttributes": ["email"], "UserPoolTags": { "a": "b" } }));
    let here = |mut input: serde_json::Value| {
        input["UserPoolId"] = json!(pool.id);
        input
    };
    let server = json!({
        "Identifier": "shop", "Name": "Shop",
        "Scopes": [{ "ScopeName": "buy", "ScopeDescription": "buys" }],
    });
    let _ = world.ok("CreateResourceServer", here(server));
    let made = world.ok("CreateUserPoolClient", here(json!({
        "ClientName": "machine", "GenerateSecret": true, "AllowedOAuthFlowsUserPoolClient": true,
        "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["shop/buy"],
    })));
    let machine = &made["UserPoolClient"];
    let _ = world.ok("AddUserPoolClientSecret", here(json!({ "ClientId": machine["ClientId"] })));
    let secret = json!({ "ClientId": machine["ClientId"], "Secret": machine["ClientSecret"] });
    let _ = world.ok("GetClientToken", secret);
    let _ = world.ok(
        "SetLogDeliveryConfiguration",
        here(json!({ "LogConfigurations": [{
        "LogLevel": "ERROR", "EventSource": "userNotification",
        "CloudWatchLogsConfiguration": { "LogGroupArn": "arn:aws:logs:eu-west-1:123456789012:x" },
    }] })),
    );
    let _ = world.ok(
        "SetUserPoolSessionConfiguration",
        here(json!({
            "UserSessionTracking": "ENABLED", "TokenSession": { "MaxPerUser": 2 },
        })),
    );
    let _ = world.ok(
        "SetUserPoolClientSessionConfiguration",
        here(json!({
            "ClientId": pool.client, "SSOSession": { "MaxValidityMinutes": 5 },
        })),
    );
    world.user(&pool, "ann", json!([]));
    // One of them is ended by the third, and one by an administrator.
    let _ = [1, 2, 3].map(|_| world.sign_in(&pool, "ann"));
    let ann = here(json!({ "Username": "ann" }));
    let sessions = world.ok("AdminListUserSessions", ann.clone());
    let mut one = ann;
    one["SessionId"] = sessions["Sessions"][0]["SessionId"].clone();
    let _ = world.ok("AdminRevokeUserSession", one);
    let file = format!("{CSV_HEADER}\n{}\n", csv_line("bob"));
    let _ = world.import(&pool, json!({}), file.as_bytes());
    let waiting = world.ok("CreateUserRestoreJob", here(json!({ "JobName": "waits" })));
    let _ = world.ok("CreateUserExport", here(json!({ "PublicKey": waiting["PublicKey"] })));
    let _ = world.ok("CreateUserPoolDomain", here(json!({ "Domain": "shop" })));
    pool
}

#[test]
fn nothing_is_left_of_what_stood_beside_the_users() {
    let world = World::new();
    let limit = json!({
        "LimitDefinition": { "LimitClass": "API_CATEGORY", "Attributes": { "Category": "UserRead" } },
        "RequestedLimitValue": 1_000,
    });
    let _ = world.ok("UpdateProvisionedLimit", limit);
    let account = records::of_account(&world);
    let pool = furnished(&world);
    let kinds = ["server/", "logs", "rates", "session/", "import/", "export/", "domain/", "wake/"];
    let there = records::of_pool(&world, &pool);
    for kind in kinds {
        assert!(there.keys().any(|(_, key)| key.starts_with(kind)), "{kind} is not there");
    }
    let domain = json!({ "UserPoolId": pool.id, "Domain": "shop" });
    let failure = world.fails("DeleteUserPool", json!({ "UserPoolId": pool.id }));
    assert_eq!(failure.code, "InvalidParameterException");
    assert_eq!(records::of_pool(&world, &pool), there);

    let _ = world.ok("DeleteUserPoolDomain", domain);
    let _ = world.ok("DeleteUserPool", json!({ "UserPoolId": pool.id }));
    assert!(records::of_pool(&world, &pool).is_empty());
    assert_eq!(records::of_account(&world), account);
    // Not even when what was to be done later would have come up.
    world.sleep_s(2 * 24 * 60 * 60);
    assert!(records::of_pool(&world, &pool).is_empty(), "something came back");
    let told = world.ok("DescribeUserPoolDomain", json!({ "Domain": "shop" }));
    assert_eq!(told["DomainDescription"], json!({}));
    assert_eq!(world.log(), [""; 0]);
}
