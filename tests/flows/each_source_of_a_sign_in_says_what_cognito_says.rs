//! Is each function of a sign-in called from every source that Cognito has, with the members that it
//! has there, no fewer and no more?

use std::collections::BTreeMap;

use kernel::testing::{PASSWORD, TestPool, World};
use serde_json::{Value as Json, json};

use super::device_client::Device;

const TRIGGERS: [&str; 7] = [
    "CreateAuthChallenge",
    "CustomMessage",
    "DefineAuthChallenge",
    "PostAuthentication",
    "PreAuthentication",
    "PreTokenGeneration",
    "VerifyAuthChallengeResponse",
];

fn world() -> (World, TestPool) {
    let world = World::new();
    let settings = json!({
        "LambdaConfig": World::lambda_config(&TRIGGERS),
        "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": false },
    });
    let mut pool = world.mfa_pool_with("OPTIONAL", settings);
    let flows = [
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
    ];
    pool.client = world.client(&pool.id, json!({ "ExplicitAuthFlows": flows }));
    for trigger in TRIGGERS {
        world.trigger_answers(trigger, json!({}));
    }
    world.trigger("DefineAuthChallenge", |mut event| {
        let is_over = !event["request"]["session"].as_array().unwrap().is_empty();
        event["response"]["issueTokens"] = json!(is_over);
        event["response"]["challengeName"] = json!("CUSTOM_CHALLENGE");
        Ok(event)
    });
    world.trigger_answers("VerifyAuthChallengeResponse", json!({ "answerCorrect": true }));
    let attribute = |name: &str, value: &str| json!({ "Name": name, "Value": value });
    let attributes = json!([attribute("phone_number", "+12065550100"), attribute("name", "Ann")]);
    world.user(&pool, "ann", attributes);
    (world, pool)
}

fn begin(world: &World, pool: &TestPool, flow: &str, parameters: Json) -> Json {
    world.ok(
        "InitiateAuth",
        json!({
            "AuthFlow": flow, "ClientId": pool.client, "AuthParameters": parameters,
            "ClientMetadata": { "said": "at first" },
        }),
    )
}

fn answer(world: &World, pool: &TestPool, asked: &Json, responses: Json) -> Json {
    let mut responses = responses;
    responses["USERNAME"] = json!("ann");
    world.ok(
        "RespondToAuthChallenge",
        json!({
            "ChallengeName": asked["ChallengeName"], "ClientId": pool.client,
            "Session": asked["Session"], "ChallengeResponses": responses,
            "ClientMetadata": { "said": "later" },
        }),
    )
}

/// A sign-in of every kind, one after the other.
fn sign_in_in_every_way(world: &World, pool: &TestPool) {
    let by_password = || json!({ "USERNAME": "ann", "PASSWORD": PASSWORD });
    let named = || json!({ "UserPoolId": pool.id, "Username": "ann" });
    let tokens = begin(world, pool, "USER_PASSWORD_AUTH", by_password());
    let (device, _) = Device::confirm(world, &tokens["AuthenticationResult"]);
    let refresh_token = &tokens["AuthenticationResult"]["RefreshToken"];
    let refreshing = json!({ "REFRESH_TOKEN": refresh_token, "DEVICE_KEY": device.key });
    begin(world, pool, "REFRESH_TOKEN_AUTH", refreshing);

    let mut at_device = by_password();
    at_device["DEVICE_KEY"] = json!(device.key);
    let mut asked = begin(world, pool, "USER_PASSWORD_AUTH", at_device);
    for _ in 0..2 {
        asked = answer(world, pool, &asked, device.responses(&asked));
    }

    let asked = begin(world, pool, "CUSTOM_AUTH", json!({ "USERNAME": "ann" }));
    answer(world, pool, &asked, json!({ "ANSWER": "yes" }));

    let mut wanted = named();
    wanted["SMSMfaSettings"] = json!({ "Enabled": true });
    let _ = world.ok("AdminSetUserMFAPreference", wanted);
    let asked = begin(world, pool, "USER_PASSWORD_AUTH", by_password());
    answer(world, pool, &asked, json!({ "SMS_MFA_CODE": world.last_code() }));

    let mut unwanted = named();
    unwanted["SMSMfaSettings"] = json!({ "Enabled": false });
    let _ = world.ok("AdminSetUserMFAPreference", unwanted);
    let mut temporary = named();
    temporary["Password"] = json!(PASSWORD);
    let _ = world.ok("AdminSetUserPassword", temporary);
    let asked = begin(world, pool, "USER_PASSWORD_AUTH", by_password());
    answer(world, pool, &asked, json!({ "NEW_PASSWORD": "An0ther-1!" }));
}

/// The last event of each source.
fn events(world: &World) -> BTreeMap<String, Json> {
    let source = |event: &Json| event["triggerSource"].as_str().unwrap().to_string();
    world.events().into_iter().map(|event| (source(&event), event)).collect()
}

fn members(value: &Json) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn every_source_has_its_members() {
    let (world, pool) = world();
    sign_in_in_every_way(&world, &pool);
    let events = events(&world);
    let metadata = "clientMetadata";
    let attributes = "userAttributes";
    let mut expected: Vec<(&str, Vec<&str>)> = vec![
        ("PreAuthentication_Authentication", vec![attributes, "validationData"]),
        ("PostAuthentication_Authentication", vec![metadata, "newDeviceUsed", attributes]),
        ("DefineAuthChallenge_Authentication", vec![metadata, "session", attributes]),
        ("CreateAuthChallenge_Authentication", vec!["challengeName", "session", attributes]),
        (
            "VerifyAuthChallengeResponse_Authentication",
            vec!["challengeAnswer", metadata, "privateChallengeParameters", attributes],
        ),
        (
            "CustomMessage_Authentication",
            vec!["codeParameter", "linkParameter", attributes, "usernameParameter"],
        ),
    ];
    // What is said at first reaches no tokens.
    expected.push(("TokenGeneration_RefreshTokens", vec!["groupConfiguration", attributes]));
    for source in ["Authentication", "AuthenticateDevice", "NewPasswordChallenge"] {
        let source = ["TokenGeneration", source].join("_");
        assert_eq!(
            members(&events[&source]["request"]),
            [metadata, "groupConfiguration", attributes],
            "{source}"
        );
    }
    for (source, expected) in expected {
        assert_eq!(members(&events[source]["request"]), expected, "{source}");
    }
    assert_eq!(events.len(), 10);
}

#[test]
fn every_event_is_in_the_same_envelope() {
    let (world, pool) = world();
    sign_in_in_every_way(&world, &pool);
    for (source, event) in events(&world) {
        let envelope = [
            "callerContext",
            "region",
            "request",
            "response",
            "triggerSource",
            "userName",
            "userPoolId",
            "version",
        ];
        assert_eq!(members(&event), envelope, "{source}");
        assert_eq!(event["version"], "1");
        assert_eq!(event["userName"], "ann");
        assert_eq!(event["userPoolId"], pool.id);
        assert_eq!(event["region"], "eu-west-1");
        assert_eq!(event["callerContext"]["clientId"], pool.client);
        let attributes = &event["request"]["userAttributes"];
        assert_eq!(attributes["name"], "Ann");
        assert!(attributes["sub"].is_string() && attributes["cognito:user_status"].is_string());
        assert!(attributes.as_object().unwrap().values().all(Json::is_string), "{source}");
    }
}
