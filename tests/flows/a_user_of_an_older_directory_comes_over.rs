//! Is a user of an older directory made one of this pool at the first sign-in, as far as functions
//! vouch for them?

use kernel::testing::{Failure, PASSWORD, TestPool, World, shown};
use serde_json::{Value, json};

use super::a_trigger_steers_a_sign_in::{said, sign_in};

fn migrating(world: &World, settings: Value) -> TestPool {
    let mut input = json!({ "LambdaConfig": World::lambda_config(&["UserMigration"]) });
    input.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    world.pool(input)
}

fn user(world: &World, pool: &TestPool, name: &str) -> Result<Value, Failure> {
    world.call("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": name }))
}

/// The older directory: it knows that password, and says that of whoever has it.
fn directory(world: &World, response: Value) {
    world.trigger("UserMigration", move |mut event| {
        let password = &event["request"]["password"];
        if password.is_string() && password != PASSWORD {
            return Err("Bad password".into());
        }
        event["response"] = response.clone();
        Ok(event)
    });
}

#[test]
fn passwords_of_an_older_directory_are_guessed_no_faster_than_ours() {
    let world = World::new();
    let pool = migrating(&world, json!({}));
    directory(
        &world,
        json!({ "userAttributes": { "email": "ann@example.com" }, "finalUserStatus": "CONFIRMED" }),
    );
    for _ in 0..5 {
        let failure = sign_in(&world, &pool.client, "ann", "wrong").unwrap_err();
        assert_eq!(failure.code, "UserLambdaValidationException");
    }
    let failure = sign_in(&world, &pool.client, "ann", PASSWORD).unwrap_err();
    assert_eq!(said(&failure), "NotAuthorizedException: Password attempts exceeded");
    assert_eq!(world.events().len(), 5);
    world.advance_s(2);
    let _ = sign_in(&world, &pool.client, "ann", PASSWORD).unwrap();
}

#[test]
fn a_user_of_an_older_directory_signs_in_and_is_one_of_this_pool() {
    let world = World::new();
    let pool = migrating(&world, json!({}));
    directory(
        &world,
        json!({
            "userAttributes": {
                "username": "ann", "sub": "old", "email": "ann@example.com", "email_verified": "true",
            },
            "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS",
        }),
    );
    let failure = sign_in(&world, &pool.client, "ann", "wrong").unwrap_err();
    assert_eq!(
        said(&failure),
        "UserLambdaValidationException: UserMigration failed with error Bad password."
    );
    assert_eq!(user(&world, &pool, "ann").unwrap_err().code, "UserNotFoundException");
    for _ in 0..2 {
        let _ = sign_in(&world, &pool.client, "ann", PASSWORD).unwrap();
    }
    assert_eq!(world.events().len(), 2);
    let event = world.events().pop().unwrap();
    assert_eq!(event["triggerSource"], "UserMigration_Authentication");
    assert_eq!(event["userName"], "ann");
    assert_eq!(event["request"]["validationData"], json!({ "at": "door" }));
    let ann = user(&world, &pool, "ann").unwrap();
    assert_eq!(ann["UserStatus"], "CONFIRMED");
    assert_eq!(shown(&ann, "email_verified").as_deref(), Some("true"));
    assert_ne!(shown(&ann, "sub").as_deref(), Some("old"));
    let failure = sign_in(&world, &pool.client, "ann", "wrong").unwrap_err();
    assert_eq!(failure.code, "NotAuthorizedException");
}

#[test]
fn users_who_sign_in_by_address_are_migrated_by_it() {
    let world = World::new();
    let pool = migrating(&world, json!({ "UsernameAttributes": ["email"] }));
    let attributes = json!({ "email": "ann@example.com", "email_verified": "true" });
    directory(&world, json!({ "userAttributes": attributes, "finalUserStatus": "CONFIRMED" }));
    for _ in 0..2 {
        let _ = sign_in(&world, &pool.client, "ann@example.com", PASSWORD).unwrap();
    }
    assert_eq!(world.events().len(), 1);
}

#[test]
fn a_migrated_user_who_is_not_confirmed_stands_and_must_choose_another_password() {
    let world = World::new();
    let pool = migrating(&world, json!({}));
    let attributes = json!({ "email": "ann@example.com", "email_verified": "true" });
    directory(&world, json!({ "userAttributes": attributes }));
    for _ in 0..2 {
        let failure = sign_in(&world, &pool.client, "ann", PASSWORD).unwrap_err();
        assert_eq!(failure.code, "PasswordResetRequiredException");
    }
    assert_eq!(world.events().len(), 1);
    assert_eq!(user(&world, &pool, "ann").unwrap()["UserStatus"], "RESET_REQUIRED");
}

#[test]
fn a_user_of_an_older_directory_may_choose_another_password() {
    let world = World::new();
    let pool = migrating(&world, json!({}));
    let attributes = json!({ "email": "ann@example.com", "email_verified": "true" });
    directory(&world, json!({ "userAttributes": attributes }));
    let named = json!({ "ClientId": pool.client, "Username": "ann" });
    let _ = world.ok("ForgotPassword", named.clone());
    let event = world.events().pop().unwrap();
    assert_eq!(event["triggerSource"], "UserMigration_ForgotPassword");
    assert!(event["request"].get("password").is_none());
    let mut chosen = named;
    chosen["ConfirmationCode"] = json!(world.last_code());
    chosen["Password"] = json!("An0ther-one!");
    let _ = world.ok("ConfirmForgotPassword", chosen);
    let _ = sign_in(&world, &pool.client, "ann", "An0ther-one!").unwrap();
}

#[test]
fn whom_the_older_directory_does_not_know_or_who_fits_not_is_not_made() {
    let world = World::new();
    let pool = migrating(&world, json!({}));
    for (response, code) in [
        (json!({}), "UserNotFoundException"),
        (json!({ "userAttributes": {} }), "UserNotFoundException"),
        (json!({ "userAttributes": { "email": 7 } }), "InvalidLambdaResponseException"),
        (json!({ "userAttributes": { "nothing": "x" } }), "InvalidLambdaResponseException"),
        (
            json!({ "userAttributes": { "name": "Ann" }, "finalUserStatus": "GOD" }),
            "InvalidLambdaResponseException",
        ),
    ] {
        directory(&world, response.clone());
        let failure = sign_in(&world, &pool.client, "ann", PASSWORD).unwrap_err();
        assert_eq!(failure.code, code, "{response}");
        assert_eq!(user(&world, &pool, "ann").unwrap_err().code, "UserNotFoundException");
    }
}
