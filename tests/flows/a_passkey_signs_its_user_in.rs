//! `WEB_AUTHN`: who is asked for a passkey, who is in by one, and what it is worth.

use kernel::testing::{
    Authenticator, Failure, PASSWORD, TestPool, World, claims, decoded, options_of,
};
use serde_json::{Value as Json, json};

fn told(outcome: Result<Json, Failure>) -> String {
    let failure = outcome.unwrap_err();
    format!("{}: {}", failure.code, failure.message)
}

fn choose(world: &World, pool: &TestPool, name: &str) -> Json {
    world.ok(
        "InitiateAuth",
        json!({
            "AuthFlow": "USER_AUTH", "ClientId": pool.client,
            "AuthParameters": { "USERNAME": name },
        }),
    )
}

/// Signs in by a passkey that is preferred; gives the claims of the ID token.
fn signed_in(world: &World, pool: &TestPool, passkey: &Authenticator, name: &str) -> Json {
    let challenge = world.begin_with_passkey(pool, name).unwrap();
    assert_eq!(challenge["ChallengeName"], "WEB_AUTHN", "{challenge}");
    let proof = passkey.get(&options_of(&challenge));
    let answer = world.answer_passkey(pool, &challenge, &proof).unwrap();
    claims(&answer["AuthenticationResult"]["IdToken"])
}

#[test]
fn a_passkey_that_is_preferred_is_asked_for_at_once() {
    let world = World::new();
    let pool = world.passkey_pool(json!({}));
    let passkey = world.user_with_passkey(&pool, "ann");
    let challenge = world.begin_with_passkey(&pool, "ann").unwrap();
    assert_eq!(challenge["ChallengeName"], "WEB_AUTHN");
    assert_eq!(challenge["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD", "WEB_AUTHN"]));
    let mut options = options_of(&challenge);
    assert_eq!(decoded(&options["allowCredentials"][0]["id"].take()), passkey.id);
    assert_eq!(decoded(&options["challenge"].take()).len(), 32);
    assert_eq!(
        options,
        json!({
            "challenge": null, "timeout": 300_000, "rpId": "example.com",
            "allowCredentials": [
                { "type": "public-key", "id": null, "transports": ["internal", "hybrid"] },
            ],
            "userVerification": "preferred",
        })
    );
    let claims = signed_in(&world, &pool, &passkey, "ann");
    assert_eq!(claims["amr"], json!(["hwk"]));
    assert_eq!(claims["acr"], "urn:cognito:loa:3");
}

#[test]
fn a_passkey_is_one_of_several_ways_to_begin() {
    let world = World::new();
    let pool = world.passkey_pool(json!({}));
    let mut passkey = Authenticator::new();
    // One that its keeper copies.
    passkey.flags = 0b1_1101;
    world.user(&pool, "ann", json!([]));
    let token = world.sign_in(&pool, "ann")["AccessToken"].take();
    world.register(&token, &mut passkey).unwrap();
    let offer = choose(&world, &pool, "ann");
    assert_eq!(offer["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD", "WEB_AUTHN"]));
    let asked = world.answer(&pool, &offer, json!({ "ANSWER": "WEB_AUTHN" })).unwrap();
    assert_eq!(asked["ChallengeName"], "WEB_AUTHN");
    let proof = passkey.get(&options_of(&asked));
    let answer = world.answer_passkey(&pool, &asked, &proof).unwrap();
    let claims = claims(&answer["AuthenticationResult"]["IdToken"]);
    assert_eq!(claims["amr"], json!(["swk"]));
    let factors = world.ok("GetUserAuthFactors", json!({ "AccessToken": token }));
    assert_eq!(factors["ConfiguredUserAuthFactors"], json!(["PASSWORD", "WEB_AUTHN"]));
    let named = json!({ "UserPoolId": pool.id, "Username": "ann" });
    let factors = world.ok("AdminGetUserAuthFactors", named);
    assert_eq!(factors["ConfiguredUserAuthFactors"], json!(["PASSWORD", "WEB_AUTHN"]));
}

#[test]
fn any_of_a_users_passkeys_will_do() {
    let world = World::new();
    let pool = world.passkey_pool(json!({}));
    let first = world.user_with_passkey(&pool, "ann");
    let token = world.sign_in(&pool, "ann")["AccessToken"].take();
    let mut second = Authenticator::new();
    world.register(&token, &mut second).unwrap();
    for passkey in [&first, &second] {
        let claims = signed_in(&world, &pool, passkey, "ann");
        assert_eq!(claims["cognito:username"], "ann");
    }
}

#[test]
fn whoever_has_none_is_not_asked_for_one() {
    let world = World::new();
    let pool = world.passkey_pool(json!({}));
    world.user(&pool, "ann", json!([]));
    let offer = world.begin_with_passkey(&pool, "ann").unwrap();
    assert_eq!(offer["ChallengeName"], "SELECT_CHALLENGE");
    assert_eq!(offer["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD"]));
    let refused = world.answer(&pool, &offer, json!({ "ANSWER": "WEB_AUTHN" }));
    assert_eq!(
        told(refused),
        "InvalidParameterException: ANSWER is none of the available challenges."
    );
}

#[test]
fn a_passkey_of_another_domain_is_not_asked_for() {
    let world = World::new();
    let pool = world.passkey_pool(json!({}));
    let passkey = world.user_with_passkey(&pool, "ann");
    let begun = world.begin_with_passkey(&pool, "ann").unwrap();
    world.configure_passkeys(&pool, json!({ "RelyingPartyId": "example.org" }));
    let offer = choose(&world, &pool, "ann");
    assert_eq!(offer["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD"]));
    // Nor taken, if it was asked for before.
    let proof = passkey.get(&options_of(&begun));
    assert_eq!(
        told(world.answer_passkey(&pool, &begun, &proof)),
        "NotAuthorizedException: Invalid passkey credential."
    );
    world.configure_passkeys(&pool, json!({ "RelyingPartyId": "example.com" }));
    let _ = signed_in(&world, &pool, &passkey, "ann");
}

#[test]
fn a_disabled_user_is_not_let_in() {
    let world = World::new();
    let pool = world.passkey_pool(json!({}));
    let passkey = world.user_with_passkey(&pool, "ann");
    let begun = world.begin_with_passkey(&pool, "ann").unwrap();
    let _ = world.ok("AdminDisableUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
    let proof = passkey.get(&options_of(&begun));
    assert_eq!(
        told(world.answer_passkey(&pool, &begun, &proof)),
        "NotAuthorizedException: User is disabled."
    );
}

#[test]
fn a_name_of_nobody_is_asked_as_a_user_is() {
    let world = World::new();
    let pool = world.passkey_pool(json!({}));
    let mut client = pool.clone();
    client.client = world.client(
        &pool.id,
        json!({
            "ExplicitAuthFlows": ["ALLOW_USER_AUTH"], "PreventUserExistenceErrors": "ENABLED",
        }),
    );
    let nobodies: Vec<String> = (0..32).map(|n| format!("nobody{n}")).collect();
    let is_asked = |name: &&String| {
        let challenge = world.begin_with_passkey(&client, name).unwrap();
        challenge["ChallengeName"] == "WEB_AUTHN"
    };
    // Some seem to have a passkey and some none, and always the same ones.
    let asked: Vec<&String> = nobodies.iter().filter(is_asked).collect();
    assert!((4..28).contains(&asked.len()), "{asked:?}");
    assert_eq!(nobodies.iter().filter(is_asked).collect::<Vec<_>>(), asked);
    let ids = || {
        let challenge = world.begin_with_passkey(&client, asked[0]).unwrap();
        assert_eq!(challenge["ChallengeName"], "WEB_AUTHN");
        let mut options = options_of(&challenge);
        assert!(options["allowCredentials"][0]["transports"].is_array());
        (options["allowCredentials"][0]["id"].take(), challenge)
    };
    let ((first, challenge), (second, _)) = (ids(), ids());
    assert_eq!(first, second);
    let mut passkey = Authenticator::new();
    passkey.id = decoded(&first);
    let proof = passkey.get(&options_of(&challenge));
    assert_eq!(
        told(world.answer_passkey(&client, &challenge, &proof)),
        "NotAuthorizedException: Invalid passkey credential."
    );
    let unknown = world.begin_with_passkey(&pool, "nobody");
    assert_eq!(told(unknown), "UserNotFoundException: User does not exist.");
}

#[test]
fn passwords_that_were_guessed_wrong_lock_out_no_passkey() {
    let world = World::new();
    let pool = world.passkey_pool(json!({}));
    let passkey = world.user_with_passkey(&pool, "ann");
    for _ in 0..7 {
        let _ = world.fails(
            "InitiateAuth",
            json!({
                "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
                "AuthParameters": { "USERNAME": "ann", "PASSWORD": "Wrong-1!" },
            }),
        );
    }
    let _ = signed_in(&world, &pool, &passkey, "ann");
    assert!(world.sign_in(&pool, "ann")["AccessToken"].is_string());
}

#[test]
fn a_device_is_named_and_proved_beside_a_passkey() {
    let world = World::new();
    let pool = world.passkey_pool(json!({
        "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": false },
    }));
    let passkey = world.user_with_passkey(&pool, "ann");
    let device = super::device_client::Device::confirm(&world, &world.sign_in(&pool, "ann")).0;
    let begun = world.ok(
        "InitiateAuth",
        json!({
            "AuthFlow": "USER_AUTH", "ClientId": pool.client,
            "AuthParameters": {
                "USERNAME": "ann", "PREFERRED_CHALLENGE": "WEB_AUTHN", "DEVICE_KEY": device.key,
            },
        }),
    );
    let proof = passkey.get(&options_of(&begun));
    let mut challenge = world.answer_passkey(&pool, &begun, &proof).unwrap();
    for name in ["DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"] {
        assert_eq!(challenge["ChallengeName"], name);
        let responses = device.responses(&challenge);
        challenge = world.answer(&pool, &challenge, responses).unwrap();
    }
    assert!(challenge["AuthenticationResult"]["AccessToken"].is_string());
}

/// A pool that wants a second factor, of Ann, who has a passkey and an authenticator app.
fn wanting(configuration: Json) -> (World, TestPool, Authenticator, String) {
    let world = World::new();
    let pool = world.passkey_pool(json!({}));
    let passkey = world.user_with_passkey(&pool, "ann");
    let on = |mfa: &str| {
        json!({
            "UserPoolId": pool.id, "MfaConfiguration": mfa,
            "SoftwareTokenMfaConfiguration": { "Enabled": true },
        })
    };
    let _ = world.ok("SetUserPoolMfaConfig", on("OPTIONAL"));
    let secret = world.set_up_token(&pool, "ann");
    let _ = world.ok("SetUserPoolMfaConfig", on("ON"));
    world.configure_passkeys(&pool, configuration);
    (world, pool, passkey, secret)
}

#[test]
fn a_passkey_is_two_factors_where_the_pool_says_so() {
    let (world, pool, mut passkey, _) = wanting(json!({
        "RelyingPartyId": "example.com",
        "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
    }));
    let claims = signed_in(&world, &pool, &passkey, "ann");
    assert_eq!(claims["acr"], "urn:cognito:loa:3");
    let challenge = world.begin_with_passkey(&pool, "ann").unwrap();
    assert_eq!(options_of(&challenge)["userVerification"], "required");
    passkey.flags = 1;
    let proof = passkey.get(&options_of(&challenge));
    assert_eq!(
        told(world.answer_passkey(&pool, &challenge, &proof)),
        "NotAuthorizedException: Invalid passkey credential."
    );
}

#[test]
fn a_passkey_is_one_factor_where_the_pool_does_not_say_more() {
    for configuration in [
        json!({ "RelyingPartyId": "example.com" }),
        json!({ "RelyingPartyId": "example.com", "FactorConfiguration": "SINGLE_FACTOR" }),
    ] {
        let (world, pool, _, _) = wanting(configuration);
        let offer = world.begin_with_passkey(&pool, "ann").unwrap();
        assert_eq!(offer["ChallengeName"], "SELECT_CHALLENGE");
        assert_eq!(offer["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD"]));
    }
}

#[test]
fn a_user_says_whether_the_passkey_is_two_factors() {
    let (world, pool, passkey, secret) = wanting(json!({
        "RelyingPartyId": "example.com",
        "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
    }));
    let begun = world.begin_sign_in(&pool, "ann");
    let mut answer = world.answer_app(&pool, &begun, &secret).unwrap();
    let token = answer["AuthenticationResult"]["AccessToken"].take();
    let set = |enabled: bool| {
        let settings = json!({ "Enabled": enabled });
        let input = json!({ "AccessToken": token, "WebAuthnMfaSettings": settings });
        world.call("SetUserMFAPreference", input)
    };
    assert_eq!(set(false), Ok(json!({})));
    let offer = choose(&world, &pool, "ann");
    assert_eq!(offer["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD"]));
    assert_eq!(set(true), Ok(json!({})));
    let _ = signed_in(&world, &pool, &passkey, "ann");
}

#[test]
fn a_passkey_alone_is_not_turned_on_for_two_factors() {
    let world = World::new();
    let pool = world.passkey_pool(json!({}));
    world.user(&pool, "ann", json!([]));
    let token = world.sign_in(&pool, "ann")["AccessToken"].take();
    let turn_on = || {
        let input = json!({ "AccessToken": token, "WebAuthnMfaSettings": { "Enabled": true } });
        told(world.call("SetUserMFAPreference", input))
    };
    let invalid = |why: &str| format!("InvalidParameterException: {why}");
    assert_eq!(turn_on(), invalid("The user pool does not take a passkey for two factors."));
    world.configure_passkeys(
        &pool,
        json!({
            "RelyingPartyId": "example.com",
            "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
        }),
    );
    assert_eq!(turn_on(), invalid("User does not have a passkey to turn on as a second factor."));
    world.register(&token, &mut Authenticator::new()).unwrap();
    assert_eq!(turn_on(), invalid("User must have another MFA method to turn on passkey MFA."));
}

#[test]
fn a_new_password_comes_before_a_passkey() {
    let world = World::new();
    let pool = world.passkey_pool(json!({}));
    let _ = world.user_with_passkey(&pool, "ann");
    let temporary = json!({ "UserPoolId": pool.id, "Username": "ann", "Password": PASSWORD });
    let _ = world.ok("AdminSetUserPassword", temporary);
    let offer = world.begin_with_passkey(&pool, "ann").unwrap();
    assert_eq!(offer["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD"]));
}

#[test]
fn functions_hear_of_a_sign_in_by_passkey_and_may_refuse_it() {
    let world = World::new();
    let names = ["PreAuthentication", "PostAuthentication", "PreTokenGeneration"];
    let pool = world.passkey_pool(json!({ "LambdaConfig": World::lambda_config(&names) }));
    for name in names {
        world.trigger_answers(name, json!({}));
    }
    let mut passkey = world.user_with_passkey(&pool, "ann");
    passkey.counter = 1;
    let before = world.events().len();
    let _ = signed_in(&world, &pool, &passkey, "ann");
    let heard = world.events().into_iter().skip(before);
    let heard: Vec<Json> = heard.map(|mut event| event["triggerSource"].take()).collect();
    assert_eq!(
        heard,
        [
            "PreAuthentication_Authentication",
            "PostAuthentication_Authentication",
            "TokenGeneration_Authentication",
        ]
    );
    world.trigger_fails("PostAuthentication", "not today");
    let begun = world.begin_with_passkey(&pool, "ann").unwrap();
    passkey.counter = 2;
    let proof = passkey.get(&options_of(&begun));
    assert_eq!(
        told(world.answer_passkey(&pool, &begun, &proof)),
        "UserLambdaValidationException: PostAuthentication failed with error not today."
    );
    // What was refused was not counted.
    world.trigger_answers("PostAuthentication", json!({}));
    assert!(world.answer_passkey(&pool, &begun, &proof).is_ok());
}

#[test]
fn a_passkey_leads_to_the_third_level_and_no_further() {
    let world = World::new();
    let pool = world.passkey_pool(json!({}));
    let passkey = world.user_with_passkey(&pool, "ann");
    let begin = |level: u8| {
        world.ok(
            "InitiateAuth",
            json!({
                "AuthFlow": "USER_AUTH", "ClientId": pool.client,
                "AuthParameters": {
                    "USERNAME": "ann", "PREFERRED_CHALLENGE": "WEB_AUTHN",
                    "TARGET_ACR_VALUES": format!("urn:cognito:loa:{level}"),
                },
            }),
        )
    };
    let answer = |begun: &Json| {
        let proof = passkey.get(&options_of(begun));
        world.answer_passkey(&pool, begun, &proof)
    };
    let begun = begin(3);
    assert_eq!(begun["AvailableChallenges"], json!(["WEB_AUTHN"]));
    let tokens = answer(&begun).unwrap()["AuthenticationResult"].take();
    assert_eq!(claims(&tokens["IdToken"])["acr"], "urn:cognito:loa:3");
    assert_eq!(
        told(answer(&begin(4))),
        "NotAuthorizedException: The user can not reach the requested authentication level."
    );
}
