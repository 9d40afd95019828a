//! A session is its user's, its client's and its challenge's, for a while, and once.

use kernel::testing::{Failure, TestPool, World};
use serde_json::{Value as Json, json};

const USED: &str = "Invalid session for the user, session can only be used once.";
const EXPIRED: &str = "Invalid session for the user, session is expired.";
const FOREIGN: &str = "Invalid session for the user.";

/// Ann and Bob, both with an authenticator app, and their secrets.
fn world() -> (World, TestPool, [String; 2]) {
    let world = World::new();
    let pool = world.mfa_pool("OPTIONAL");
    let secrets = ["ann", "bob"].map(|name| {
        world.user(&pool, name, json!([]));
        world.set_up_token(&pool, name)
    });
    (world, pool, secrets)
}

fn message(outcome: Result<Json, Failure>) -> String {
    let failure = outcome.unwrap_err();
    assert_eq!((failure.status, failure.code.as_str()), (400, "NotAuthorizedException"));
    failure.message
}

#[test]
fn what_was_used_is_refused() {
    let (world, pool, [secret, _]) = world();
    let challenge = world.begin_sign_in(&pool, "ann");
    assert!(world.answer_app(&pool, &challenge, &secret).is_ok());
    world.advance_s(60);
    assert_eq!(message(world.answer_app(&pool, &challenge, &secret)), USED);
}

#[test]
fn a_wrong_answer_uses_nothing_up() {
    let (world, pool, [secret, _]) = world();
    let challenge = world.begin_sign_in(&pool, "ann");
    let code = world.app_code(&secret);
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    let failure =
        world.answer(&pool, &challenge, json!({ "SOFTWARE_TOKEN_MFA_CODE": wrong })).unwrap_err();
    assert_eq!(failure.code, "CodeMismatchException");
    assert_eq!(failure.message, "Invalid code received for user");
    assert!(world.answer_app(&pool, &challenge, &secret).is_ok());
}

#[test]
fn it_lives_as_long_as_the_client_says() {
    let (world, pool, [secret, _]) = world();
    let challenge = world.begin_sign_in(&pool, "ann");
    world.advance_s(3 * 60);
    assert_eq!(message(world.answer_app(&pool, &challenge, &secret)), EXPIRED);
    let patient = TestPool {
        id: pool.id.clone(),
        client: world.client(&pool.id, json!({ "AuthSessionValidity": 15 })),
    };
    let challenge = world.begin_sign_in(&patient, "ann");
    world.advance_s(15 * 60 - 1);
    assert!(world.answer_app(&patient, &challenge, &secret).is_ok());
}

#[test]
fn another_users_and_another_clients_are_refused() {
    let (world, pool, [ann, bob]) = world();
    let challenge = world.begin_sign_in(&pool, "ann");
    let code = world.app_code(&bob);
    let as_bob = json!({ "USERNAME": "bob", "SOFTWARE_TOKEN_MFA_CODE": code });
    assert_eq!(message(world.answer(&pool, &challenge, as_bob)), FOREIGN);
    let other = TestPool { id: pool.id.clone(), client: world.client(&pool.id, json!({})) };
    assert_eq!(message(world.answer_app(&other, &challenge, &ann)), FOREIGN);
    let elsewhere = world.mfa_pool("OPTIONAL");
    assert_eq!(message(world.answer_app(&elsewhere, &challenge, &ann)), FOREIGN);
    assert!(world.answer_app(&pool, &challenge, &ann).is_ok());
}

#[test]
fn a_changed_one_is_refused() {
    let (world, pool, [secret, _]) = world();
    let challenge = world.begin_sign_in(&pool, "ann");
    let session = challenge["Session"].as_str().unwrap();
    for at in (0..session.len()).step_by(17) {
        let mut spoiled = session.to_string().into_bytes();
        spoiled[at] = if spoiled[at] == b'A' { b'B' } else { b'A' };
        let mut changed = challenge.clone();
        changed["Session"] = json!(String::from_utf8(spoiled).unwrap());
        assert_eq!(message(world.answer_app(&pool, &changed, &secret)), FOREIGN, "{at}");
    }
    assert!(world.answer_app(&pool, &challenge, &secret).is_ok());
}

#[test]
fn a_user_made_later_under_the_name_is_somebody_else() {
    let (world, pool, [secret, _]) = world();
    let challenge = world.begin_sign_in(&pool, "ann");
    let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
    assert_eq!(message(world.answer_app(&pool, &challenge, &secret)), FOREIGN);
    world.user(&pool, "ann", json!([]));
    assert_eq!(message(world.answer_app(&pool, &challenge, &secret)), FOREIGN);
}

#[test]
fn a_user_who_is_disabled_meanwhile_stays_out() {
    let (world, pool, [secret, _]) = world();
    let challenge = world.begin_sign_in(&pool, "ann");
    let _ = world.ok("AdminDisableUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
    assert_eq!(message(world.answer_app(&pool, &challenge, &secret)), "User is disabled.");
}

#[test]
fn of_answers_at_once_exactly_one_wins_and_one_message_is_sent() {
    let world = World::new();
    let pool = world.mfa_pool("OPTIONAL");
    let attributes = json!([
        { "Name": "email", "Value": "ann@example.com" },
        { "Name": "phone_number", "Value": "+12065550100" },
    ]);
    world.user(&pool, "ann", attributes);
    let on = json!({ "Enabled": true });
    let _ = world.ok(
        "AdminSetUserMFAPreference",
        json!({
            "UserPoolId": pool.id, "Username": "ann", "SMSMfaSettings": on,
            "EmailMfaSettings": on,
        }),
    );
    let challenge = world.begin_sign_in(&pool, "ann");
    let choose = json!({
        "ClientId": pool.client, "ChallengeName": "SELECT_MFA_TYPE",
        "Session": challenge["Session"],
        "ChallengeResponses": { "USERNAME": "ann", "ANSWER": "SMS_MFA" },
    });
    let before = world.sent().len();
    // The first one waits for its message to be handed over while the second one comes.
    let Ok(waiting) = world.begin("RespondToAuthChallenge", &choose) else { panic!("no message") };
    assert_eq!(message(world.call("RespondToAuthChallenge", choose)), USED);
    let next = world.resume(waiting).unwrap();
    assert_eq!(next["ChallengeName"], "SMS_MFA");
    assert_eq!(world.sent().len(), before + 1);
    let code = json!({ "SMS_MFA_CODE": world.last_code() });
    assert!(world.answer(&pool, &next, code.clone()).is_ok());
    assert_eq!(message(world.answer(&pool, &next, code)), USED);
}
