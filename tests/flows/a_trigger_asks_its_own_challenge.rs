//! Do functions lead a sign-in of their own, round by round, and nobody past them?

use kernel::testing::{Failure, PASSWORD, TestPool, World, claims};
use serde_json::{Value, json};

use super::srp_client::{Attempt, public_a};

pub(super) const ALL: [&str; 3] =
    ["DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse"];

pub(super) fn pool_of_ann(world: &World) -> TestPool {
    let mut pool = world.pool(json!({ "LambdaConfig": World::lambda_config(&ALL) }));
    pool.client = world.client(
        &pool.id,
        json!({ "ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH", "ALLOW_USER_PASSWORD_AUTH"] }),
    );
    world.user(&pool, "ann", json!([{ "Name": "email", "Value": "ann@example.com" }]));
    pool
}

/// Functions that ask `7 * round` until two answers are right; three wrong ones are too many.
pub(super) fn sums(world: &World) {
    world.trigger("DefineAuthChallenge", |mut event| {
        let session = event["request"]["session"].as_array().unwrap().clone();
        let count = |is_right: bool| {
            let hit = |round: &&Value| {
                round["challengeName"] == "CUSTOM_CHALLENGE" && round["challengeResult"] == is_right
            };
            session.iter().filter(hit).count()
        };
        let response = &mut event["response"];
        let only_srp = session.len() == 1 && session[0]["challengeName"] == "SRP_A";
        match (count(true), count(false)) {
            _ if only_srp => response["challengeName"] = json!("PASSWORD_VERIFIER"),
            (2.., _) => response["issueTokens"] = json!(true),
            (_, 3..) => response["failAuthentication"] = json!(true),
            _ => response["challengeName"] = json!("CUSTOM_CHALLENGE"),
        }
        Ok(event)
    });
    world.trigger("CreateAuthChallenge", |mut event| {
        let round = event["request"]["session"].as_array().unwrap().len() + 1;
        event["response"]["publicChallengeParameters"] = json!({ "sum": format!("7 * {round}") });
        event["response"]["privateChallengeParameters"] =
            json!({ "answer": format!("{}", 7 * round) });
        event["response"]["challengeMetadata"] = json!(format!("ROUND_{round}"));
        Ok(event)
    });
    world.trigger("VerifyAuthChallengeResponse", |mut event| {
        let request = &event["request"];
        let is_right =
            request["privateChallengeParameters"]["answer"] == request["challengeAnswer"];
        event["response"]["answerCorrect"] = json!(is_right);
        Ok(event)
    });
}

pub(super) fn begin(world: &World, pool: &TestPool, parameters: Value) -> Result<Value, Failure> {
    world.call(
        "InitiateAuth",
        json!({
            "AuthFlow": "CUSTOM_AUTH", "ClientId": pool.client, "AuthParameters": parameters,
        }),
    )
}

pub(super) fn answer(
    world: &World,
    pool: &TestPool,
    asked: &Value,
    answer: &str,
) -> Result<Value, Failure> {
    world.call(
        "RespondToAuthChallenge",
        json!({
            "ChallengeName": "CUSTOM_CHALLENGE", "ClientId": pool.client,
            "Session": asked["Session"], "ClientMetadata": { "a": "b" },
            "ChallengeResponses": { "USERNAME": "ann", "ANSWER": answer },
        }),
    )
}

pub(super) fn named() -> Value {
    json!({ "USERNAME": "ann" })
}

pub(super) fn said(failure: &Failure) -> String {
    format!("{}: {}", failure.code, failure.message)
}

pub(super) const WRONG: &str = "NotAuthorizedException: Incorrect username or password.";

#[test]
fn two_right_answers_let_a_user_in() {
    let world = World::new();
    let pool = pool_of_ann(&world);
    sums(&world);
    let first = begin(&world, &pool, named()).unwrap();
    assert_eq!(first["ChallengeName"], "CUSTOM_CHALLENGE");
    assert_eq!(first["ChallengeParameters"], json!({ "sum": "7 * 1", "USERNAME": "ann" }));
    let second = answer(&world, &pool, &first, "8").unwrap();
    assert_eq!(second["ChallengeParameters"]["sum"], "7 * 2");
    let third = answer(&world, &pool, &second, "14").unwrap();
    let last = answer(&world, &pool, &third, "21").unwrap();
    let tokens = &last["AuthenticationResult"];
    assert_eq!(claims(&tokens["IdToken"])["cognito:username"], "ann");
    let defined = world.events().pop().unwrap();
    assert_eq!(defined["triggerSource"], "DefineAuthChallenge_Authentication");
    let round = |result: bool, n: u8| {
        json!({
            "challengeName": "CUSTOM_CHALLENGE", "challengeResult": result,
            "challengeMetadata": format!("ROUND_{n}"),
        })
    };
    assert_eq!(
        defined["request"]["session"],
        json!([round(false, 1), round(true, 2), round(true, 3)])
    );
    assert_eq!(defined["request"]["clientMetadata"], json!({ "a": "b" }));
    assert_eq!(defined["request"]["userAttributes"]["email"], "ann@example.com");
}

#[test]
fn what_functions_keep_is_not_shown_to_the_user() {
    let world = World::new();
    let pool = pool_of_ann(&world);
    sums(&world);
    let first = begin(&world, &pool, named()).unwrap();
    assert!(!first.to_string().contains("ROUND_1") && !first.to_string().contains("answer"));
}

#[test]
fn whoever_is_refused_can_not_try_another_answer() {
    let world = World::new();
    let pool = pool_of_ann(&world);
    sums(&world);
    let mut asked = begin(&world, &pool, named()).unwrap();
    for _ in 0..2 {
        let next = answer(&world, &pool, &asked, "wrong").unwrap();
        let again = answer(&world, &pool, &asked, "7").unwrap_err();
        assert_eq!(
            said(&again),
            "NotAuthorizedException: Invalid session for the user, session can only be used once."
        );
        asked = next;
    }
    assert_eq!(said(&answer(&world, &pool, &asked, "wrong").unwrap_err()), WRONG);
    let again = answer(&world, &pool, &asked, "21").unwrap_err();
    assert!(said(&again).ends_with("session can only be used once."));
}

#[test]
fn a_session_is_one_users_one_clients_and_not_for_long() {
    let world = World::new();
    let pool = pool_of_ann(&world);
    sums(&world);
    world.user(&pool, "bob", json!([]));
    let asked = begin(&world, &pool, named()).unwrap();
    let foreign = "NotAuthorizedException: Invalid session for the user.";
    let respond = |client: &str, name: &str, challenge: &str, session: &Value| {
        let failure = world.fails(
            "RespondToAuthChallenge",
            json!({
                "ChallengeName": challenge, "ClientId": client, "Session": session,
                "ChallengeResponses": { "USERNAME": name, "ANSWER": "7", "NEW_PASSWORD": "x" },
            }),
        );
        said(&failure)
    };
    let session = &asked["Session"];
    let other = world.client(&pool.id, json!({ "ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH"] }));
    assert_eq!(respond(&pool.client, "bob", "CUSTOM_CHALLENGE", session), foreign);
    assert_eq!(respond(&pool.client, "nobody", "CUSTOM_CHALLENGE", session), foreign);
    assert_eq!(respond(&other, "ann", "CUSTOM_CHALLENGE", session), foreign);
    assert_eq!(respond(&pool.client, "ann", "NEW_PASSWORD_REQUIRED", session), foreign);
    let garbled = json!("x".repeat(40));
    assert_eq!(respond(&pool.client, "ann", "CUSTOM_CHALLENGE", &garbled), foreign);
    world.advance_s(181);
    assert!(respond(&pool.client, "ann", "CUSTOM_CHALLENGE", session).ends_with("expired."));
}

#[test]
fn of_two_answers_at_once_one_counts() {
    let world = World::new();
    let pool = pool_of_ann(&world);
    sums(&world);
    let asked = begin(&world, &pool, named()).unwrap();
    let input = json!({
        "ChallengeName": "CUSTOM_CHALLENGE", "ClientId": pool.client,
        "Session": asked["Session"],
        "ChallengeResponses": { "USERNAME": "ann", "ANSWER": "7" },
    });
    let waiting = world.begin("RespondToAuthChallenge", &input).unwrap();
    let _ = world.ok("RespondToAuthChallenge", input);
    let late = world.resume(waiting).unwrap_err();
    assert!(said(&late).ends_with("session can only be used once."));
}

#[test]
fn a_user_who_goes_or_is_disabled_between_two_rounds_does_not_get_in() {
    for (operation, code) in [
        ("AdminDeleteUser", "Invalid session for the user."),
        ("AdminDisableUser", "User is disabled."),
    ] {
        let world = World::new();
        let pool = pool_of_ann(&world);
        sums(&world);
        let first = begin(&world, &pool, named()).unwrap();
        let second = answer(&world, &pool, &first, "7").unwrap();
        let _ = world.ok(operation, json!({ "UserPoolId": pool.id, "Username": "ann" }));
        let failure = answer(&world, &pool, &second, "14").unwrap_err();
        assert_eq!(failure.message, code);
    }
}

#[test]
fn a_failing_function_lets_nobody_in_and_the_answer_may_come_again() {
    for trigger in ["VerifyAuthChallengeResponse", "DefineAuthChallenge", "CreateAuthChallenge"] {
        let world = World::new();
        let pool = pool_of_ann(&world);
        sums(&world);
        let asked = begin(&world, &pool, named()).unwrap();
        world.trigger_fails(trigger, "down");
        let failure = answer(&world, &pool, &asked, "7").unwrap_err();
        assert_eq!(
            said(&failure),
            format!("UserLambdaValidationException: {trigger} failed with error down.")
        );
        sums(&world);
        let _ = answer(&world, &pool, &asked, "7").unwrap();
    }
}

#[test]
fn what_functions_may_not_say_is_refused() {
    for bad in [
        json!({}),
        json!({ "challengeName": "SMS_MFA" }),
        json!({ "challengeName": "PASSWORD_VERIFIER" }),
        json!({ "issueTokens": "yes" }),
    ] {
        let world = World::new();
        let pool = pool_of_ann(&world);
        world.trigger_answers("DefineAuthChallenge", bad.clone());
        let failure = begin(&world, &pool, named()).unwrap_err();
        assert_eq!(failure.code, "InvalidLambdaResponseException", "{bad}");
    }
    let world = World::new();
    let pool = pool_of_ann(&world);
    let both = json!({ "issueTokens": true, "failAuthentication": true });
    world.trigger_answers("DefineAuthChallenge", both);
    assert_eq!(said(&begin(&world, &pool, named()).unwrap_err()), WRONG);
    sums(&world);
    let long = json!({ "privateChallengeParameters": { "a": "x".repeat(4000) } });
    world.trigger_answers("CreateAuthChallenge", long);
    assert_eq!(begin(&world, &pool, named()).unwrap_err().code, "InvalidLambdaResponseException");
}

#[test]
fn functions_without_end_are_cut_off() {
    let world = World::new();
    let pool = pool_of_ann(&world);
    sums(&world);
    world.trigger_answers("DefineAuthChallenge", json!({ "challengeName": "CUSTOM_CHALLENGE" }));
    let mut asked = begin(&world, &pool, named()).unwrap();
    let mut rounds = 0;
    let failure = loop {
        match answer(&world, &pool, &asked, "x") {
            Ok(next) => asked = next,
            Err(failure) => break failure,
        }
        rounds += 1;
        assert!(rounds < 100);
    };
    assert_eq!(said(&failure), WRONG);
}

#[test]
fn a_pool_without_the_functions_has_no_such_sign_in() {
    let world = World::new();
    let mut pool = world.pool(json!({}));
    pool.client = world.client(&pool.id, json!({ "ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH"] }));
    let failure = begin(&world, &pool, named()).unwrap_err();
    assert_eq!(
        said(&failure),
        "InvalidParameterException: Custom auth lambda trigger is not configured for the user pool."
    );
}

#[test]
fn a_client_that_does_not_allow_it_has_no_such_sign_in() {
    let world = World::new();
    let mut pool = pool_of_ann(&world);
    sums(&world);
    pool.client = world.client(&pool.id, json!({ "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"] }));
    let failure = begin(&world, &pool, named()).unwrap_err();
    assert_eq!(
        said(&failure),
        "InvalidParameterException: CUSTOM_AUTH flow not enabled for this client"
    );
}

#[test]
fn where_users_are_hidden_nobody_is_asked_as_a_user_is_and_never_gets_in() {
    let world = World::new();
    let mut pool = pool_of_ann(&world);
    pool.client = world.client(
        &pool.id,
        json!({
            "ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH"], "PreventUserExistenceErrors": "ENABLED",
        }),
    );
    sums(&world);
    let nobody = json!({ "USERNAME": "nobody" });
    let asked = begin(&world, &pool, nobody.clone()).unwrap();
    assert_eq!(asked["ChallengeName"], "CUSTOM_CHALLENGE");
    assert_eq!(world.events()[0]["request"]["userNotFound"], true);
    world.trigger_answers("DefineAuthChallenge", json!({ "issueTokens": true }));
    let input = json!({
        "ChallengeName": "CUSTOM_CHALLENGE", "ClientId": pool.client,
        "Session": asked["Session"],
        "ChallengeResponses": { "USERNAME": "nobody", "ANSWER": "7" },
    });
    assert_eq!(said(&world.fails("RespondToAuthChallenge", input)), WRONG);
}

/// Begins with SRP: the attempt, and the session of it.
pub(super) fn with_srp(world: &World, pool: &TestPool) -> (Attempt, Value) {
    let parameters = json!({ "USERNAME": "ann", "CHALLENGE_NAME": "SRP_A", "SRP_A": public_a() });
    let mut asked = begin(world, pool, parameters).unwrap();
    assert_eq!(asked["ChallengeName"], "PASSWORD_VERIFIER");
    let session = asked["Session"].take();
    (Attempt::of(pool, &asked["ChallengeParameters"]), session)
}

fn prove(
    world: &World,
    pool: &TestPool,
    (attempt, session): &(Attempt, Value),
    password: &str,
) -> Result<Value, Failure> {
    world.call(
        "RespondToAuthChallenge",
        json!({
            "ChallengeName": "PASSWORD_VERIFIER", "ClientId": pool.client, "Session": session,
            "ChallengeResponses": attempt.responses(password),
        }),
    )
}

#[test]
fn a_password_may_be_proved_first() {
    let world = World::new();
    let pool = pool_of_ann(&world);
    sums(&world);
    let attempt = with_srp(&world, &pool);
    let events = world.events();
    let srp = json!({
        "challengeName": "SRP_A", "challengeResult": true, "challengeMetadata": null,
    });
    assert_eq!(events[0]["request"]["session"], json!([srp]));
    let first = prove(&world, &pool, &attempt, PASSWORD).unwrap();
    assert_eq!(first["ChallengeName"], "CUSTOM_CHALLENGE");
    assert_eq!(first["ChallengeParameters"]["sum"], "7 * 3");
    let second = answer(&world, &pool, &first, "21").unwrap();
    let last = answer(&world, &pool, &second, "28").unwrap();
    assert!(last["AuthenticationResult"]["IdToken"].is_string());
    let names: Vec<Value> = world.events().pop().unwrap()["request"]["session"]
        .as_array()
        .unwrap()
        .iter()
        .map(|round| round["challengeName"].clone())
        .collect();
    assert_eq!(names, ["SRP_A", "PASSWORD_VERIFIER", "CUSTOM_CHALLENGE", "CUSTOM_CHALLENGE"]);
}

#[test]
fn a_wrong_password_is_refused_before_any_function_hears_of_it() {
    let world = World::new();
    let pool = pool_of_ann(&world);
    sums(&world);
    let attempt = with_srp(&world, &pool);
    let before = world.events().len();
    assert_eq!(said(&prove(&world, &pool, &attempt, "wrong").unwrap_err()), WRONG);
    assert_eq!(world.events().len(), before);
}

#[test]
fn a_proof_alone_leads_to_no_tokens_that_functions_did_not_grant() {
    let world = World::new();
    let pool = pool_of_ann(&world);
    sums(&world);
    // Whoever leaves the session out would be past the functions with the password alone.
    let (attempt, _) = with_srp(&world, &pool);
    let bare = attempt.respond(&world, &attempt.responses(PASSWORD)).unwrap_err();
    assert_eq!(bare.code, "NotAuthorizedException");
}
