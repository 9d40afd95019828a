//! What may a function say of a new user, of one who was confirmed, and of the messages they get?

use kernel::testing::{Failure, PASSWORD, TestPool, World, shown};
use serde_json::{Value, json};

fn pool(world: &World, triggers: &[&str], settings: &Value) -> TestPool {
    let mut input = json!({
        "AutoVerifiedAttributes": ["email"], "LambdaConfig": World::lambda_config(triggers),
    });
    input.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    world.pool(input)
}

fn sign_up(world: &World, pool: &TestPool, name: &str) -> Result<Value, Failure> {
    world.call(
        "SignUp",
        json!({
            "ClientId": pool.client, "Username": name, "Password": PASSWORD,
            "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }],
            "ValidationData": [{ "Name": "invitation", "Value": "7" }],
            "ClientMetadata": { "from": "web" },
        }),
    )
}

fn user(world: &World, pool: &TestPool, name: &str) -> Result<Value, Failure> {
    world.call("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": name }))
}

fn said(failure: &Failure) -> String {
    format!("{}: {}", failure.code, failure.message)
}

#[test]
fn the_event_is_cognitos() {
    let world = World::new();
    let pool = pool(&world, &["PreSignUp"], &json!({}));
    world.trigger_answers("PreSignUp", json!({}));
    let _ = sign_up(&world, &pool, "ann").unwrap();
    assert_eq!(
        world.events(),
        [json!({
            "version": "1", "triggerSource": "PreSignUp_SignUp", "region": "eu-west-1",
            "userPoolId": pool.id, "userName": "ann",
            "callerContext": {
                "awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": pool.client,
            },
            "request": {
                "userAttributes": { "email": "ann@example.com" },
                "validationData": { "invitation": "7" }, "clientMetadata": { "from": "web" },
            },
            "response": {
                "autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false,
            },
        })]
    );
}

#[test]
fn a_refused_user_leaves_nothing_behind() {
    let world = World::new();
    let pool = pool(&world, &["PreSignUp"], &json!({}));
    world.trigger_fails("PreSignUp", "Not you");
    let failure = sign_up(&world, &pool, "ann").unwrap_err();
    assert_eq!(
        said(&failure),
        "UserLambdaValidationException: PreSignUp failed with error Not you."
    );
    assert_eq!(user(&world, &pool, "ann").unwrap_err().code, "UserNotFoundException");
    assert!(world.sent().is_empty());
}

#[test]
fn a_user_whom_the_function_confirms_signs_in_at_once_and_gets_no_code() {
    let world = World::new();
    let pool = pool(&world, &["PreSignUp", "PostConfirmation"], &json!({}));
    world.trigger_answers("PreSignUp", json!({ "autoConfirmUser": true, "autoVerifyEmail": true }));
    world.trigger_answers("PostConfirmation", json!({}));
    assert_eq!(sign_up(&world, &pool, "ann").unwrap()["UserConfirmed"], true);
    assert!(world.sent().is_empty());
    let ann = user(&world, &pool, "ann").unwrap();
    assert_eq!(ann["UserStatus"], "CONFIRMED");
    assert_eq!(shown(&ann, "email_verified").as_deref(), Some("true"));
    assert!(world.sign_in(&pool, "ann")["IdToken"].is_string());
    let told = world.events().pop().unwrap();
    assert_eq!(told["triggerSource"], "PostConfirmation_ConfirmSignUp");
    assert_eq!(told["request"]["userAttributes"]["cognito:user_status"], "CONFIRMED");
}

#[test]
fn an_alias_that_the_function_vouches_for_passes_to_the_new_user() {
    let world = World::new();
    let pool = pool(&world, &["PreSignUp"], &json!({ "AliasAttributes": ["email"] }));
    world.trigger_answers("PreSignUp", json!({ "autoConfirmUser": true, "autoVerifyEmail": true }));
    let _ = sign_up(&world, &pool, "ann").unwrap();
    let _ = sign_up(&world, &pool, "bob").unwrap();
    assert_eq!(user(&world, &pool, "ann@example.com").unwrap()["Username"], "bob");
    let ann = user(&world, &pool, "ann").unwrap();
    assert_ne!(shown(&ann, "email_verified").as_deref(), Some("true"));
}

#[test]
fn an_address_that_is_not_there_can_not_be_vouched_for() {
    let world = World::new();
    let pool = pool(&world, &["PreSignUp"], &json!({}));
    world.trigger_answers("PreSignUp", json!({ "autoVerifyPhone": true }));
    let failure = sign_up(&world, &pool, "ann").unwrap_err();
    assert_eq!(failure.code, "InvalidLambdaResponseException");
    assert_eq!(user(&world, &pool, "ann").unwrap_err().code, "UserNotFoundException");
}

#[test]
fn what_is_no_answer_is_refused_and_writes_nothing() {
    let world = World::new();
    let pool = pool(&world, &["PreSignUp"], &json!({}));
    for bad in [
        json!(null),
        json!("ok"),
        json!({}),
        json!({ "response": null }),
        json!({ "response": [] }),
        json!({ "response": { "autoConfirmUser": "yes" } }),
    ] {
        let returned = bad.clone();
        world.trigger("PreSignUp", move |_| Ok(returned.clone()));
        let failure = sign_up(&world, &pool, "ann").unwrap_err();
        assert_eq!(
            said(&failure),
            "InvalidLambdaResponseException: Unrecognizable lambda output",
            "{bad}"
        );
    }
    assert_eq!(user(&world, &pool, "ann").unwrap_err().code, "UserNotFoundException");
}

#[test]
fn a_function_that_can_not_be_called_is_not_skipped() {
    let world = World::new();
    let pool = pool(&world, &["PreSignUp"], &json!({}));
    let failure = sign_up(&world, &pool, "ann").unwrap_err();
    assert_eq!(said(&failure), "UnexpectedLambdaException: PreSignUp invocation failed.");
    assert!(world.log().pop().unwrap().contains("there is no such function"));
}

#[test]
fn a_name_that_is_taken_while_a_function_thinks_is_taken() {
    let world = World::new();
    let pool = pool(&world, &["PreSignUp"], &json!({}));
    world.trigger_answers("PreSignUp", json!({}));
    let input = json!({ "ClientId": pool.client, "Username": "ann", "Password": PASSWORD });
    let waiting = world.begin("SignUp", &input).unwrap();
    world.user(&pool, "ann", json!([]));
    assert_eq!(world.resume(waiting).unwrap_err().code, "UsernameExistsException");
}

#[test]
fn a_confirmation_stands_even_when_the_function_that_hears_of_it_fails() {
    let world = World::new();
    let pool = pool(&world, &["PostConfirmation"], &json!({}));
    let _ = sign_up(&world, &pool, "ann").unwrap();
    world.trigger_fails("PostConfirmation", "down");
    let input = json!({
        "ClientId": pool.client, "Username": "ann", "ConfirmationCode": world.last_code(),
        "ClientMetadata": { "a": "b" },
    });
    let failure = world.fails("ConfirmSignUp", input);
    assert_eq!(
        said(&failure),
        "UserLambdaValidationException: PostConfirmation failed with error down."
    );
    assert_eq!(user(&world, &pool, "ann").unwrap()["UserStatus"], "CONFIRMED");
    let event = world.events().pop().unwrap();
    assert_eq!(event["triggerSource"], "PostConfirmation_ConfirmSignUp");
    assert_eq!(event["request"]["clientMetadata"], json!({ "a": "b" }));
}

#[test]
fn a_user_who_goes_while_a_function_hears_of_the_confirmation_stays_gone() {
    let world = World::new();
    let pool = pool(&world, &["PostConfirmation"], &json!({}));
    let _ = sign_up(&world, &pool, "ann").unwrap();
    world.trigger_answers("PostConfirmation", json!({}));
    let named = json!({ "UserPoolId": pool.id, "Username": "ann" });
    let waiting = world.begin("AdminConfirmSignUp", &named).unwrap();
    let _ = world.ok("AdminDeleteUser", named);
    let _ = world.resume(waiting).unwrap();
    assert_eq!(user(&world, &pool, "ann").unwrap_err().code, "UserNotFoundException");
}

#[test]
fn another_password_is_told_of() {
    let world = World::new();
    let pool = pool(&world, &["PostConfirmation"], &json!({}));
    world.trigger_answers("PostConfirmation", json!({}));
    let attributes = json!([
        { "Name": "email", "Value": "ann@example.com" },
        { "Name": "email_verified", "Value": "true" },
    ]);
    world.user(&pool, "ann", attributes);
    let _ = world.ok("ForgotPassword", json!({ "ClientId": pool.client, "Username": "ann" }));
    let _ = world.ok(
        "ConfirmForgotPassword",
        json!({
            "ClientId": pool.client, "Username": "ann", "Password": "An0ther-one!",
            "ConfirmationCode": world.last_code(),
        }),
    );
    let event = world.events().pop().unwrap();
    assert_eq!(event["triggerSource"], "PostConfirmation_ConfirmForgotPassword");
    assert!(event["request"].get("clientMetadata").is_none());
}

#[test]
fn a_function_may_refuse_whom_an_administrator_makes_and_confirms_nobody_there() {
    let world = World::new();
    let pool = pool(&world, &["PreSignUp", "PostConfirmation"], &json!({}));
    world.trigger_answers("PreSignUp", json!({ "autoConfirmUser": true, "autoVerifyPhone": true }));
    let named = json!({
        "UserPoolId": pool.id, "Username": "ann", "MessageAction": "SUPPRESS",
        "ValidationData": [{ "Name": "a", "Value": "b" }],
    });
    let made = world.ok("AdminCreateUser", named.clone());
    assert_eq!(made["User"]["UserStatus"], "FORCE_CHANGE_PASSWORD");
    let events = world.events();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["triggerSource"], "PreSignUp_AdminCreateUser");
    assert_eq!(events[0]["callerContext"]["clientId"], "CLIENT_ID_NOT_APPLICABLE");
    assert_eq!(events[0]["request"]["validationData"], json!({ "a": "b" }));
    world.trigger_fails("PreSignUp", "no");
    let mut other = named;
    other["Username"] = json!("bob");
    assert_eq!(world.fails("AdminCreateUser", other).code, "UserLambdaValidationException");
    assert_eq!(user(&world, &pool, "bob").unwrap_err().code, "UserNotFoundException");
}

#[test]
fn a_function_writes_the_message_and_never_sees_the_code() {
    let world = World::new();
    let pool = pool(&world, &["CustomMessage"], &json!({}));
    world.trigger_answers(
        "CustomMessage",
        json!({ "emailSubject": "Welcome", "emailMessage": "<b>{####}</b> is for {username}" }),
    );
    let _ = sign_up(&world, &pool, "ann").unwrap();
    let sent = world.sent().pop().unwrap();
    assert_eq!(sent.subject.as_deref(), Some("Welcome"));
    assert_eq!(sent.body, format!("<b>{}</b> is for ann", sent.code));
    let event = world.events().pop().unwrap();
    assert_eq!(event["triggerSource"], "CustomMessage_SignUp");
    assert_eq!(event["request"]["codeParameter"], "{####}");
    assert_eq!(event["request"]["usernameParameter"], Value::Null);
    assert!(!event.to_string().contains(&sent.code));
}

#[test]
fn each_message_has_a_source_of_its_own() {
    let world = World::new();
    let pool = pool(&world, &["CustomMessage"], &json!({}));
    world.trigger_answers("CustomMessage", json!({}));
    let named = json!({ "ClientId": pool.client, "Username": "ann" });
    let _ = sign_up(&world, &pool, "ann").unwrap();
    let _ = world.ok("ResendConfirmationCode", named.clone());
    let mut confirmed = named.clone();
    confirmed["ConfirmationCode"] = json!(world.last_code());
    let _ = world.ok("ConfirmSignUp", confirmed);
    let _ = world.ok("ForgotPassword", named);
    let token = world.sign_in(&pool, "ann")["AccessToken"].take();
    let _ = world.ok(
        "UpdateUserAttributes",
        json!({
            "AccessToken": token, "UserAttributes": [{ "Name": "email", "Value": "b@example.com" }],
        }),
    );
    let _ = world.ok(
        "GetUserAttributeVerificationCode",
        json!({ "AccessToken": token, "AttributeName": "email" }),
    );
    let _ = world.ok(
        "AdminCreateUser",
        json!({
            "UserPoolId": pool.id, "Username": "bob", "DesiredDeliveryMediums": ["EMAIL"],
            "UserAttributes": [{ "Name": "email", "Value": "bob@example.com" }],
        }),
    );
    let sources: Vec<String> = world
        .events()
        .iter()
        .map(|event| event["triggerSource"].as_str().unwrap().replace("CustomMessage_", ""))
        .collect();
    assert_eq!(
        sources,
        [
            "SignUp",
            "ResendCode",
            "ForgotPassword",
            "UpdateUserAttribute",
            "VerifyUserAttribute",
            "AdminCreateUser",
        ]
    );
    assert_eq!(world.sent().len(), sources.len());
    assert_eq!(world.events().pop().unwrap()["request"]["usernameParameter"], "{username}");
}

#[test]
fn a_message_without_its_code_or_too_long_is_refused_and_no_user_is_made() {
    let world = World::new();
    let pool = pool(&world, &["CustomMessage"], &json!({}));
    for bad in [
        json!({ "emailMessage": "no code" }),
        json!({ "emailMessage": format!("{{####}}{}", "x".repeat(20_000)) }),
        json!({ "emailMessage": 7 }),
        json!({ "emailSubject": "x".repeat(141), "emailMessage": "{####}" }),
    ] {
        world.trigger_answers("CustomMessage", bad);
        let failure = sign_up(&world, &pool, "ann").unwrap_err();
        assert_eq!(failure.code, "InvalidLambdaResponseException");
    }
    assert_eq!(user(&world, &pool, "ann").unwrap_err().code, "UserNotFoundException");
    assert!(world.sent().is_empty());
}

#[test]
fn functions_of_a_pool_may_be_at_a_place_of_their_own() {
    let world = World::new();
    let tags = json!({ "cognate:triggers": "https://example.com/hooks" });
    let _ = pool(&world, &[], &json!({ "UserPoolTags": tags }));
    for bad in ["example.com", "https://", "ftp://example.com/", "https://a@b/", "https://a b/"] {
        let tags = json!({ "cognate:triggers": bad });
        let failure =
            world.fails("CreateUserPool", json!({ "PoolName": "p", "UserPoolTags": tags }));
        assert_eq!(failure.code, "InvalidParameterException", "{bad}");
    }
}
