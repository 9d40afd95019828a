//! Do functions that lead a sign-in hear of what is asked after a password, and may they have an
//! administrator asked for the password itself?

use kernel::testing::{Failure, PASSWORD, TestPool, World, claims};
use serde_json::{Value, json};

use super::{
    a_trigger_asks_its_own_challenge::{
        ALL, WRONG, answer, begin, named, pool_of_ann, said, sums, with_srp,
    },
    device_client::Device,
};

/// The rounds of which the functions heard last.
fn rounds(world: &World) -> Vec<(String, bool)> {
    let session = world.events().pop().unwrap()["request"]["session"].take();
    let round = |round: &Value| {
        let name = round["challengeName"].as_str().unwrap();
        (name.to_string(), round["challengeResult"] == true)
    };
    session.as_array().unwrap().iter().map(round).collect()
}

#[test]
fn what_follows_the_password_is_asked_before_the_functions_go_on_and_told_to_them() {
    let world = World::new();
    let settings = json!({
        "LambdaConfig": World::lambda_config(&ALL),
        "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": false },
    });
    let mut pool = world.mfa_pool_with("OPTIONAL", settings);
    pool.client = world.client(
        &pool.id,
        json!({ "ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH", "ALLOW_USER_PASSWORD_AUTH"] }),
    );
    world.user(&pool, "ann", json!([]));
    sums(&world);
    let (device, _) = Device::confirm(&world, &world.sign_in(&pool, "ann"));
    let secret = world.set_up_token(&pool, "ann");
    let (attempt, session) = with_srp(&world, &pool);
    let mut responses = attempt.responses(PASSWORD);
    responses["DEVICE_KEY"] = json!(device.key);
    let heard = world.events().len();
    let asked = world.ok(
        "RespondToAuthChallenge",
        json!({
            "ChallengeName": "PASSWORD_VERIFIER", "ClientId": pool.client, "Session": session,
            "ChallengeResponses": responses,
        }),
    );
    assert_eq!(asked["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    let asked = world.answer_app(&pool, &asked, &secret).unwrap();
    assert_eq!(world.events().len(), heard);
    let mut asked = device.prove(&world, &pool, &asked).unwrap();
    for sum in ["42", "49"] {
        assert_eq!(asked["ChallengeName"], "CUSTOM_CHALLENGE");
        asked = answer(&world, &pool, &asked, sum).unwrap();
    }
    let names: Vec<String> = rounds(&world).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "SRP_A",
            "PASSWORD_VERIFIER",
            "SOFTWARE_TOKEN_MFA",
            "DEVICE_SRP_AUTH",
            "DEVICE_PASSWORD_VERIFIER",
            "CUSTOM_CHALLENGE",
            "CUSTOM_CHALLENGE",
        ]
    );
    let claims = claims(&asked["AuthenticationResult"]["AccessToken"]);
    assert_eq!(claims["amr"], json!(["pwd", "otp", "mfa"]));
    assert_eq!(claims["device_key"], device.key);
}

/// Functions that want the password in clear text, and nothing else.
fn clear_text(world: &World) {
    world.trigger("DefineAuthChallenge", |mut event| {
        let is_proved = !event["request"]["session"].as_array().unwrap().is_empty();
        let response = &mut event["response"];
        match is_proved {
            true => response["issueTokens"] = json!(true),
            false => response["challengeName"] = json!("ADMIN_NO_SRP_AUTH"),
        }
        Ok(event)
    });
}

fn begin_as_admin(world: &World, pool: &TestPool, name: &str) -> Result<Value, Failure> {
    world.call(
        "AdminInitiateAuth",
        json!({
            "AuthFlow": "CUSTOM_AUTH", "UserPoolId": pool.id, "ClientId": pool.client,
            "AuthParameters": { "USERNAME": name },
        }),
    )
}

#[test]
fn what_functions_keep_leaves_room_for_what_follows_the_password() {
    let world = World::new();
    let mut pool = pool_of_ann(&world);
    let flows = ["ALLOW_CUSTOM_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"];
    pool.client = world.client(&pool.id, json!({ "ExplicitAuthFlows": flows }));
    world.trigger("DefineAuthChallenge", |mut event| {
        let rounds = event["request"]["session"].as_array().unwrap().len();
        let next = if rounds == 0 { "CUSTOM_CHALLENGE" } else { "ADMIN_NO_SRP_AUTH" };
        event["response"]["challengeName"] = json!(next);
        Ok(event)
    });
    world.trigger_answers("VerifyAuthChallengeResponse", json!({ "answerCorrect": true }));
    world.trigger_answers("CreateAuthChallenge", json!({ "challengeMetadata": "x".repeat(2_000) }));
    let mut asked = begin_as_admin(&world, &pool, "ann").unwrap();
    let respond = |asked: &Value, responses: Value| {
        world.call(
            "AdminRespondToAuthChallenge",
            json!({
                "ChallengeName": asked["ChallengeName"], "UserPoolId": pool.id,
                "ClientId": pool.client, "Session": asked["Session"],
                "ChallengeResponses": responses,
            }),
        )
    };
    asked = respond(&asked, json!({ "USERNAME": "ann", "ANSWER": "yes" })).unwrap();
    let refused = respond(&asked, json!({ "USERNAME": "ann", "PASSWORD": PASSWORD })).unwrap_err();
    assert_eq!(refused.code, "InvalidLambdaResponseException");
}

#[test]
fn an_administrator_may_be_asked_for_the_password_itself() {
    let world = World::new();
    let mut pool = pool_of_ann(&world);
    let client = |flows: &[&str]| world.client(&pool.id, json!({ "ExplicitAuthFlows": flows }));
    let without = client(&["ALLOW_CUSTOM_AUTH"]);
    let legacy = client(&["ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY"]);
    pool.client = client(&["ALLOW_CUSTOM_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"]);
    clear_text(&world);
    let through = |client: &str| TestPool { id: pool.id.clone(), client: client.into() };
    for pool in [&pool, &through(&legacy)] {
        let asked = begin_as_admin(&world, pool, "ann").unwrap();
        assert_eq!(asked["ChallengeName"], "ADMIN_NO_SRP_AUTH");
        assert_eq!(asked["ChallengeParameters"]["USER_ID_FOR_SRP"], "ann");
        let respond = |operation: &str, password: &str| {
            world.call(
                operation,
                json!({
                    "ChallengeName": "ADMIN_NO_SRP_AUTH", "UserPoolId": pool.id,
                    "ClientId": pool.client, "Session": asked["Session"],
                    "ChallengeResponses": { "USERNAME": "ann", "PASSWORD": password },
                }),
            )
        };
        let admin = "AdminRespondToAuthChallenge";
        assert_eq!(said(&respond(admin, "Wrong-1!").unwrap_err()), WRONG);
        // It is no challenge of the users' own door.
        assert_eq!(
            said(&respond("RespondToAuthChallenge", PASSWORD).unwrap_err()),
            "NotAuthorizedException: Invalid session for the user."
        );
        let done = respond(admin, PASSWORD).unwrap();
        assert!(done["AuthenticationResult"]["IdToken"].is_string());
        assert_eq!(rounds(&world), [("ADMIN_NO_SRP_AUTH".to_string(), true)]);
        assert!(said(&respond(admin, PASSWORD).unwrap_err()).ends_with("only be used once."));
    }
    let refused = "InvalidLambdaResponseException";
    assert_eq!(begin_as_admin(&world, &through(&without), "ann").unwrap_err().code, refused);
    assert_eq!(begin(&world, &pool, named()).unwrap_err().code, refused);
}
