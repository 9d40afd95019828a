//! Who takes the name of a deleted user gets nothing of theirs, and they keep nothing of it.

use kernel::testing::{PASSWORD, TestPool, World, claims};
use serde_json::{Value as Json, json};

use super::srp_client::Attempt;

fn delete(world: &World, pool: &TestPool) {
    let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
}

fn world_of_ann() -> (World, TestPool) {
    let world = World::new();
    let pool = world.pool(json!({ "AutoVerifiedAttributes": ["email"] }));
    world.user(&pool, "ann", json!([]));
    (world, pool)
}

#[test]
fn tokens_of_the_old_user_are_dead() {
    let (world, pool) = world_of_ann();
    let old = world.sign_in(&pool, "ann");
    delete(&world, &pool);
    world.user(&pool, "ann", json!([]));
    let new = world.sign_in(&pool, "ann");
    assert_ne!(claims(&new["IdToken"])["sub"], claims(&old["IdToken"])["sub"]);
    let failure = world.fails("GetUser", json!({ "AccessToken": old["AccessToken"] }));
    assert_eq!(failure.code, "UserNotFoundException");
    let refresh = json!({ "ClientId": pool.client, "RefreshToken": old["RefreshToken"] });
    let failure = world.fails("GetTokensFromRefreshToken", refresh);
    assert_eq!(failure.message, "Invalid Refresh Token");
    let _ = world.fails("GlobalSignOut", json!({ "AccessToken": old["AccessToken"] }));
    let _ = world.ok("GetUser", json!({ "AccessToken": new["AccessToken"] }));
}

#[test]
fn groups_are_not_inherited() {
    let (world, pool) = world_of_ann();
    let membership = json!({ "UserPoolId": pool.id, "GroupName": "admins", "Username": "ann" });
    let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": "admins" }));
    let _ = world.ok("AdminAddUserToGroup", membership);
    delete(&world, &pool);
    world.user(&pool, "ann", json!([]));
    let tokens = world.sign_in(&pool, "ann");
    assert!(claims(&tokens["IdToken"]).get("cognito:groups").is_none());
    let group = json!({ "UserPoolId": pool.id, "GroupName": "admins" });
    assert_eq!(world.ok("ListUsersInGroup", group)["Users"], json!([]));
}

#[test]
fn a_challenge_that_the_old_user_was_asked_is_foreign_to_the_new_one() {
    let (world, pool) = world_of_ann();
    let temporary = || {
        let _ = world.ok(
            "AdminSetUserPassword",
            json!({ "UserPoolId": pool.id, "Username": "ann", "Password": PASSWORD }),
        );
    };
    temporary();
    let asked = world.ok(
        "InitiateAuth",
        json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
            "AuthParameters": { "USERNAME": "ann", "PASSWORD": PASSWORD },
        }),
    );
    delete(&world, &pool);
    world.user(&pool, "ann", json!([]));
    temporary();
    let failure = world.fails(
        "RespondToAuthChallenge",
        json!({
            "ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": pool.client,
            "Session": asked["Session"],
            "ChallengeResponses": { "USERNAME": "ann", "NEW_PASSWORD": "Chosen-1!" },
        }),
    );
    assert_eq!(failure.message, "Invalid session for the user.");
}

#[test]
fn a_proof_of_the_old_password_is_none_of_the_new_one() {
    let (world, pool) = world_of_ann();
    let attempt = Attempt::begin(&world, &pool, "ann");
    delete(&world, &pool);
    world.user(&pool, "ann", json!([]));
    let failure = attempt.respond(&world, &attempt.responses(PASSWORD)).unwrap_err();
    assert_eq!(failure.message, "Incorrect username or password.");
}

#[test]
fn failures_of_the_old_user_do_not_lock_the_new_one() {
    let (world, pool) = world_of_ann();
    let wrong = || {
        json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
            "AuthParameters": { "USERNAME": "ann", "PASSWORD": "Wrong-1!" },
        })
    };
    for _ in 0..5 {
        let _ = world.fails("InitiateAuth", wrong());
    }
    assert_eq!(world.fails("InitiateAuth", wrong()).message, "Password attempts exceeded");
    delete(&world, &pool);
    world.user(&pool, "ann", json!([]));
    let _: Json = world.sign_in(&pool, "ann");
}

#[test]
fn a_code_that_the_old_user_was_sent_does_not_confirm_the_new_one() {
    let (world, pool) = world_of_ann();
    delete(&world, &pool);
    let sign_up = || {
        world.ok(
            "SignUp",
            json!({
                "ClientId": pool.client, "Username": "ann", "Password": PASSWORD,
                "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }],
            }),
        )
    };
    let confirm = |code: &str| {
        let input = json!({ "ClientId": pool.client, "Username": "ann", "ConfirmationCode": code });
        world.call("ConfirmSignUp", input)
    };
    let _ = sign_up();
    let old = world.last_code();
    delete(&world, &pool);
    let _ = sign_up();
    assert_eq!(confirm(&old).unwrap_err().code, "CodeMismatchException");
    assert!(confirm(&world.last_code()).is_ok());
}
