//! Is nobody let in below the level of assurance that a client asks for, and is what a session was
//! proved by taken into account, but never as a proof of its own?

use kernel::testing::{Failure, PASSWORD, TestPool, World, claims};
use serde_json::{Value as Json, json};

use super::srp_client::{Attempt, public_a};

const LOA: [&str; 5] =
    ["", "urn:cognito:loa:1", "urn:cognito:loa:2", "urn:cognito:loa:3", "urn:cognito:loa:4"];

/// Ann has two addresses, Amy an authenticator app as well; neither wants a second factor.
fn world_with(mfa: &str, settings: Json, client: Json) -> (World, TestPool, String) {
    let world = World::new();
    let first = ["PASSWORD", "EMAIL_OTP", "SMS_OTP"];
    let mut all = json!({ "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": first } } });
    all.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    let mut pool = world.mfa_pool_with("OPTIONAL", all);
    let mut asked = json!({ "ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"] });
    asked.as_object_mut().unwrap().extend(client.as_object().unwrap().clone());
    pool.client = world.client(&pool.id, asked);
    for name in ["ann", "amy"] {
        let attribute = |name: &str, value: &str| json!({ "Name": name, "Value": value });
        let email = format!("{name}@example.com");
        world.user(
            &pool,
            name,
            json!([
                attribute("email", &email),
                attribute("email_verified", "true"),
                attribute("phone_number", "+12065550100"),
                attribute("phone_number_verified", "true"),
            ]),
        );
    }
    let secret = world.set_up_token(&pool, "amy");
    let off = json!({
        "UserPoolId": pool.id, "Username": "amy", "SoftwareTokenMfaSettings": { "Enabled": false },
    });
    let _ = world.ok("AdminSetUserMFAPreference", off);
    let configured = json!({ "UserPoolId": pool.id, "MfaConfiguration": mfa });
    let _ = world.ok("SetUserPoolMfaConfig", configured);
    (world, pool, secret)
}

fn world() -> (World, TestPool, String) {
    world_with("OPTIONAL", json!({}), json!({}))
}

fn begin(
    world: &World,
    pool: &TestPool,
    (name, levels): (&str, &str),
    more: Json,
) -> Result<Json, Failure> {
    let mut parameters = json!({ "USERNAME": name, "TARGET_ACR_VALUES": levels });
    parameters.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let input = json!({
        "AuthFlow": "USER_AUTH", "ClientId": pool.client, "AuthParameters": parameters,
    });
    world.call("InitiateAuth", input)
}

fn by_password() -> Json {
    json!({ "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD })
}

fn told(outcome: Result<Json, Failure>) -> String {
    let failure = outcome.unwrap_err();
    format!("{}: {}", failure.code, failure.message)
}

fn level(output: &Json) -> (String, Json) {
    let tokens = &output["AuthenticationResult"];
    let [id, access] = ["IdToken", "AccessToken"].map(|token| claims(&tokens[token]));
    assert_eq!((&id["acr"], &id["amr"]), (&access["acr"], &access["amr"]));
    (id["acr"].as_str().unwrap_or_default().into(), id["amr"].clone())
}

#[test]
fn a_level_is_reached_by_the_factors_that_the_user_has() {
    let (world, pool, secret) = world();
    let plain = begin(&world, &pool, ("ann", LOA[1]), by_password()).unwrap();
    assert_eq!(level(&plain), (LOA[1].into(), json!(["pwd"])));

    let asked = begin(&world, &pool, ("ann", LOA[2]), json!({})).unwrap();
    let code = json!({ "ANSWER": "EMAIL_OTP" });
    let asked = world.answer(&pool, &asked, code).unwrap();
    let code = json!({ "EMAIL_OTP_CODE": world.last_code() });
    let by_code = world.answer(&pool, &asked, code).unwrap();
    assert_eq!(level(&by_code), (LOA[2].into(), json!(["email_otp"])));

    let asked = begin(&world, &pool, ("ann", LOA[3]), by_password()).unwrap();
    assert_eq!(asked["ChallengeName"], "SELECT_MFA_TYPE");
    let asked = world.answer(&pool, &asked, json!({ "ANSWER": "SMS_MFA" })).unwrap();
    let code = json!({ "SMS_MFA_CODE": world.last_code() });
    let by_both = world.answer(&pool, &asked, code).unwrap();
    assert_eq!(level(&by_both), (LOA[3].into(), json!(["pwd", "sms", "mfa"])));

    let asked = begin(&world, &pool, ("amy", LOA[4]), by_password()).unwrap();
    let by_app = world.answer_app(&pool, &asked, &secret).unwrap();
    assert_eq!(level(&by_app), (LOA[4].into(), json!(["pwd", "otp", "mfa"])));
    let refreshed = world.ok(
        "GetTokensFromRefreshToken",
        json!({
            "ClientId": pool.client,
            "RefreshToken": by_app["AuthenticationResult"]["RefreshToken"],
        }),
    );
    assert_eq!(level(&refreshed), (LOA[4].into(), json!(["pwd", "otp", "mfa"])));
}

#[test]
fn what_does_not_lead_to_the_level_is_not_offered() {
    let (world, pool, _) = world();
    let offered = |name: &str, levels: &str| {
        begin(&world, &pool, (name, levels), json!({})).unwrap()["AvailableChallenges"].take()
    };
    let all = json!(["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "SMS_OTP"]);
    assert_eq!(offered("ann", LOA[1]), all);
    assert_eq!(offered("ann", LOA[2]), all);
    assert_eq!(offered("ann", LOA[3]), json!(["PASSWORD_SRP", "PASSWORD"]));
    assert_eq!(offered("amy", LOA[4]), json!(["PASSWORD_SRP", "PASSWORD"]));
    // The first of several that the user can reach is aimed at.
    let several = [LOA[4], "urn:example:none", LOA[2]].join(" ");
    assert_eq!(offered("ann", &several), all);
    assert_eq!(offered("amy", &several), json!(["PASSWORD_SRP", "PASSWORD"]));
    let preferred = json!({ "PREFERRED_CHALLENGE": "EMAIL_OTP" });
    let asked = begin(&world, &pool, ("ann", LOA[3]), preferred).unwrap();
    assert_eq!(asked["ChallengeName"], "SELECT_CHALLENGE");
    let code = world.answer(&pool, &asked, json!({ "ANSWER": "EMAIL_OTP" }));
    assert!(told(code).starts_with("InvalidParameterException"));
}

#[test]
fn who_can_not_reach_it_learns_so_after_a_proof_and_gets_no_tokens() {
    let (world, pool, _) = world();
    let wrong = json!({ "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": "Wrong-1!" });
    assert_eq!(
        told(begin(&world, &pool, ("ann", LOA[4]), wrong)),
        "NotAuthorizedException: Incorrect username or password."
    );
    assert_eq!(
        told(begin(&world, &pool, ("ann", LOA[4]), by_password())),
        "NotAuthorizedException: The user can not reach the requested authentication level."
    );
    let (world, pool, _) = world_with("OFF", json!({}), json!({}));
    let out_of_reach = begin(&world, &pool, ("amy", LOA[4]), by_password());
    assert!(told(out_of_reach).ends_with("authentication level."));
}

#[test]
fn the_level_is_not_lost_on_the_way_through_srp() {
    let (world, pool, secret) = world();
    for preferred in [true, false] {
        let begun = match preferred {
            true => json!({ "PREFERRED_CHALLENGE": "PASSWORD_SRP", "SRP_A": public_a() }),
            false => json!({}),
        };
        let mut asked = begin(&world, &pool, ("amy", LOA[4]), begun).unwrap();
        if !preferred {
            let srp = json!({ "ANSWER": "PASSWORD_SRP", "SRP_A": public_a() });
            asked = world.answer(&pool, &asked, srp).unwrap();
        }
        let attempt = Attempt::of(&pool, &asked["ChallengeParameters"]);
        let asked = attempt.respond(&world, &attempt.responses(PASSWORD)).unwrap();
        let done = world.answer_app(&pool, &asked, &secret).unwrap();
        assert_eq!(level(&done).0, LOA[4]);
        world.advance_s(60);
    }
}

#[test]
fn whoever_signed_in_lately_proves_no_more_than_is_lacking() {
    let (world, pool, secret) = world();
    let before = world.sign_in(&pool, "amy");
    world.advance_s(100);
    let stepped = |more: Json| {
        let mut all = json!({ "ACCESS_TOKEN": before["AccessToken"] });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        begin(&world, &pool, ("amy", LOA[4]), all).unwrap()
    };
    let asked = stepped(json!({ "MAX_AGE": "100" }));
    assert_eq!(asked["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    let done = world.answer_app(&pool, &asked, &secret).unwrap();
    assert_eq!(level(&done), (LOA[4].into(), json!(["pwd", "otp", "mfa"])));
    let claims = claims(&done["AuthenticationResult"]["IdToken"]);
    assert_eq!(claims["auth_time"], world.now_ms() / 1000);
    // A sign-in that is longer ago than is allowed stands for nothing.
    assert_eq!(stepped(json!({ "MAX_AGE": "99" }))["ChallengeName"], "SELECT_CHALLENGE");
    // The older token lives on.
    let _ = world.ok("GetUser", json!({ "AccessToken": before["AccessToken"] }));
}

#[test]
fn a_token_alone_never_becomes_another_one() {
    let (world, pool, secret) = world();
    let asked = begin(&world, &pool, ("amy", LOA[4]), by_password()).unwrap();
    let done = world.answer_app(&pool, &asked, &secret).unwrap();
    let token = &done["AuthenticationResult"]["AccessToken"];
    for reached in [LOA[1], LOA[3], LOA[4]] {
        let again = begin(&world, &pool, ("amy", reached), json!({ "ACCESS_TOKEN": token }));
        assert_eq!(again.unwrap()["ChallengeName"], "SELECT_CHALLENGE", "{reached}");
    }
}

#[test]
fn anothers_another_clients_and_a_dead_token_are_refused() {
    let (world, pool, _) = world();
    let of = |name: &str| world.sign_in(&pool, name)["AccessToken"].take();
    let with = |pool: &TestPool, name: &str, token: &Json| {
        told(begin(&world, pool, (name, LOA[3]), json!({ "ACCESS_TOKEN": token })))
    };
    let not_hers = "NotAuthorizedException: The access token is not of this user.";
    assert_eq!(with(&pool, "ann", &of("amy")), not_hers);
    let flows = json!({
        "ExplicitAuthFlows": ["ALLOW_USER_AUTH"], "PreventUserExistenceErrors": "ENABLED",
    });
    let other = TestPool { client: world.client(&pool.id, flows), id: pool.id.clone() };
    assert_eq!(with(&other, "ann", &of("ann")), not_hers);
    assert_eq!(with(&other, "nobody", &of("ann")), not_hers);
    let invalid = "NotAuthorizedException: Invalid Access Token";
    assert_eq!(with(&pool, "ann", &json!("e30.e30.AA")), invalid);
    let token = of("ann");
    let _ = world.ok("GlobalSignOut", json!({ "AccessToken": token }));
    assert!(with(&pool, "ann", &token).ends_with("Access Token has been revoked"));
    world.advance_s(1);
    let token = of("ann");
    world.advance_s(3_601);
    assert!(with(&pool, "ann", &token).ends_with("Access Token has expired"));
}

#[test]
fn a_device_is_no_way_around_the_level() {
    let devices = json!({
        "DeviceConfiguration": {
            "ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": false,
        },
    });
    let (world, pool, secret) = world_with("OPTIONAL", devices, json!({}));
    let tokens = world.sign_in(&pool, "amy");
    let (device, _) = super::device_client::Device::confirm(&world, &tokens);
    let mut parameters = by_password();
    parameters["DEVICE_KEY"] = json!(device.key);
    let asked = begin(&world, &pool, ("amy", LOA[4]), parameters).unwrap();
    assert_eq!(asked["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    let asked = world.answer_app(&pool, &asked, &secret).unwrap();
    let done = device.prove(&world, &pool, &asked).unwrap();
    assert_eq!(level(&done).0, LOA[4]);
}

#[test]
fn whoever_has_yet_to_set_a_factor_up_reaches_it_by_that() {
    let (world, pool, _) = world_with("OPTIONAL", json!({}), json!({}));
    world.user(&pool, "bob", json!([]));
    let on = json!({ "UserPoolId": pool.id, "MfaConfiguration": "ON" });
    let _ = world.ok("SetUserPoolMfaConfig", on);
    let mut asked = begin(&world, &pool, ("bob", LOA[4]), by_password()).unwrap();
    assert_eq!(asked["ChallengeName"], "MFA_SETUP");
    let made = world.ok("AssociateSoftwareToken", json!({ "Session": asked["Session"] }));
    let code = world.app_code(made["SecretCode"].as_str().unwrap());
    let verified = json!({ "Session": made["Session"], "UserCode": code });
    asked["Session"] = world.ok("VerifySoftwareToken", verified)["Session"].take();
    let done = world.answer(&pool, &asked, json!({})).unwrap();
    assert_eq!(level(&done).0, LOA[4]);
}

#[test]
fn levels_have_the_names_that_the_pool_gives_them() {
    let named =
        json!({ "AcrConfiguration": { "Level1": { "AcrValue": "https://a.example/low" } } });
    let (world, pool, _) = world_with("OPTIONAL", named, json!({}));
    let done = begin(&world, &pool, ("ann", "https://a.example/low"), by_password()).unwrap();
    assert_eq!(level(&done).0, "https://a.example/low");
    let unknown = told(begin(&world, &pool, ("ann", LOA[1]), by_password()));
    assert!(unknown.starts_with("InvalidParameterException"), "{unknown}");
}

#[test]
fn what_is_asked_wrongly_is_refused() {
    let (world, pool, _) = world();
    let token = world.sign_in(&pool, "ann")["AccessToken"].take();
    let ask = |parameters: Json| {
        let input = json!({
            "AuthFlow": "USER_AUTH", "ClientId": pool.client, "AuthParameters": parameters,
        });
        told(world.call("InitiateAuth", input))
    };
    for parameters in [
        json!({ "USERNAME": "ann", "ACCESS_TOKEN": token }),
        json!({ "USERNAME": "ann", "TARGET_ACR_VALUES": "" }),
        json!({ "USERNAME": "ann", "TARGET_ACR_VALUES": "urn:example:none" }),
        json!({ "USERNAME": "ann", "TARGET_ACR_VALUES": LOA[1], "MAX_AGE": "-1" }),
        json!({ "USERNAME": "ann", "MAX_AGE": "soon" }),
    ] {
        let refused = ask(parameters.clone());
        assert!(refused.starts_with("InvalidParameterException"), "{parameters}: {refused}");
    }
    let lite = json!({ "UserPoolTier": "LITE" });
    let (world, pool, _) = world_with("OPTIONAL", lite, json!({}));
    let refused = told(begin(&world, &pool, ("ann", LOA[1]), by_password()));
    assert!(refused.starts_with("FeatureUnavailableInTierException"), "{refused}");
}

#[test]
fn where_users_are_hidden_nobody_is_asked_as_a_user_is() {
    let hidden = json!({ "PreventUserExistenceErrors": "ENABLED" });
    let (world, pool, _) = world_with("OPTIONAL", json!({}), hidden);
    for levels in [LOA[1], LOA[3], &[LOA[4], LOA[3]].join(" ")] {
        let asked = |name: &str| {
            let asked = begin(&world, &pool, (name, levels), json!({})).unwrap();
            (asked["ChallengeName"].clone(), asked["AvailableChallenges"].clone())
        };
        assert_eq!(asked("nobody"), asked("ann"), "{levels}");
    }
}
