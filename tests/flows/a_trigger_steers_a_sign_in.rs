//! What may a function do to a sign-in, and to the tokens of it?

use kernel::testing::{Failure, PASSWORD, TestPool, World, claims};
use serde_json::{Value, json};

use super::{device_client::Device, srp_client::Attempt};

fn pool_of_ann(world: &World, triggers: &[&str]) -> TestPool {
    let pool = world.pool(json!({ "LambdaConfig": World::lambda_config(triggers) }));
    world.user(
        &pool,
        "ann",
        json!([
            { "Name": "email", "Value": "ann@example.com" },
            { "Name": "email_verified", "Value": "true" },
        ]),
    );
    pool
}

/// The same with a versioned `PreTokenGeneration`.
fn versioned(world: &World, version: &str) -> TestPool {
    let pool = pool_of_ann(world, &[]);
    let arn = World::lambda_config(&["PreTokenGeneration"])["PreTokenGeneration"].take();
    let config =
        json!({ "PreTokenGenerationConfig": { "LambdaVersion": version, "LambdaArn": arn } });
    let input = json!({ "UserPoolId": pool.id, "LambdaConfig": config });
    let _ = world.ok("UpdateUserPool", input);
    pool
}

pub(super) fn sign_in(
    world: &World,
    client: &str,
    name: &str,
    password: &str,
) -> Result<Value, Failure> {
    world.call(
        "InitiateAuth",
        json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client,
            "AuthParameters": { "USERNAME": name, "PASSWORD": password },
            "ClientMetadata": { "at": "door" },
        }),
    )
}

pub(super) fn said(failure: &Failure) -> String {
    format!("{}: {}", failure.code, failure.message)
}

fn sources(world: &World) -> Vec<String> {
    let events = world.events();
    events.iter().map(|event| event["triggerSource"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_function_is_called_once_and_in_cognitos_order() {
    let world = World::new();
    let all = ["PreAuthentication", "PostAuthentication", "PreTokenGeneration"];
    let pool = pool_of_ann(&world, &all);
    for trigger in all {
        world.trigger_answers(trigger, json!({}));
    }
    let tokens = sign_in(&world, &pool.client, "ann", PASSWORD).unwrap();
    assert!(tokens["AuthenticationResult"]["IdToken"].is_string());
    assert_eq!(
        sources(&world),
        [
            "PreAuthentication_Authentication",
            "PostAuthentication_Authentication",
            "TokenGeneration_Authentication",
        ]
    );
    let [before, after, tokens] = &*world.events() else { panic!("three events") };
    assert_eq!(before["request"]["validationData"], json!({ "at": "door" }));
    assert!(before["request"].get("clientMetadata").is_none());
    // What is said at the door reaches nobody further in.
    for event in [after, tokens] {
        assert!(!event.to_string().contains("door"), "{event}");
    }
    assert_eq!(after["request"]["newDeviceUsed"], false);
    assert_eq!(after["request"]["userAttributes"]["cognito:user_status"], "CONFIRMED");
    assert_eq!(before["request"]["userAttributes"]["email_verified"], "true");
}

#[test]
fn a_refused_sign_in_gets_no_further_and_counts_as_no_wrong_password() {
    let world = World::new();
    let pool = pool_of_ann(&world, &["PreAuthentication"]);
    world.trigger_fails("PreAuthentication", "Come back tomorrow");
    for _ in 0..7 {
        let failure = sign_in(&world, &pool.client, "ann", PASSWORD).unwrap_err();
        let expected = "UserLambdaValidationException: PreAuthentication failed with error Come \
                        back tomorrow.";
        assert_eq!(said(&failure), expected);
    }
    world.trigger_answers("PreAuthentication", json!({}));
    let _ = sign_in(&world, &pool.client, "ann", PASSWORD).unwrap();
}

#[test]
fn a_wrong_password_counts_once_however_many_functions_are_called() {
    let world = World::new();
    let pool = pool_of_ann(&world, &["PreAuthentication", "PostAuthentication"]);
    world.trigger_answers("PreAuthentication", json!({}));
    for _ in 0..4 {
        let failure = sign_in(&world, &pool.client, "ann", "wrong").unwrap_err();
        assert_eq!(said(&failure), "NotAuthorizedException: Incorrect username or password.");
    }
    world.trigger_answers("PostAuthentication", json!({}));
    let _ = sign_in(&world, &pool.client, "ann", PASSWORD).unwrap();
}

#[test]
fn where_users_are_hidden_the_function_hears_of_those_who_do_not_exist() {
    let world = World::new();
    let pool = pool_of_ann(&world, &["PreAuthentication"]);
    world.trigger_answers("PreAuthentication", json!({}));
    let failure = sign_in(&world, &pool.client, "nobody", PASSWORD).unwrap_err();
    assert_eq!(failure.code, "UserNotFoundException");
    assert!(world.events().is_empty());
    let hiding = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "ENABLED" }));
    let failure = sign_in(&world, &hiding, "nobody", PASSWORD).unwrap_err();
    assert_eq!(said(&failure), "NotAuthorizedException: Incorrect username or password.");
    let _ = sign_in(&world, &hiding, "ann", PASSWORD).unwrap();
    let [nobody, ann] = &*world.events() else { panic!("two events") };
    assert_eq!(nobody["request"]["userNotFound"], true);
    assert_eq!(nobody["request"]["userAttributes"], json!({}));
    assert_eq!(ann["request"]["userNotFound"], false);
}

#[test]
fn a_user_who_goes_while_a_function_thinks_gets_no_tokens() {
    for trigger in ["PreAuthentication", "PostAuthentication", "PreTokenGeneration"] {
        let world = World::new();
        let pool = pool_of_ann(&world, &[trigger]);
        world.trigger_answers(trigger, json!({}));
        let _ = sign_in(&world, &pool.client, "ann", PASSWORD).unwrap();
        let input = json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
            "AuthParameters": { "USERNAME": "ann", "PASSWORD": PASSWORD },
        });
        let waiting = world.begin("InitiateAuth", &input).unwrap();
        let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        assert_eq!(world.resume(waiting).unwrap_err().code, "UserNotFoundException", "{trigger}");
    }
}

#[test]
fn a_function_keeps_tokens_back() {
    let world = World::new();
    let pool = pool_of_ann(&world, &["PostAuthentication"]);
    world.trigger_fails("PostAuthentication", "no");
    let failure = sign_in(&world, &pool.client, "ann", PASSWORD).unwrap_err();
    assert_eq!(
        said(&failure),
        "UserLambdaValidationException: PostAuthentication failed with error no."
    );
}

#[test]
fn the_first_version_changes_the_id_token_and_groups() {
    let world = World::new();
    let pool = pool_of_ann(&world, &["PreTokenGeneration"]);
    world.trigger_answers(
        "PreTokenGeneration",
        json!({ "claimsOverrideDetails": {
            "claimsToAddOrOverride": {
                "tenant": "7", "email": "other@example.com", "sub": "forged", "iss": "forged",
                "gone": "x",
            },
            "claimsToSuppress": ["email_verified", "gone", "exp"],
            "groupOverrideDetails": {
                "groupsToOverride": ["a", "b"], "iamRolesToOverride": ["r"], "preferredRole": "r",
            },
        } }),
    );
    let plain = claims(&{
        let bare = world.pool(json!({}));
        world.user(&bare, "ann", json!([]));
        world.sign_in(&bare, "ann")["IdToken"].take()
    });
    let tokens = world.sign_in(&pool, "ann");
    let (id, access) = (claims(&tokens["IdToken"]), claims(&tokens["AccessToken"]));
    assert_eq!(id["tenant"], "7");
    assert_eq!(id["email"], "other@example.com");
    assert!(id.get("email_verified").is_none() && id.get("gone").is_none());
    assert_ne!(id["sub"], "forged");
    assert!(id["iss"].as_str().unwrap().ends_with(&pool.id));
    assert_eq!(id["exp"], plain["exp"]);
    assert_eq!(id["cognito:groups"], json!(["a", "b"]));
    assert_eq!(id["cognito:roles"], json!(["r"]));
    assert_eq!(id["cognito:preferred_role"], "r");
    assert_eq!(access["cognito:groups"], json!(["a", "b"]));
    assert!(access.get("tenant").is_none());
    let event = world.events().pop().unwrap();
    assert_eq!(
        event["request"]["groupConfiguration"],
        json!({ "groupsToOverride": [], "iamRolesToOverride": [], "preferredRole": null })
    );
    assert!(event["request"].get("scopes").is_none());
}

#[test]
fn later_versions_change_both_tokens_and_scopes() {
    for (version, number) in [("V2_0", "2"), ("V3_0", "3")] {
        let world = World::new();
        let pool = versioned(&world, version);
        world.trigger_answers(
            "PreTokenGeneration",
            json!({ "claimsAndScopeOverrideDetails": {
                "idTokenGeneration": { "claimsToAddOrOverride": { "list": [1, { "a": true }] } },
                "accessTokenGeneration": {
                    "claimsToAddOrOverride": {
                        "tenant": 7, "aud": pool.client, "client_id": "forged", "scope": "forged",
                    },
                    "claimsToSuppress": ["username", "nothing"],
                    "scopesToAdd": ["files/read", "files/write"],
                    "scopesToSuppress": ["files/write"],
                },
            } }),
        );
        let tokens = world.sign_in(&pool, "ann");
        let (id, access) = (claims(&tokens["IdToken"]), claims(&tokens["AccessToken"]));
        assert_eq!(id["list"], json!([1, { "a": true }]));
        assert_eq!(access["tenant"], 7);
        assert_eq!(access["aud"], pool.client);
        assert_eq!(access["client_id"], pool.client);
        assert_eq!(access["username"], "ann");
        assert_eq!(access["scope"], "aws.cognito.signin.user.admin files/read");
        let _ = world.ok("GetUser", json!({ "AccessToken": tokens["AccessToken"] }));
        let event = world.events().pop().unwrap();
        assert_eq!(event["version"], number);
        assert_eq!(event["request"]["scopes"], json!(["aws.cognito.signin.user.admin"]));
    }
}

#[test]
fn a_token_without_the_scope_of_its_account_opens_nothing_of_it() {
    let world = World::new();
    let pool = versioned(&world, "V2_0");
    world.trigger_answers(
        "PreTokenGeneration",
        json!({ "claimsAndScopeOverrideDetails": { "accessTokenGeneration": {
            "scopesToSuppress": ["aws.cognito.signin.user.admin"],
        } } }),
    );
    let tokens = world.sign_in(&pool, "ann");
    let failure = world.fails("GetUser", json!({ "AccessToken": tokens["AccessToken"] }));
    assert_eq!(failure.message, "Access Token does not have required scopes");
}

#[test]
fn groups_stay_if_nothing_is_said_of_them_and_go_if_null_is() {
    let world = World::new();
    let pool = versioned(&world, "V2_0");
    let membership = json!({ "UserPoolId": pool.id, "GroupName": "g", "Username": "ann" });
    let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": "g" }));
    let _ = world.ok("AdminAddUserToGroup", membership);
    let groups = |details: Value| {
        let response = json!({ "claimsAndScopeOverrideDetails": details });
        world.trigger_answers("PreTokenGeneration", response);
        claims(&world.sign_in(&pool, "ann")["IdToken"])["cognito:groups"].clone()
    };
    assert_eq!(groups(Value::Null), json!(["g"]));
    assert_eq!(groups(json!({})), json!(["g"]));
    assert_eq!(groups(json!({ "groupOverrideDetails": null })), Value::Null);
    assert_eq!(groups(json!({ "groupOverrideDetails": {} })), Value::Null);
}

#[test]
fn what_can_not_be_said_in_a_token_gives_none() {
    let first = |details: Value| json!({ "claimsOverrideDetails": details });
    let later = |access: Value| json!({ "claimsAndScopeOverrideDetails": { "accessTokenGeneration": access } });
    for (version, bad) in [
        ("V1_0", first(json!([]))),
        ("V1_0", first(json!({ "claimsToAddOrOverride": { "a": 1 } }))),
        ("V1_0", first(json!({ "claimsToSuppress": "a" }))),
        ("V1_0", first(json!({ "groupOverrideDetails": { "groupsToOverride": [1] } }))),
        ("V2_0", later(json!("x"))),
        ("V2_0", later(json!({ "scopesToAdd": ["two words"] }))),
        ("V2_0", later(json!({ "scopesToAdd": [""] }))),
    ] {
        let world = World::new();
        let pool = versioned(&world, version);
        world.trigger_answers("PreTokenGeneration", bad.clone());
        let failure = sign_in(&world, &pool.client, "ann", PASSWORD).unwrap_err();
        assert_eq!(failure.code, "InvalidLambdaResponseException", "{bad}");
        let sessions = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let listed = world.call("AdminListUserSessions", sessions);
        assert!(!listed.is_ok_and(|listed| listed.to_string().contains("SessionId")), "{bad}");
    }
}

#[test]
fn new_tokens_of_a_session_are_changed_too() {
    let world = World::new();
    let pool = pool_of_ann(&world, &["PreTokenGeneration"]);
    world.trigger_answers("PreTokenGeneration", json!({}));
    let tokens = world.sign_in(&pool, "ann");
    let details = json!({ "claimsToAddOrOverride": { "tenant": "7" } });
    world.trigger_answers("PreTokenGeneration", json!({ "claimsOverrideDetails": details }));
    let by_token = world.ok(
        "GetTokensFromRefreshToken",
        json!({
            "ClientId": pool.client, "RefreshToken": tokens["RefreshToken"],
            "ClientMetadata": { "a": "b" },
        }),
    );
    let event = world.events().pop().unwrap();
    assert_eq!(event["triggerSource"], "TokenGeneration_RefreshTokens");
    assert_eq!(event["request"]["clientMetadata"], json!({ "a": "b" }));
    let by_flow = world.ok(
        "InitiateAuth",
        json!({
            "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": pool.client,
            "AuthParameters": { "REFRESH_TOKEN": tokens["RefreshToken"] },
        }),
    );
    for answer in [by_token, by_flow] {
        assert_eq!(claims(&answer["AuthenticationResult"]["IdToken"])["tenant"], "7");
    }
}

#[test]
fn a_new_password_is_the_source_of_the_tokens_after_it() {
    let world = World::new();
    let pool = pool_of_ann(&world, &["PostAuthentication", "PreTokenGeneration"]);
    world.trigger_answers("PostAuthentication", json!({}));
    world.trigger_answers("PreTokenGeneration", json!({}));
    let _ = world.ok(
        "AdminSetUserPassword",
        json!({ "UserPoolId": pool.id, "Username": "ann", "Password": PASSWORD }),
    );
    let asked = sign_in(&world, &pool.client, "ann", PASSWORD).unwrap();
    assert!(world.events().is_empty());
    let _ = world.ok(
        "RespondToAuthChallenge",
        json!({
            "ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": pool.client,
            "Session": asked["Session"], "ClientMetadata": { "a": "b" },
            "ChallengeResponses": { "USERNAME": "ann", "NEW_PASSWORD": "An0ther-one!" },
        }),
    );
    assert_eq!(
        sources(&world),
        ["PostAuthentication_Authentication", "TokenGeneration_NewPasswordChallenge"]
    );
    for event in world.events() {
        assert_eq!(event["request"]["clientMetadata"], json!({ "a": "b" }));
    }
}

#[test]
fn a_function_hears_of_a_device_that_the_pool_does_not_know() {
    for (tracks, known, is_new) in [(true, false, true), (true, true, false), (false, false, false)]
    {
        let world = World::new();
        let mut settings = json!({ "LambdaConfig": World::lambda_config(&["PostAuthentication"]) });
        if tracks {
            settings["DeviceConfiguration"] = json!({ "ChallengeRequiredOnNewDevice": true });
        }
        let pool = world.pool(settings);
        world.user(&pool, "ann", json!([]));
        world.trigger_answers("PostAuthentication", json!({}));
        let tokens = world.sign_in(&pool, "ann");
        if known {
            let (device, _) = Device::confirm(&world, &tokens);
            let parameters =
                json!({ "USERNAME": "ann", "PASSWORD": PASSWORD, "DEVICE_KEY": device.key });
            let asked = world.ok(
                "InitiateAuth",
                json!({
                    "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
                    "AuthParameters": parameters,
                }),
            );
            let _ = device.prove(&world, &pool, &asked).unwrap();
        }
        let event = world.events().pop().unwrap();
        assert_eq!(event["request"]["newDeviceUsed"], is_new, "{tracks} {known}");
    }
}

#[test]
fn however_many_functions_are_called_a_proof_is_checked_once() {
    let proofs = |triggers: &[&str], by_srp: bool| {
        let world = World::new();
        let pool = pool_of_ann(&world, triggers);
        for trigger in ["PreAuthentication", "PostAuthentication", "PreTokenGeneration"] {
            world.trigger_answers(trigger, json!({}));
        }
        let (_, work) = match by_srp {
            true => {
                let attempt = Attempt::begin(&world, &pool, "ann");
                let responses = attempt.responses(PASSWORD);
                world.work_of(|| attempt.respond(&world, &responses).unwrap())
            }
            false => world.work_of(|| sign_in(&world, &pool.client, "ann", PASSWORD).unwrap()),
        };
        work.proofs
    };
    let all = ["PreAuthentication", "PostAuthentication", "PreTokenGeneration"];
    for by_srp in [true, false] {
        assert_eq!(proofs(&all, by_srp), proofs(&[], by_srp));
    }
}
