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

const CALLBACK: &str = "https://app.example.com/signed-in";

/// The code that a link brings, and the link itself.
fn followed(world: &World) -> (String, String) {
    let link = world.sent().pop().unwrap().link.unwrap();
    let (_, fragment) = link.split_once('#').unwrap();
    (fragment.strip_prefix("email_otp_code=").unwrap().into(), link)
}

fn answer(world: &World, pool: &TestPool, session: &Json, code: &str) -> Result<Json, Failure> {
    world.call(
        "RespondToAuthChallenge",
        json!({
            "ChallengeName": "EMAIL_OTP", "ClientId": pool.client, "Session": session,
            "ChallengeResponses": { "USERNAME": "ann", "EMAIL_OTP_CODE": code },
        }),
    )
}

/// Ann asks for a link; gives the challenge.
fn asked_for_link(world: &World, pool: &TestPool) -> Json {
    let wanted = json!({
        "USERNAME": "ann", "PREFERRED_CHALLENGE": "EMAIL_OTP", "REDIRECT_URI": CALLBACK,
    });
    begin(world, pool, wanted).unwrap()
}

#[test]
fn a_link_brings_the_code_to_where_it_was_asked_for() {
    let (world, pool) = world(json!({ "CallbackURLs": [CALLBACK] }));
    let challenge = asked_for_link(&world, &pool);
    assert_eq!(challenge["ChallengeName"], "EMAIL_OTP");
    let (code, link) = followed(&world);
    assert_eq!(link, format!("{CALLBACK}#email_otp_code={code}"));
    let message = world.sent().pop().unwrap();
    assert!(message.body.contains(&format!("<a href=\"{link}\">Sign in</a>")), "{}", message.body);
    assert!(message.body.contains(&format!("code is {code}")), "the code can be typed as well");
    assert!(!challenge.to_string().contains(&code));
    let session = &challenge["Session"];
    assert!(answer(&world, &pool, session, &code).unwrap()["AuthenticationResult"].is_object());
    // Both are used up.
    let again = told(answer(&world, &pool, session, &code));
    assert!(again.ends_with("session can only be used once."), "{again}");
}

#[test]
fn a_link_is_worth_nothing_without_the_session_that_asked_for_it() {
    let (world, pool) = world(json!({ "CallbackURLs": [CALLBACK] }));
    let _ = asked_for_link(&world, &pool);
    let (code, _) = followed(&world);
    // Whoever finds the link can only begin a session of their own.
    let other = asked_for_link(&world, &pool);
    assert_ne!(followed(&world).0, code);
    let refused = told(answer(&world, &pool, &other["Session"], &code));
    assert!(refused.starts_with("CodeMismatchException"), "{refused}");
}

#[test]
fn a_link_leads_to_the_clients_own_pages_only() {
    let (world, pool) = world(json!({ "CallbackURLs": [CALLBACK] }));
    let sent = world.sent().len();
    for uri in ["https://evil.example.com/", "https://app.example.com/signed-in/", ""] {
        let wanted = json!({
            "USERNAME": "ann", "PREFERRED_CHALLENGE": "EMAIL_OTP", "REDIRECT_URI": uri,
        });
        let refused = told(begin(&world, &pool, wanted));
        assert_eq!(
            refused,
            "InvalidParameterException: REDIRECT_URI is none of the client's callback URLs."
        );
    }
    assert_eq!(world.sent().len(), sent);
}

#[test]
fn a_link_can_be_chosen() {
    let (world, pool) = world(json!({ "CallbackURLs": [CALLBACK] }));
    let challenge = begin(&world, &pool, json!({ "USERNAME": "ann" })).unwrap();
    let chosen = world.ok(
        "RespondToAuthChallenge",
        json!({
            "ChallengeName": "SELECT_CHALLENGE", "ClientId": pool.client,
            "Session": challenge["Session"],
            "ChallengeResponses": {
                "USERNAME": "ann", "ANSWER": "EMAIL_OTP", "REDIRECT_URI": CALLBACK,
            },
        }),
    );
    let (code, _) = followed(&world);
    let done = answer(&world, &pool, &chosen["Session"], &code).unwrap();
    assert!(done["AuthenticationResult"].is_object());
}

#[test]
fn a_pools_own_words_have_a_place_for_the_link_or_give_way() {
    let (world, pool) = world(json!({ "CallbackURLs": [CALLBACK] }));
    let say = |message: &str| {
        let _ = world.ok(
            "SetUserPoolMfaConfig",
            json!({
                "UserPoolId": pool.id, "MfaConfiguration": "OPTIONAL",
                "EmailMfaConfiguration": { "Message": message, "Subject": "Hello" },
            }),
        );
        let _ = asked_for_link(&world, &pool);
        world.sent().pop().unwrap()
    };
    let own = say("Go {##there##} or type {####}");
    assert!(own.body.starts_with("Go <a href="), "{}", own.body);
    assert_eq!(own.subject.as_deref(), Some("Hello"));
    assert!(say("Type {####}").body.contains(">Sign in</a>"));
}
