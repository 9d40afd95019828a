//! Deleting a pool removes everything in it, and the account's word of it.

use kernel::testing::{PASSWORD, World};
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
