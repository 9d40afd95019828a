//! `USER_AUTH`: what is offered to whom, and who is in by what.

use kernel::testing::{Failure, PASSWORD, TestPool, World};
use serde_json::{Value as Json, json};

/// A pool in which a code may be the first factor, and a client whose users choose.
fn world(client: Json) -> (World, TestPool) {
    let world = World::new();
    let first = ["PASSWORD", "EMAIL_OTP", "SMS_OTP"];
    let mut pool = world.mfa_pool_with(
        "OPTIONAL",
        json!({
            "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": first } },
            "AutoVerifiedAttributes": ["email"],
        }),
    );
    let mut settings = json!({ "ExplicitAuthFlows": ["ALLOW_USER_AUTH"] });
    settings.as_object_mut().unwrap().extend(client.as_object().unwrap().clone());
    pool.client = world.client(&pool.id, settings);
    let attributes = json!([
        { "Name": "email", "Value": "ann@example.com" },
        { "Name": "email_verified", "Value": "true" },
        { "Name": "phone_number", "Value": "+12065550100" },
    ]);
    world.user(&pool, "ann", attributes);
    (world, pool)
}

fn begin(world: &World, pool: &TestPool, parameters: Json) -> Result<Json, Failure> {
    world.call(
        "InitiateAuth",
        json!({
            "AuthFlow": "USER_AUTH", "ClientId": pool.client, "AuthParameters": parameters,
        }),
    )
}

fn told(outcome: Result<Json, Failure>) -> String {
    let failure = outcome.unwrap_err();
    format!("{}: {}", failure.code, failure.message)
}

#[test]
fn what_is_offered_is_what_the_pool_allows_and_the_user_has() {
    let (world, pool) = world(json!({}));
    let offered = || begin(&world, &pool, json!({ "USERNAME": "ann" })).unwrap();
    let challenge = offered();
    assert_eq!(challenge["ChallengeName"], "SELECT_CHALLENGE");
    // The phone number was never proved.
    assert_eq!(challenge["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"]));
    // Of whom a second factor is wanted, a code alone does not do.
    let passwords = json!(["PASSWORD_SRP", "PASSWORD"]);
    let named = json!({ "UserPoolId": pool.id, "Username": "ann" });
    let mut sms = named.clone();
    sms["SMSMfaSettings"] = json!({ "Enabled": true });
    let _ = world.ok("AdminSetUserMFAPreference", sms.clone());
    assert_eq!(offered()["AvailableChallenges"], passwords);
    sms["SMSMfaSettings"] = json!({ "Enabled": false });
    let _ = world.ok("AdminSetUserMFAPreference", sms);
    // Nor of whom a new password is.
    let mut temporary = named;
    temporary["Password"] = json!(PASSWORD);
    let _ = world.ok("AdminSetUserPassword", temporary);
    let preferred = json!({ "USERNAME": "ann", "PREFERRED_CHALLENGE": "EMAIL_OTP" });
    let challenge = begin(&world, &pool, preferred).unwrap();
    assert_eq!(challenge["ChallengeName"], "SELECT_CHALLENGE");
    assert_eq!(challenge["AvailableChallenges"], passwords);
}

#[test]
fn a_preferred_code_is_sent_at_once() {
    let (world, pool) = world(json!({}));
    let preferred = json!({ "USERNAME": "ann", "PREFERRED_CHALLENGE": "EMAIL_OTP" });
    let challenge = begin(&world, &pool, preferred).unwrap();
    assert_eq!(challenge["ChallengeName"], "EMAIL_OTP");
    assert_eq!(challenge["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"]));
    assert_eq!(challenge["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"], "a***@e***");
    let wrong = json!({ "EMAIL_OTP_CODE": "1" });
    assert_eq!(
        told(world.answer(&pool, &challenge, wrong)),
        "CodeMismatchException: Invalid code or auth state for the user."
    );
    let code = json!({ "EMAIL_OTP_CODE": world.last_code() });
    let done = world.answer(&pool, &challenge, code).unwrap();
    assert!(done["AuthenticationResult"]["AccessToken"].is_string());
}

#[test]
fn a_choice_that_was_not_offered_is_refused() {
    let (world, pool) = world(json!({}));
    let challenge = begin(&world, &pool, json!({ "USERNAME": "ann" })).unwrap();
    for (answer, refusal) in [
        (json!({ "ANSWER": "SMS_OTP" }), "ANSWER is none of the available challenges."),
        (json!({ "ANSWER": "WEB_AUTHN" }), "ANSWER is none of the available challenges."),
        (json!({ "ANSWER": "PASSWORD" }), "Missing required parameter PASSWORD"),
        (json!({}), "Missing required parameter ANSWER"),
    ] {
        let refused = told(world.answer(&pool, &challenge, answer));
        assert_eq!(refused, format!("InvalidParameterException: {refusal}"));
    }
    let wrong = json!({ "ANSWER": "PASSWORD", "PASSWORD": "Wrong-1!" });
    assert_eq!(
        told(world.answer(&pool, &challenge, wrong)),
        "NotAuthorizedException: Incorrect username or password."
    );
    let right = json!({ "ANSWER": "PASSWORD", "PASSWORD": PASSWORD });
    assert!(world.answer(&pool, &challenge, right).unwrap()["AuthenticationResult"].is_object());
}

#[test]
fn a_client_that_does_not_allow_it_says_so() {
    let (world, pool) = world(json!({ "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"] }));
    assert_eq!(
        told(begin(&world, &pool, json!({ "USERNAME": "ann" }))),
        "InvalidParameterException: USER_AUTH flow not enabled for this client"
    );
}

#[test]
fn strangers_are_offered_a_code_that_never_comes() {
    let (world, pool) = world(json!({ "PreventUserExistenceErrors": "ENABLED" }));
    let _ = world.ok("AdminDisableUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
    let before = world.sent().len();
    for (name, masked) in [("eve@example.com", "e***@e***"), ("ann", "a***@e***")] {
        let preferred = json!({ "USERNAME": name, "PREFERRED_CHALLENGE": "EMAIL_OTP" });
        let challenge = begin(&world, &pool, preferred).unwrap();
        assert_eq!(challenge["ChallengeName"], "EMAIL_OTP");
        assert_eq!(challenge["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"], masked);
        for _ in 0..5 {
            let guess = json!({ "EMAIL_OTP_CODE": "12345678" });
            assert_eq!(
                told(world.answer(&pool, &challenge, guess)),
                "CodeMismatchException: Invalid code or auth state for the user."
            );
        }
        let guess = json!({ "EMAIL_OTP_CODE": "12345678" });
        assert_eq!(
            told(world.answer(&pool, &challenge, guess)),
            "NotAuthorizedException: Password attempts exceeded"
        );
    }
    assert_eq!(world.sent().len(), before);
    let shows = begin(&world, &pool, json!({ "USERNAME": "mallory" })).unwrap();
    assert_eq!(shows["ChallengeName"], "SELECT_CHALLENGE");
    let password = json!({ "ANSWER": "PASSWORD", "PASSWORD": PASSWORD });
    assert_eq!(
        told(world.answer(&pool, &shows, password)),
        "NotAuthorizedException: Incorrect username or password."
    );
}

#[test]
fn whoever_has_just_confirmed_is_in_without_another_code() {
    let (world, pool) = world(json!({}));
    let sign_up = |name: &str| {
        world.ok(
            "SignUp",
            json!({
                "ClientId": pool.client, "Username": name, "Password": PASSWORD,
                "UserAttributes": [
                    { "Name": "email", "Value": format!("{name}@example.com") },
                ],
            }),
        )
    };
    let confirm = |name: &str, session: &Json| {
        let code = world.last_code();
        world.ok(
            "ConfirmSignUp",
            json!({
                "ClientId": pool.client, "Username": name, "ConfirmationCode": code,
                "Session": session,
            }),
        )["Session"]
            .take()
    };
    let enter = |name: &str, session: &Json| {
        world.call(
            "InitiateAuth",
            json!({
                "AuthFlow": "USER_AUTH", "ClientId": pool.client, "Session": session,
                "AuthParameters": { "USERNAME": name },
            }),
        )
    };
    let begun = sign_up("bob")["Session"].take();
    let foreign = "NotAuthorizedException: Invalid session for the user.";
    assert_eq!(told(enter("bob", &begun)), foreign);
    let confirmed = confirm("bob", &begun);
    assert_eq!(told(enter("ann", &confirmed)), foreign);
    assert!(enter("bob", &confirmed).unwrap()["AuthenticationResult"].is_object());
    assert_eq!(
        told(enter("bob", &confirmed)),
        "NotAuthorizedException: Invalid session for the user, session can only be used once."
    );
    // Some apps don't hand the session of the sign-up on, and some users take longer than it lives.
    let _ = sign_up("cid");
    world.advance_s(3 * 60);
    let confirmed = confirm("cid", &Json::Null);
    world.advance_s(3 * 60);
    assert_eq!(
        told(enter("cid", &confirmed)),
        "NotAuthorizedException: Invalid session for the user, session is expired."
    );
}
