//! A disabled user is shut out by every door, at once.

use kernel::testing::{Failure, PASSWORD, TestPool, World};
use serde_json::{Value as Json, json};

use super::srp_client::Attempt;

fn disable(world: &World, pool: &TestPool) {
    let _ = world.ok("AdminDisableUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
}

fn refusal(answer: Result<Json, Failure>) -> (String, String) {
    let failure = answer.unwrap_err();
    (failure.code, failure.message)
}

#[test]
fn every_door_is_shut() {
    let world = World::new();
    let pool = world.pool(json!({}));
    world.user(&pool, "ann", json!([]));
    let tokens = world.sign_in(&pool, "ann");
    let attempt = Attempt::begin(&world, &pool, "ann");
    disable(&world, &pool);
    let auth = |operation: &str, flow: &str, parameters: Json| {
        let mut input = json!({
            "AuthFlow": flow, "ClientId": pool.client, "AuthParameters": parameters,
        });
        if operation.starts_with("Admin") {
            input["UserPoolId"] = json!(pool.id);
        }
        world.call(operation, input)
    };
    let password = || json!({ "USERNAME": "ann", "PASSWORD": PASSWORD });
    let refresh = || json!({ "REFRESH_TOKEN": tokens["RefreshToken"] });
    let disabled = ("NotAuthorizedException".into(), "User is disabled.".into());
    for answer in [
        auth("InitiateAuth", "USER_PASSWORD_AUTH", password()),
        auth("AdminInitiateAuth", "ADMIN_USER_PASSWORD_AUTH", password()),
        auth("InitiateAuth", "REFRESH_TOKEN_AUTH", refresh()),
        auth("AdminInitiateAuth", "REFRESH_TOKEN_AUTH", refresh()),
        attempt.respond(&world, &attempt.responses(PASSWORD)),
        world.call(
            "GetTokensFromRefreshToken",
            json!({ "ClientId": pool.client, "RefreshToken": tokens["RefreshToken"] }),
        ),
        world.call("GetUser", json!({ "AccessToken": tokens["AccessToken"] })),
    ] {
        assert_eq!(refusal(answer), disabled);
    }
    for operation in [
        "DeleteUser",
        "DeleteUserAttributes",
        "GetUserAttributeVerificationCode",
        "SetUserSettings",
        "UpdateUserAttributes",
        "VerifyUserAttribute",
    ] {
        let input = json!({
            "AccessToken": tokens["AccessToken"], "AttributeName": "email", "Code": "123456",
            "UserAttributes": [], "UserAttributeNames": [], "MFAOptions": [],
        });
        assert_eq!(refusal(world.call(operation, input)), disabled, "{operation}");
    }
    let shown = world.ok("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
    assert_eq!(shown["Enabled"], false);
}

#[test]
fn where_users_are_hidden_only_who_knows_the_password_learns_it() {
    let world = World::new();
    let mut pool = world.pool(json!({}));
    pool.client = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "ENABLED" }));
    world.user(&pool, "ann", json!([]));
    disable(&world, &pool);
    for (password, message) in
        [("Wrong-1!", "Incorrect username or password."), (PASSWORD, "User is disabled.")]
    {
        let failure = world.fails(
            "InitiateAuth",
            json!({
                "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
                "AuthParameters": { "USERNAME": "ann", "PASSWORD": password },
            }),
        );
        assert_eq!(failure.message, message);
    }
}
