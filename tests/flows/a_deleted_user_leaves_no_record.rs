//! Deleting a user removes everything that was kept about them.

use std::collections::BTreeSet;

use kernel::testing::{PASSWORD, TestPool, World};
use serde_json::{Value as Json, json};

use super::{device_client::Device, records};

/// A pool in which Bob, who stays, has done once what Ann is about to do.
fn world_of_bob() -> (World, TestPool) {
    let world = World::new();
    let pool = world.pool(json!({
        "AliasAttributes": ["email", "phone_number"], "AutoVerifiedAttributes": ["email"],
        "Policies": { "PasswordPolicy": { "MinimumLength": 8, "PasswordHistorySize": 3 } },
        "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": false },
    }));
    let role = "arn:aws:iam::123456789012:role/sms";
    let _ = world.ok(
        "SetUserPoolMfaConfig",
        json!({
            "UserPoolId": pool.id, "MfaConfiguration": "OPTIONAL",
            "SmsMfaConfiguration": { "SmsConfiguration": { "SnsCallerArn": role } },
            "SoftwareTokenMfaConfiguration": { "Enabled": true },
        }),
    );
    for group in ["readers", "writers"] {
        let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": group }));
    }
    live(&world, &pool, "bob");
    (world, pool)
}

/// Does all that leaves something behind; gives an access token.
fn live(world: &World, pool: &TestPool, name: &str) -> Json {
    let user = |more: Json| -> Json {
        let mut input = json!({ "Username": name });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let _ = world.ok(
        "SignUp",
        user(json!({
            "ClientId": pool.client, "Password": PASSWORD,
            "UserAttributes": [
                { "Name": "email", "Value": format!("{name}@example.com") },
                { "Name": "name", "Value": format!("{name} of/the %House") },
            ],
        })),
    );
    let code = world.last_code();
    let _ = world
        .ok("ConfirmSignUp", user(json!({ "ClientId": pool.client, "ConfirmationCode": code })));
    for group in ["readers", "writers"] {
        let _ = world
            .ok("AdminAddUserToGroup", user(json!({ "UserPoolId": pool.id, "GroupName": group })));
    }
    let mut signed_in = [(); 3].map(|()| world.sign_in(pool, name));
    let token = signed_in[0]["RefreshToken"].take();
    let _ = world.ok("RevokeToken", json!({ "ClientId": pool.client, "Token": token }));
    prove_something(world, pool, name);
    let token = world.sign_in(pool, name)["AccessToken"].take();
    let _ = world.ok(
        "ChangePassword",
        json!({
            "AccessToken": token, "PreviousPassword": PASSWORD, "ProposedPassword": "An0ther-1!",
        }),
    );
    let _ = world.ok("ForgotPassword", user(json!({ "ClientId": pool.client })));
    let wrong = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
        "AuthParameters": { "USERNAME": name, "PASSWORD": "Wrong-1!" },
    });
    let _ = world.fails("InitiateAuth", wrong);
    token
}

/// Leaves a code that proves an address, second factors, and a device.
fn prove_something(world: &World, pool: &TestPool, name: &str) {
    let tokens = world.sign_in(pool, name);
    let _ = Device::confirm(world, &tokens);
    let token = &tokens["AccessToken"];
    let with = |more: Json| -> Json {
        let mut input = json!({ "AccessToken": token });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let phone = json!([{ "Name": "phone_number", "Value": "+12065550100" }]);
    let _ = world.ok("UpdateUserAttributes", with(json!({ "UserAttributes": phone })));
    let email = json!({ "AttributeName": "email" });
    let _ = world.ok("GetUserAttributeVerificationCode", with(email));
    let options = json!([{ "DeliveryMedium": "SMS", "AttributeName": "phone_number" }]);
    let _ = world.ok("SetUserSettings", with(json!({ "MFAOptions": options })));
    // A code to sign in by, which is never given back.
    assert_eq!(world.begin_sign_in(pool, name)["ChallengeName"], "SMS_MFA");
    let off = json!({ "SMSMfaSettings": { "Enabled": false } });
    let _ = world.ok("SetUserMFAPreference", with(off));
    let _ = world.set_up_token(pool, name);
    let off = json!({ "SoftwareTokenMfaSettings": { "Enabled": false } });
    let _ = world.ok("SetUserMFAPreference", with(off));
    let _ = world.ok("AssociateSoftwareToken", with(json!({})));
}

#[test]
fn a_user_who_leaves_leaves_nothing() {
    let (world, pool) = world_of_bob();
    let before = records::of_pool(&world, &pool);
    let token = live(&world, &pool, "ann");
    let _ = world.ok("DeleteUser", json!({ "AccessToken": token }));
    assert_eq!(records::of_pool(&world, &pool), before);
}

#[test]
fn the_records_are_what_they_were_before_the_user_came() {
    let (world, pool) = world_of_bob();
    let before = records::of_pool(&world, &pool);
    live(&world, &pool, "ann");
    assert!(records::of_pool(&world, &pool).len() > before.len() + 10);
    let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
    let after = records::of_pool(&world, &pool);
    let left: Vec<_> = after.keys().filter(|key| !before.contains_key(*key)).collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(after, before);
}

#[test]
fn a_user_who_never_confirmed_leaves_nothing_either() {
    let (world, pool) = world_of_bob();
    let before = records::of_pool(&world, &pool);
    let _ = world.ok(
        "SignUp",
        json!({
            "ClientId": pool.client, "Username": "ann", "Password": PASSWORD,
            "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }],
        }),
    );
    let wrong = json!({ "ClientId": pool.client, "Username": "ann", "ConfirmationCode": "1" });
    let _ = world.fails("ConfirmSignUp", wrong);
    let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
    assert_eq!(records::of_pool(&world, &pool), before);
}

#[test]
fn passkeys_go_with_their_user() {
    let world = World::new();
    let pool = world.passkey_pool(json!({}));
    let _ = world.user_with_passkey(&pool, "bob");
    let names = || -> BTreeSet<(String, String)> {
        // What was used up is kept by a number that names nobody.
        let records = records::of_pool(&world, &pool).into_keys();
        records.filter(|(_, key)| !key.starts_with("spent/")).collect()
    };
    let before = names();
    let _ = world.user_with_passkey(&pool, "ann");
    assert!(names().iter().any(|(_, key)| key.starts_with("passkey/ann/")));
    let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
    assert_eq!(names(), before);
}
