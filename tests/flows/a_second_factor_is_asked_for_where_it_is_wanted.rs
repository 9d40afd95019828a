//! Which factor is asked for, what its challenge says, and what proving it does.

use kernel::testing::{Failure, PASSWORD, TestPool, World};
use serde_json::{Value as Json, json};

const EMAIL: &str = "ann@example.com";
const PHONE: &str = "+12065550100";

/// Ann, with both addresses, in a pool that takes every factor.
fn world(mfa: &str) -> (World, TestPool) {
    let world = World::new();
    let pool = world.mfa_pool(mfa);
    let attributes = json!([
        { "Name": "email", "Value": EMAIL }, { "Name": "phone_number", "Value": PHONE },
    ]);
    world.user(&pool, "ann", attributes);
    (world, pool)
}

fn prefer(world: &World, pool: &TestPool, settings: Json) {
    let mut input = json!({ "UserPoolId": pool.id, "Username": "ann" });
    input.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    let _ = world.ok("AdminSetUserMFAPreference", input);
}

fn user(world: &World, pool: &TestPool) -> Json {
    world.ok("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": "ann" }))
}

fn attribute(user: &Json, name: &str) -> Option<String> {
    let attributes = user["UserAttributes"].as_array().unwrap();
    let found = attributes.iter().find(|attribute| attribute["Name"] == name)?;
    found["Value"].as_str().map(String::from)
}

fn told(outcome: Result<Json, Failure>) -> String {
    let failure = outcome.unwrap_err();
    format!("{}: {}", failure.code, failure.message)
}

#[test]
fn where_it_is_optional_only_those_who_want_one_are_asked() {
    let (world, pool) = world("OPTIONAL");
    assert!(world.sign_in(&pool, "ann")["AccessToken"].is_string());
    prefer(&world, &pool, json!({ "SMSMfaSettings": { "Enabled": true } }));
    assert_eq!(world.begin_sign_in(&pool, "ann")["ChallengeName"], "SMS_MFA");
    let off = json!({ "UserPoolId": pool.id, "MfaConfiguration": "OFF" });
    let _ = world.ok("SetUserPoolMfaConfig", off);
    assert!(world.sign_in(&pool, "ann")["AccessToken"].is_string());
}

#[test]
fn where_it_is_required_whatever_would_work_is_asked_for() {
    let (world, pool) = world("ON");
    let challenge = world.begin_sign_in(&pool, "ann");
    assert_eq!(challenge["ChallengeName"], "SELECT_MFA_TYPE");
    assert_eq!(
        challenge["ChallengeParameters"],
        json!({ "MFAS_CAN_CHOOSE": r#"["SMS_MFA","EMAIL_OTP"]"#, "USER_ID_FOR_SRP": "ann" })
    );
    // What the user chose once and for all is asked for alone.
    prefer(&world, &pool, json!({ "EmailMfaSettings": { "Enabled": true } }));
    assert_eq!(world.begin_sign_in(&pool, "ann")["ChallengeName"], "EMAIL_OTP");
}

#[test]
fn whoever_has_none_sets_one_up_on_the_way_in() {
    let world = World::new();
    let pool = world.mfa_pool("ON");
    world.user(&pool, "ann", json!([]));
    let challenge = world.begin_sign_in(&pool, "ann");
    assert_eq!(challenge["ChallengeName"], "MFA_SETUP");
    assert_eq!(
        challenge["ChallengeParameters"]["MFAS_CAN_SETUP"],
        r#"["SMS_MFA","SOFTWARE_TOKEN_MFA","EMAIL_OTP"]"#
    );
    let answer = |session: &Json, responses: Json| {
        let mut challenge = challenge.clone();
        challenge["Session"] = session.clone();
        world.answer(&pool, &challenge, responses)
    };
    let nothing = "InvalidParameterException: The software token has not been verified.";
    assert_eq!(told(answer(&challenge["Session"], json!({}))), nothing);
    let made = world.ok("AssociateSoftwareToken", json!({ "Session": challenge["Session"] }));
    assert_eq!(told(answer(&made["Session"], json!({}))), nothing);
    let secret = made["SecretCode"].as_str().unwrap();
    let verify = |code: &str| {
        let input = json!({
            "Session": made["Session"], "UserCode": code, "FriendlyDeviceName": "Ann's phone",
        });
        world.call("VerifySoftwareToken", input)
    };
    let code = world.app_code(secret);
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    assert_eq!(told(verify(&wrong)), "EnableSoftwareTokenMFAException: Code mismatch");
    let verified = verify(&code).unwrap();
    assert_eq!(verified["Status"], "SUCCESS");
    let done = answer(&verified["Session"], json!({})).unwrap();
    assert!(done["AuthenticationResult"]["RefreshToken"].is_string());
    assert_eq!(user(&world, &pool)["UserMFASettingList"], json!(["SOFTWARE_TOKEN_MFA"]));

    // From now on it is asked for by the name that it was given; the same code is not taken again.
    let challenge = world.begin_sign_in(&pool, "ann");
    assert_eq!(
        (&challenge["ChallengeName"], &challenge["ChallengeParameters"]),
        (
            &json!("SOFTWARE_TOKEN_MFA"),
            &json!({ "FRIENDLY_DEVICE_NAME": "Ann's phone", "USER_ID_FOR_SRP": "ann" })
        )
    );
    assert_eq!(
        told(world.answer_app(&pool, &challenge, secret)),
        "ExpiredCodeException: Your software token has already been used once."
    );
    world.advance_s(30);
    assert!(world.answer_app(&pool, &challenge, secret).is_ok());
}

#[test]
fn an_address_that_is_set_up_becomes_the_users_when_it_is_proved() {
    let world = World::new();
    let pool = world.mfa_pool("ON");
    world.user(&pool, "ann", json!([]));
    let challenge = world.begin_sign_in(&pool, "ann");
    let none = world.answer(&pool, &challenge, json!({ "EMAIL": "nobody" }));
    assert_eq!(told(none), "InvalidParameterException: Invalid email address format.");
    let next = world.answer(&pool, &challenge, json!({ "EMAIL": EMAIL })).unwrap();
    assert_eq!(next["ChallengeName"], "EMAIL_OTP");
    assert_eq!(attribute(&user(&world, &pool), "email"), None);
    let code = json!({ "EMAIL_OTP_CODE": world.last_code() });
    assert!(world.answer(&pool, &next, code).unwrap()["AuthenticationResult"].is_object());
    let user = user(&world, &pool);
    assert_eq!(attribute(&user, "email").as_deref(), Some(EMAIL));
    assert_eq!(attribute(&user, "email_verified").as_deref(), Some("true"));
    assert_eq!(user["UserMFASettingList"], json!(["EMAIL_OTP"]));
}

#[test]
fn a_session_from_before_is_no_way_around_an_app_that_was_set_up_meanwhile() {
    let world = World::new();
    let pool = world.mfa_pool("ON");
    world.user(&pool, "ann", json!([]));
    let stolen = world.begin_sign_in(&pool, "ann");
    let challenge = world.begin_sign_in(&pool, "ann");
    let set_up = |session: &Json| -> Result<Json, Failure> {
        let made = world.call("AssociateSoftwareToken", json!({ "Session": session }))?;
        let code = world.app_code(made["SecretCode"].as_str().unwrap());
        world.call("VerifySoftwareToken", json!({ "Session": made["Session"], "UserCode": code }))
    };
    assert!(set_up(&challenge["Session"]).is_ok());
    let foreign = "NotAuthorizedException: Invalid session for the user.";
    assert_eq!(told(set_up(&stolen["Session"])), foreign);
    let mail = world.answer(&pool, &stolen, json!({ "EMAIL": "thief@example.com" }));
    assert_eq!(told(mail), foreign);
}

#[test]
fn a_code_goes_to_the_masked_address_in_the_pools_words() {
    let (world, pool) = world("OPTIONAL");
    let _ = world.ok(
        "SetUserPoolMfaConfig",
        json!({
            "UserPoolId": pool.id,
            "EmailMfaConfiguration": { "Message": "Mail {####}!", "Subject": "Knock" },
            "SmsMfaConfiguration": { "SmsAuthenticationMessage": "Text {####}!" },
        }),
    );
    for (settings, name, medium, masked, body, digits) in [
        ("SMSMfaSettings", "SMS_MFA", "SMS", "+*******0100", "Text", 6),
        ("EmailMfaSettings", "EMAIL_OTP", "EMAIL", "a***@e***", "Mail", 8),
    ] {
        prefer(&world, &pool, json!({ settings: { "Enabled": true, "PreferredMfa": true } }));
        let challenge = world.begin_sign_in(&pool, "ann");
        assert_eq!(challenge["ChallengeName"], name);
        assert_eq!(
            challenge["ChallengeParameters"],
            json!({
                "CODE_DELIVERY_DELIVERY_MEDIUM": medium, "CODE_DELIVERY_DESTINATION": masked,
                "USER_ID_FOR_SRP": "ann",
            })
        );
        let sent = world.sent().pop().unwrap();
        assert_eq!(sent.body, format!("{body} {}!", sent.code));
        assert_eq!(sent.code.len(), digits);
    }
}

#[test]
fn proving_an_address_verifies_it() {
    let (world, pool) = world("OPTIONAL");
    prefer(&world, &pool, json!({ "SMSMfaSettings": { "Enabled": true } }));
    assert_eq!(attribute(&user(&world, &pool), "phone_number_verified"), None);
    let challenge = world.begin_sign_in(&pool, "ann");
    let code = world.last_code();
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    assert_eq!(
        told(world.answer(&pool, &challenge, json!({ "SMS_MFA_CODE": wrong }))),
        "CodeMismatchException: Invalid code or auth state for the user."
    );
    assert!(world.answer(&pool, &challenge, json!({ "SMS_MFA_CODE": code })).is_ok());
    assert_eq!(attribute(&user(&world, &pool), "phone_number_verified").as_deref(), Some("true"));
}

#[test]
fn a_code_to_an_address_that_changed_is_void() {
    let (world, pool) = world("OPTIONAL");
    prefer(&world, &pool, json!({ "SMSMfaSettings": { "Enabled": true } }));
    let challenge = world.begin_sign_in(&pool, "ann");
    let phone = json!([{ "Name": "phone_number", "Value": "+12065550199" }]);
    let _ = world.ok(
        "AdminUpdateUserAttributes",
        json!({ "UserPoolId": pool.id, "Username": "ann", "UserAttributes": phone }),
    );
    let answer = world.answer(&pool, &challenge, json!({ "SMS_MFA_CODE": world.last_code() }));
    assert!(told(answer).starts_with("ExpiredCodeException"));
}

#[test]
fn a_factor_is_no_way_to_a_new_password() {
    let (world, pool) = world("OPTIONAL");
    let verified = json!([
        { "Name": "email_verified", "Value": "true" },
        { "Name": "phone_number_verified", "Value": "true" },
    ]);
    let _ = world.ok(
        "AdminUpdateUserAttributes",
        json!({ "UserPoolId": pool.id, "Username": "ann", "UserAttributes": verified }),
    );
    let forgot = || {
        let input = json!({ "ClientId": pool.client, "Username": "ann" });
        let output = world.call("ForgotPassword", input)?;
        Ok(output["CodeDeliveryDetails"]["DeliveryMedium"].clone())
    };
    assert_eq!(forgot(), Ok(json!("SMS")));
    prefer(&world, &pool, json!({ "SMSMfaSettings": { "Enabled": true } }));
    assert_eq!(forgot(), Ok(json!("EMAIL")));
    prefer(&world, &pool, json!({ "EmailMfaSettings": { "Enabled": true } }));
    assert_eq!(
        told(forgot()),
        "InvalidParameterException: Cannot reset password for the user as there is no \
         registered/verified email or phone_number"
    );
}

#[test]
fn a_message_that_can_not_be_sent_is_told_with_what_sign_in_declares() {
    let (world, pool) = world("OPTIONAL");
    world.sender_fails(true);
    for (settings, error) in [
        ("SMSMfaSettings", "InvalidSmsRoleAccessPolicyException"),
        ("EmailMfaSettings", "InvalidEmailRoleAccessPolicyException"),
    ] {
        prefer(&world, &pool, json!({ settings: { "Enabled": true, "PreferredMfa": true } }));
        let failure = world.fails(
            "InitiateAuth",
            json!({
                "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
                "AuthParameters": { "USERNAME": "ann", "PASSWORD": PASSWORD },
            }),
        );
        assert_eq!(failure.code, error);
    }
}

#[test]
fn no_user_is_flooded_with_codes() {
    let (world, pool) = world("OPTIONAL");
    prefer(&world, &pool, json!({ "SMSMfaSettings": { "Enabled": true } }));
    for _ in 0..30 {
        let _ = world.begin_sign_in(&pool, "ann");
    }
    let input = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
        "AuthParameters": { "USERNAME": "ann", "PASSWORD": PASSWORD },
    });
    assert_eq!(world.fails("InitiateAuth", input.clone()).code, "TooManyRequestsException");
    world.advance_s(3600);
    assert_eq!(world.ok("InitiateAuth", input)["ChallengeName"], "SMS_MFA");
}

#[test]
fn guessed_codes_lock_a_user_and_the_right_password_does_not_unlock() {
    let world = World::new();
    let pool = world.mfa_pool("OPTIONAL");
    world.user(&pool, "ann", json!([]));
    let secret = world.set_up_token(&pool, "ann");
    let right = world.app_code(&secret);
    let wrong = format!("{:06}", (right.parse::<u32>().unwrap() + 1) % 1_000_000);
    for _ in 0..5 {
        // The password is proved anew before each guess.
        let challenge = world.begin_sign_in(&pool, "ann");
        let guess = json!({ "SOFTWARE_TOKEN_MFA_CODE": wrong });
        assert!(told(world.answer(&pool, &challenge, guess)).starts_with("CodeMismatch"));
    }
    let locked = "NotAuthorizedException: Password attempts exceeded";
    let input = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
        "AuthParameters": { "USERNAME": "ann", "PASSWORD": PASSWORD },
    });
    assert_eq!(told(world.call("InitiateAuth", input)), locked);
    world.advance_s(1);
    let challenge = world.begin_sign_in(&pool, "ann");
    let guess = json!({ "SOFTWARE_TOKEN_MFA_CODE": wrong });
    assert!(told(world.answer(&pool, &challenge, guess)).starts_with("CodeMismatch"));
    assert_eq!(told(world.answer_app(&pool, &challenge, &secret)), locked);
    world.advance_s(2);
    assert!(world.answer_app(&pool, &challenge, &secret).is_ok());
    // Who is in has a clean sheet.
    let challenge = world.begin_sign_in(&pool, "ann");
    let guess = json!({ "SOFTWARE_TOKEN_MFA_CODE": wrong });
    assert!(told(world.answer(&pool, &challenge, guess)).starts_with("CodeMismatch"));
    assert_eq!(world.begin_sign_in(&pool, "ann")["ChallengeName"], "SOFTWARE_TOKEN_MFA");
}

#[test]
fn tokens_say_by_what_the_user_was_proved() {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let claims = |token: &Json| -> Json {
        let body = token.as_str().unwrap().split('.').nth(1).unwrap();
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
    };
    let (world, pool) = world("OPTIONAL");
    let plain = claims(&world.sign_in(&pool, "ann")["AccessToken"]);
    assert!(plain.get("acr").is_none() && plain.get("amr").is_none());
    prefer(&world, &pool, json!({ "SMSMfaSettings": { "Enabled": true } }));
    let challenge = world.begin_sign_in(&pool, "ann");
    let code = json!({ "SMS_MFA_CODE": world.last_code() });
    let tokens = world.answer(&pool, &challenge, code).unwrap()["AuthenticationResult"].take();
    let refreshed = world.ok(
        "GetTokensFromRefreshToken",
        json!({ "ClientId": pool.client, "RefreshToken": tokens["RefreshToken"] }),
    );
    for result in [&tokens, &refreshed["AuthenticationResult"]] {
        for token in ["AccessToken", "IdToken"] {
            let claims = claims(&result[token]);
            assert_eq!(claims["amr"], json!(["pwd", "sms", "mfa"]));
            assert_eq!(claims["acr"], "urn:cognito:loa:3");
        }
    }
}
