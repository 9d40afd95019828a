//! What one pool gave, another one does not take.

use kernel::testing::{PASSWORD, TestPool, World};
use serde_json::json;

use super::srp_client::Attempt;

/// Two pools, in each of which there is an Ann with the same password.
fn world_of_two() -> (World, TestPool, TestPool) {
    let world = World::new();
    let (one, other) = (world.pool(json!({})), world.pool(json!({})));
    for pool in [&one, &other] {
        world.user(pool, "ann", json!([]));
    }
    (world, one, other)
}

#[test]
fn a_refresh_token_is_good_at_its_own_pool_only() {
    let (world, one, other) = world_of_two();
    let tokens = world.sign_in(&one, "ann");
    let input = json!({ "ClientId": other.client, "RefreshToken": tokens["RefreshToken"] });
    let failure = world.fails("GetTokensFromRefreshToken", input);
    assert_eq!(failure.code, "NotAuthorizedException");
    assert_eq!(failure.message, "Invalid Refresh Token");
}

#[test]
fn a_sign_out_everywhere_is_at_one_pool() {
    let (world, one, other) = world_of_two();
    let (here, there) = (world.sign_in(&one, "ann"), world.sign_in(&other, "ann"));
    let _ = world.ok("GlobalSignOut", json!({ "AccessToken": here["AccessToken"] }));
    let _ = world.fails("GetUser", json!({ "AccessToken": here["AccessToken"] }));
    let _ = world.ok("GetUser", json!({ "AccessToken": there["AccessToken"] }));
}

#[test]
fn a_proof_for_one_pool_is_none_for_the_other() {
    let (world, one, other) = world_of_two();
    let attempt = Attempt::begin(&world, &one, "ann");
    let failure = world.fails(
        "RespondToAuthChallenge",
        json!({
            "ChallengeName": "PASSWORD_VERIFIER", "ClientId": other.client,
            "ChallengeResponses": attempt.responses(PASSWORD),
        }),
    );
    assert_eq!(failure.message, "Incorrect username or password.");
}

#[test]
fn a_challenge_of_one_pool_is_foreign_to_the_other() {
    let (world, one, other) = world_of_two();
    for pool in [&one, &other] {
        let _ = world.ok(
            "AdminSetUserPassword",
            json!({ "UserPoolId": pool.id, "Username": "ann", "Password": PASSWORD }),
        );
    }
    let asked = world.ok(
        "InitiateAuth",
        json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": one.client,
            "AuthParameters": { "USERNAME": "ann", "PASSWORD": PASSWORD },
        }),
    );
    assert_eq!(asked["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    let answer = |pool: &TestPool| {
        world.call(
            "RespondToAuthChallenge",
            json!({
                "ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": pool.client,
                "Session": asked["Session"],
                "ChallengeResponses": { "USERNAME": "ann", "NEW_PASSWORD": "Chosen-1!" },
            }),
        )
    };
    assert_eq!(answer(&other).unwrap_err().message, "Invalid session for the user.");
    assert!(answer(&one).is_ok());
}

#[test]
fn an_administrator_sees_each_pool_by_itself() {
    let (world, one, other) = world_of_two();
    let _ = world.ok("CreateGroup", json!({ "UserPoolId": one.id, "GroupName": "readers" }));
    let membership = json!({ "UserPoolId": other.id, "GroupName": "readers", "Username": "ann" });
    assert_eq!(world.fails("AdminAddUserToGroup", membership).message, "Group not found.");
    let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": one.id, "Username": "ann" }));
    let _ = world.ok("AdminGetUser", json!({ "UserPoolId": other.id, "Username": "ann" }));
}
