//! Devices: which are remembered, what that is good for, and what a forged or forgotten one is not.

use kernel::testing::{Failure, PASSWORD, TestPool, World};
use serde_json::{Value as Json, json};

use super::device_client::Device;

/// Ann, whose second factor is a text message, and her confirmed device.
fn world(devices: Json) -> (World, TestPool, Device) {
    let world = World::new();
    let pool = world.mfa_pool_with("OPTIONAL", json!({ "DeviceConfiguration": devices }));
    world.user(&pool, "ann", json!([{ "Name": "phone_number", "Value": "+12065550100" }]));
    let (device, _) = Device::confirm(&world, &world.sign_in(&pool, "ann"));
    let _ = world.ok(
        "AdminSetUserMFAPreference",
        json!({
            "UserPoolId": pool.id, "Username": "ann", "SMSMfaSettings": { "Enabled": true },
        }),
    );
    (world, pool, device)
}

fn always() -> Json {
    json!({ "ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": false })
}

fn begin(world: &World, pool: &TestPool, device: Option<&str>) -> Result<Json, Failure> {
    let mut parameters = json!({ "USERNAME": "ann", "PASSWORD": PASSWORD });
    if let Some(device) = device {
        parameters["DEVICE_KEY"] = json!(device);
    }
    world.call(
        "InitiateAuth",
        json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
            "AuthParameters": parameters,
        }),
    )
}

fn told(outcome: Result<Json, Failure>) -> String {
    let failure = outcome.unwrap_err();
    format!("{}: {}", failure.code, failure.message)
}

fn claims(token: &Json) -> Json {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let body = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}

#[test]
fn the_device_is_proved_in_the_place_of_a_code() {
    let (world, pool, device) = world(always());
    assert_eq!(begin(&world, &pool, None).unwrap()["ChallengeName"], "SMS_MFA");
    let challenge = begin(&world, &pool, Some(&device.key)).unwrap();
    let tokens = device.prove(&world, &pool, &challenge).unwrap()["AuthenticationResult"].take();
    // A device that is known is not made known again.
    assert_eq!(tokens.get("NewDeviceMetadata"), None);
    assert_eq!(claims(&tokens["AccessToken"])["device_key"], device.key);
    let refreshed = world.ok(
        "GetTokensFromRefreshToken",
        json!({
            "ClientId": pool.client, "RefreshToken": tokens["RefreshToken"],
            "DeviceKey": device.key,
        }),
    );
    let refreshed = &refreshed["AuthenticationResult"]["AccessToken"];
    assert_eq!(claims(refreshed)["device_key"], device.key);
}

#[test]
fn a_key_alone_proves_nothing() {
    let (world, pool, device) = world(always());
    let challenge = begin(&world, &pool, Some(&device.key)).unwrap();
    let wrong = "NotAuthorizedException: Incorrect username or password.";
    assert_eq!(told(device.forged().prove(&world, &pool, &challenge)), wrong);
    // The first half was used up.
    let used = "NotAuthorizedException: Invalid session for the user, session can only be used \
                once.";
    assert_eq!(told(device.prove(&world, &pool, &challenge)), used);
    for _ in 0..4 {
        let challenge = begin(&world, &pool, Some(&device.key)).unwrap();
        assert_eq!(told(device.forged().prove(&world, &pool, &challenge)), wrong);
    }
    assert_eq!(
        told(begin(&world, &pool, Some(&device.key))),
        "NotAuthorizedException: Password attempts exceeded"
    );
}

#[test]
fn a_device_that_is_not_known_is_told_in_the_word_that_sdks_look_for() {
    let (world, pool, device) = world(always());
    let unknown = "ResourceNotFoundException: Device does not exist.";
    assert_eq!(told(begin(&world, &pool, Some("eu-west-1_0a1b"))), unknown);
    // Nor is another user's.
    world.user(&pool, "bob", json!([]));
    let bob = json!({ "USERNAME": "bob", "PASSWORD": PASSWORD, "DEVICE_KEY": device.key });
    let bob = world.call(
        "InitiateAuth",
        json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client, "AuthParameters": bob,
        }),
    );
    assert_eq!(told(bob), unknown);
    let forget = json!({
        "UserPoolId": pool.id, "Username": "ann", "DeviceKey": device.key,
    });
    let challenge = begin(&world, &pool, Some(&device.key)).unwrap();
    let _ = world.ok("AdminForgetDevice", forget.clone());
    assert_eq!(told(device.prove(&world, &pool, &challenge)), unknown);
    assert_eq!(told(begin(&world, &pool, Some(&device.key))), unknown);
    assert_eq!(told(world.call("AdminForgetDevice", forget)), unknown);
}

#[test]
fn one_that_its_user_does_not_want_remembered_is_asked_for_a_code_as_well() {
    let asking =
        json!({ "ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": true });
    let (world, pool, device) = world(asking);
    let challenge = begin(&world, &pool, Some(&device.key)).unwrap();
    assert_eq!(challenge["ChallengeName"], "SMS_MFA");
    let code = json!({ "SMS_MFA_CODE": world.last_code() });
    let challenge = world.answer(&pool, &challenge, code).unwrap();
    let tokens = device.prove(&world, &pool, &challenge).unwrap()["AuthenticationResult"].take();
    let update = |status: &str| {
        let _ = world.ok(
            "UpdateDeviceStatus",
            json!({
                "AccessToken": tokens["AccessToken"], "DeviceKey": device.key,
                "DeviceRememberedStatus": status,
            }),
        );
        begin(&world, &pool, Some(&device.key)).unwrap()["ChallengeName"].clone()
    };
    assert_eq!(update("remembered"), "DEVICE_SRP_AUTH");
    assert_eq!(update("not_remembered"), "SMS_MFA");
}

#[test]
fn where_every_device_is_challenged_a_remembered_one_is_no_second_factor() {
    let (world, pool, device) = world(json!({ "ChallengeRequiredOnNewDevice": false }));
    let challenge = begin(&world, &pool, Some(&device.key)).unwrap();
    assert_eq!(challenge["ChallengeName"], "SMS_MFA");
}

#[test]
fn a_device_that_is_demoted_meanwhile_is_asked_for_a_code_after_all() {
    let (world, pool, device) = world(always());
    let challenge = begin(&world, &pool, Some(&device.key)).unwrap();
    let _ = world.ok(
        "AdminUpdateDeviceStatus",
        json!({
            "UserPoolId": pool.id, "Username": "ann", "DeviceKey": device.key,
            "DeviceRememberedStatus": "not_remembered",
        }),
    );
    let challenge = device.prove(&world, &pool, &challenge).unwrap();
    assert_eq!(challenge["ChallengeName"], "SMS_MFA");
    let code = json!({ "SMS_MFA_CODE": world.last_code() });
    assert!(world.answer(&pool, &challenge, code).unwrap()["AuthenticationResult"].is_object());
}

#[test]
fn devices_are_listed_page_by_page_shown_and_forgotten() {
    let (world, pool, first) = world(always());
    world.advance_s(1);
    let challenge = begin(&world, &pool, None).unwrap();
    let code = json!({ "SMS_MFA_CODE": world.last_code() });
    let tokens = world.answer(&pool, &challenge, code).unwrap()["AuthenticationResult"].take();
    let (second, _) = Device::confirm(&world, &tokens);
    let named = |more: Json| -> Json {
        let mut input = json!({ "UserPoolId": pool.id, "Username": "ann" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let page = world.ok("AdminListDevices", named(json!({ "Limit": 1 })));
    let rest = named(json!({ "Limit": 1, "PaginationToken": page["PaginationToken"] }));
    let rest = world.ok("AdminListDevices", rest);
    assert_eq!(rest.get("PaginationToken"), None);
    let mut keys = [&page, &rest].map(|page| page["Devices"][0]["DeviceKey"].clone());
    let mut both = [json!(first.key), json!(second.key)];
    keys.sort_by_key(Json::to_string);
    both.sort_by_key(Json::to_string);
    assert_eq!(keys, both);

    let own = json!({ "AccessToken": tokens["AccessToken"], "DeviceKey": second.key });
    let shown = world.ok("GetDevice", own.clone());
    let admin = world.ok("AdminGetDevice", named(json!({ "DeviceKey": second.key })));
    assert_eq!(shown, admin);
    assert_eq!(shown["Device"]["DeviceKey"], second.key);
    let _ = world.ok("ForgetDevice", own.clone());
    let unknown = "ResourceNotFoundException: Device does not exist.";
    assert_eq!(told(world.call("GetDevice", own)), unknown);
    let nobody = json!({ "UserPoolId": pool.id, "Username": "eve", "DeviceKey": second.key });
    assert_eq!(
        told(world.call("AdminGetDevice", nobody)),
        "ResourceNotFoundException: User does not exist."
    );
    let listed = world.ok("ListDevices", json!({ "AccessToken": tokens["AccessToken"] }));
    assert_eq!(listed["Devices"].as_array().unwrap().len(), 1);
    let _ = world.ok("AdminDeleteUser", named(json!({})));
    world.user(&pool, "ann", json!([]));
    let listed = world.ok("AdminListDevices", named(json!({})));
    assert_eq!(listed["Devices"], json!([]));
}

/// Refreshes through both doors, at a device of that key.
fn refresh(world: &World, pool: &TestPool, tokens: &Json, key: Option<&str>) -> [String; 2] {
    let mut input = json!({ "ClientId": pool.client, "RefreshToken": tokens["RefreshToken"] });
    let mut parameters = json!({ "REFRESH_TOKEN": tokens["RefreshToken"] });
    if let Some(key) = key {
        input["DeviceKey"] = json!(key);
        parameters["DEVICE_KEY"] = json!(key);
    }
    let by_flow = json!({
        "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": pool.client, "AuthParameters": parameters,
    });
    let told = |outcome: Result<Json, Failure>| match outcome {
        Ok(output) => {
            let token = &output["AuthenticationResult"]["AccessToken"];
            claims(token)["device_key"].as_str().unwrap().into()
        }
        Err(failure) => format!("{}: {}", failure.code, failure.message),
    };
    [world.call("GetTokensFromRefreshToken", input), world.call("InitiateAuth", by_flow)].map(told)
}

#[test]
fn tokens_are_refreshed_where_they_were_given() {
    let (world, pool, device) = world(always());
    let challenge = begin(&world, &pool, Some(&device.key)).unwrap();
    let tokens = device.prove(&world, &pool, &challenge).unwrap()["AuthenticationResult"].take();
    assert_eq!(refresh(&world, &pool, &tokens, Some(&device.key)), [&*device.key; 2]);
    let invalid = "NotAuthorizedException: Invalid Refresh Token";
    for elsewhere in [None, Some("eu-west-1_0a1b")] {
        assert_eq!(refresh(&world, &pool, &tokens, elsewhere), [invalid; 2], "{elsewhere:?}");
    }
}

#[test]
fn a_device_that_was_never_confirmed_need_not_be_named() {
    let world = World::new();
    let pool = world.pool(json!({ "DeviceConfiguration": always() }));
    world.user(&pool, "ann", json!([]));
    let tokens = world.sign_in(&pool, "ann");
    let key = tokens["NewDeviceMetadata"]["DeviceKey"].as_str().unwrap();
    assert_eq!(refresh(&world, &pool, &tokens, None), [key; 2]);
    assert_eq!(refresh(&world, &pool, &tokens, Some(key)), [key; 2]);
}

#[test]
fn with_a_device_its_refresh_tokens_are_forgotten_and_no_others() {
    for by_admin in [true, false] {
        let (world, pool, device) = world(always());
        let challenge = begin(&world, &pool, Some(&device.key)).unwrap();
        let done = device.prove(&world, &pool, &challenge).unwrap();
        let here = &done["AuthenticationResult"];
        let challenge = begin(&world, &pool, None).unwrap();
        let code = json!({ "SMS_MFA_CODE": world.last_code() });
        let done = world.answer(&pool, &challenge, code).unwrap();
        let elsewhere = &done["AuthenticationResult"];
        let mut forget = json!({ "DeviceKey": device.key });
        let _ = if by_admin {
            forget["UserPoolId"] = json!(pool.id);
            forget["Username"] = json!("ann");
            world.ok("AdminForgetDevice", forget)
        } else {
            forget["AccessToken"] = elsewhere["AccessToken"].clone();
            world.ok("ForgetDevice", forget)
        };
        let revoked = "NotAuthorizedException: Refresh Token has been revoked";
        assert_eq!(refresh(&world, &pool, here, Some(&device.key)), [revoked; 2]);
        let other = elsewhere["NewDeviceMetadata"]["DeviceKey"].as_str().unwrap();
        assert_eq!(refresh(&world, &pool, elsewhere, Some(other)), [other; 2]);
        // Who forgets the own device is not thrown out at once.
        let _ = world.ok("GetUser", json!({ "AccessToken": here["AccessToken"] }));
    }
}
