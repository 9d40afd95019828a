//! Does what an attacker may try against a sign-in under way lead nowhere, tell nothing, and leave
//! the user's own sign-in alone?

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac};
use kernel::testing::{Failure, PASSWORD, TestPool, World};
use serde_json::{Value as Json, json};
use sha2::Sha256;

use super::{device_client::Device, srp_client::Attempt};

const FOREIGN: &str = "NotAuthorizedException: Invalid session for the user.";
const USED: &str =
    "NotAuthorizedException: Invalid session for the user, session can only be used once.";
const WRONG: &str = "NotAuthorizedException: Incorrect username or password.";

fn told(outcome: Result<Json, Failure>) -> String {
    let failure = outcome.unwrap_err();
    assert!((400..500).contains(&failure.status), "{failure:?}");
    format!("{}: {}", failure.code, failure.message)
}

/// Two users with every factor, and what the app of each holds.
fn world() -> (World, TestPool, [String; 2]) {
    let world = World::new();
    let settings = json!({
        "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": false },
        "LambdaConfig": World::lambda_config(&[
            "DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse",
        ]),
    });
    let mut pool = world.mfa_pool_with("OPTIONAL", settings);
    pool.client = another_client(&world, &pool).client;
    let secrets = ["ann", "eve"].map(|name| {
        let phone = if name == "ann" { "+12065550100" } else { "+12065550101" };
        world.user(&pool, name, json!([{ "Name": "phone_number", "Value": phone }]));
        world.set_up_token(&pool, name)
    });
    world.trigger("DefineAuthChallenge", |mut event| {
        event["response"]["challengeName"] = json!("CUSTOM_CHALLENGE");
        Ok(event)
    });
    world.trigger_answers("CreateAuthChallenge", json!({}));
    world.trigger_answers("VerifyAuthChallengeResponse", json!({ "answerCorrect": true }));
    (world, pool, secrets)
}

fn another_client(world: &World, pool: &TestPool) -> TestPool {
    let flows = ["ALLOW_CUSTOM_AUTH", "ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"];
    let client = world.client(&pool.id, json!({ "ExplicitAuthFlows": flows }));
    TestPool { id: pool.id.clone(), client }
}

/// Every kind of session that a sign-in of `name` can be given, and a right answer to each.
fn sessions(world: &World, pool: &TestPool, name: &str, secret: &str) -> Vec<(Json, Json)> {
    sessions_with(world, pool, (name, None), secret)
}

/// The same through a client with a secret.
fn sessions_with(
    world: &World,
    pool: &TestPool,
    (name, hash): (&str, Option<&str>),
    secret: &str,
) -> Vec<(Json, Json)> {
    let begin = |flow: &str, more: Json| {
        let mut parameters = json!({ "USERNAME": name });
        if let Some(hash) = hash {
            parameters["SECRET_HASH"] = json!(hash);
        }
        parameters.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        world.ok(
            "InitiateAuth",
            json!({
                "AuthFlow": flow, "ClientId": pool.client, "AuthParameters": parameters,
            }),
        )
    };
    let by_password = begin("USER_PASSWORD_AUTH", json!({ "PASSWORD": PASSWORD }));
    let code = json!({ "SOFTWARE_TOKEN_MFA_CODE": world.app_code(secret) });
    let choosing = begin("USER_AUTH", json!({}));
    let choice = json!({ "ANSWER": "PASSWORD", "PASSWORD": PASSWORD });
    let preferring = begin("USER_AUTH", json!({ "PREFERRED_CHALLENGE": "PASSWORD" }));
    let led = begin("CUSTOM_AUTH", json!({}));
    vec![
        (by_password, code),
        (choosing, choice),
        (preferring, json!({ "PASSWORD": PASSWORD })),
        (led, json!({ "ANSWER": "yes" })),
    ]
}

fn named(answer: &Json, name: &str) -> Json {
    let mut answer = answer.clone();
    answer["USERNAME"] = json!(name);
    answer
}

#[test]
fn a_session_of_one_user_is_none_of_another() {
    let (world, pool, [ann, _]) = world();
    for (asked, answer) in sessions(&world, &pool, "ann", &ann) {
        for name in ["eve", "nobody"] {
            let stolen = world.answer(&pool, &asked, named(&answer, name));
            assert_eq!(told(stolen), FOREIGN, "{} {name}", asked["ChallengeName"]);
        }
        let _ = world.answer(&pool, &asked, named(&answer, "ann")).unwrap();
    }
}

#[test]
fn a_session_of_one_client_is_none_of_another_and_none_of_another_pool() {
    let (world, pool, [ann, _]) = world();
    let other = another_client(&world, &pool);
    let elsewhere = another_client(&world, &world.mfa_pool("OPTIONAL"));
    for (asked, answer) in sessions(&world, &pool, "ann", &ann) {
        for pool in [&other, &elsewhere] {
            assert_eq!(told(world.answer(pool, &asked, named(&answer, "ann"))), FOREIGN);
        }
    }
}

#[test]
fn a_session_that_was_used_is_never_good_again() {
    let (world, pool, [ann, _]) = world();
    for (asked, answer) in sessions(&world, &pool, "ann", &ann) {
        let answer = named(&answer, "ann");
        let _ = world.answer(&pool, &asked, answer.clone()).unwrap();
        for _ in 0..2 {
            assert_eq!(told(world.answer(&pool, &asked, answer.clone())), USED);
        }
        // Nor for another challenge of the same user.
        let mut other = asked.clone();
        other["ChallengeName"] = json!("NEW_PASSWORD_REQUIRED");
        let password = json!({ "USERNAME": "ann", "NEW_PASSWORD": "An0ther-1!" });
        assert_eq!(told(world.answer(&pool, &other, password)), FOREIGN);
    }
}

#[test]
fn of_several_answers_to_one_session_exactly_one_counts() {
    let (world, pool, [ann, _]) = world();
    for (asked, answer) in sessions(&world, &pool, "ann", &ann) {
        let input = json!({
            "ChallengeName": asked["ChallengeName"], "ClientId": pool.client,
            "Session": asked["Session"], "ChallengeResponses": named(&answer, "ann"),
        });
        let outcomes: Vec<_> =
            (0..5).map(|_| world.call("RespondToAuthChallenge", input.clone())).collect();
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    }
}

/// What proves that a client knows its secret.
fn secret_hash(client: &str, secret: &str, name: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update([name, client].concat().as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

#[test]
fn a_client_with_a_secret_proves_it_with_every_answer() {
    const SECRET: &str = "my1own2secret3of4sufficient5length";
    let (world, pool, [ann, _]) = world();
    let flows = ["ALLOW_CUSTOM_AUTH", "ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"];
    let client =
        world.client(&pool.id, json!({ "ExplicitAuthFlows": flows, "ClientSecret": SECRET }));
    let pool = TestPool { client: client.clone(), ..pool };
    let hash = secret_hash(&client, SECRET, "ann");
    for (asked, answer) in sessions_with(&world, &pool, ("ann", Some(&hash)), &ann) {
        let with = |hash: Option<&str>| {
            let mut answer = named(&answer, "ann");
            answer["SECRET_HASH"] = json!(hash);
            if hash.is_none() {
                answer.as_object_mut().unwrap().remove("SECRET_HASH");
            }
            world.answer(&pool, &asked, answer)
        };
        let none = format!(
            "NotAuthorizedException: Client {client} is configured for secret but secret was not \
             received"
        );
        assert_eq!(told(with(None)), none);
        let wrong =
            format!("NotAuthorizedException: Unable to verify secret hash for client {client}");
        for other in ["AAAA", "é", &secret_hash(&client, SECRET, "eve"), &hash.to_lowercase()] {
            assert_eq!(told(with(Some(other))), wrong, "{other}");
        }
        let _ = with(Some(&hash)).unwrap();
    }
}

#[test]
fn a_spoiled_session_is_refused_whichever_byte_is_another() {
    let (world, pool, [ann, _]) = world();
    for (asked, answer) in sessions(&world, &pool, "ann", &ann) {
        let session = asked["Session"].as_str().unwrap();
        let key = session.find('.').unwrap() + 1;
        for at in (key..session.len()).step_by(session.len() / 40) {
            let mut spoiled = asked.clone();
            let other = if session.as_bytes()[at] == b'A' { "B" } else { "A" };
            let text = [&session[..at], other, &session[at + 1..]].concat();
            spoiled["Session"] = json!(text);
            let outcome = world.answer(&pool, &spoiled, named(&answer, "ann"));
            assert_eq!(told(outcome), FOREIGN, "{at}");
        }
    }
}

#[test]
fn a_device_is_proved_by_its_own_password_in_its_own_users_sign_in() {
    let (world, pool, [ann, eve]) = world();
    let confirm = |name: &str, secret: &str| {
        world.advance_s(60);
        let asked = world.begin_sign_in(&pool, name);
        let done = world.answer_app(&pool, &asked, secret).unwrap();
        Device::confirm(&world, &done["AuthenticationResult"]).0
    };
    let (hers, mine) = (confirm("ann", &ann), confirm("eve", &eve));
    world.advance_s(60);
    let begin = || {
        world.advance_s(30);
        let parameters = json!({ "USERNAME": "ann", "PASSWORD": PASSWORD, "DEVICE_KEY": hers.key });
        let asked = world.ok(
            "InitiateAuth",
            json!({
                "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
                "AuthParameters": parameters,
            }),
        );
        world.answer_app(&pool, &asked, &ann).unwrap()
    };
    assert_eq!(told(hers.forged().prove(&world, &pool, &begin())), WRONG);
    // Eve's device in Ann's sign-in.
    assert_eq!(told(mine.prove(&world, &pool, &begin())), FOREIGN);
    let asked = begin();
    let next = world.answer(&pool, &asked, hers.responses(&asked)).unwrap();
    assert_eq!(told(world.answer(&pool, &next, mine.responses(&next))), FOREIGN);
    // A key that leads elsewhere is no key.
    for key in ["eu-west-1_../ann", "eu-west-1_0a/0b", "", "é"] {
        let mut responses = hers.responses(&asked);
        responses["DEVICE_KEY"] = json!(key);
        let outcome = told(world.answer(&pool, &begin(), responses));
        assert!(
            outcome == FOREIGN || outcome.starts_with("InvalidParameterException"),
            "{key}: {outcome}"
        );
    }
    assert!(hers.prove(&world, &pool, &begin()).is_ok());
}

#[test]
fn an_apps_code_can_not_be_guessed_nor_used_twice() {
    let (world, pool, [secret, _]) = world();
    let asked = world.begin_sign_in(&pool, "ann");
    let right = world.app_code(&secret);
    let guess = |n: u32| json!({ "SOFTWARE_TOKEN_MFA_CODE": format!("{n:06}") });
    let wrong = (0..20).filter(|n| format!("{n:06}") != right);
    let outcomes: Vec<String> =
        wrong.map(|n| told(world.answer(&pool, &asked, guess(n)))).collect();
    let locked = "NotAuthorizedException: Password attempts exceeded";
    assert!(outcomes[..5].iter().all(|told| told.starts_with("CodeMismatchException")));
    assert!(outcomes[5..].iter().all(|told| told == locked), "{outcomes:?}");
    // Neither the right code nor another session opens the lock.
    assert_eq!(told(world.answer_app(&pool, &asked, &secret)), locked);
    world.advance_s(31);
    let [one, other] = [(); 2].map(|()| world.begin_sign_in(&pool, "ann"));
    assert!(world.answer_app(&pool, &one, &secret).is_ok());
    assert!(told(world.answer_app(&pool, &other, &secret)).starts_with("ExpiredCodeException"));
}

#[test]
fn a_proof_by_srp_is_good_for_its_own_user_and_client_alone() {
    let (world, pool, _) = world();
    let srp = json!({ "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"] });
    let of = |client: String| TestPool { id: pool.id.clone(), client };
    let (mine, other) = (of(world.client(&pool.id, srp.clone())), of(world.client(&pool.id, srp)));
    let attempt = Attempt::begin(&world, &mine, "ann");
    let right = attempt.responses(PASSWORD);
    let mut as_eve = right.clone();
    as_eve["USERNAME"] = json!("eve");
    assert_eq!(told(attempt.respond(&world, &as_eve)), WRONG);
    let elsewhere = Attempt::of(&other, &attempt.parameters);
    assert_eq!(told(elsewhere.respond(&world, &right)), WRONG);
    let mut later = right.clone();
    later["TIMESTAMP"] = json!("Wed Nov 18 09:06:41 UTC 2026");
    assert_eq!(told(attempt.respond(&world, &later)), WRONG);
    assert!(attempt.respond(&world, &right).is_ok());
}

#[test]
fn what_is_too_large_is_refused_before_anybody_hears_of_it() {
    let (world, pool, [ann, _]) = world();
    let (asked, answer) = sessions(&world, &pool, "ann", &ann).pop().unwrap();
    let heard = world.events().len();
    let flood = "x".repeat(2 << 20);
    let input = |metadata: Json, session: &Json, responses: Json| {
        json!({
            "ChallengeName": asked["ChallengeName"], "ClientId": pool.client,
            "Session": session, "ChallengeResponses": responses, "ClientMetadata": metadata,
        })
    };
    let answer = named(&answer, "ann");
    for oversized in [
        input(json!({ "a": flood }), &asked["Session"], answer.clone()),
        input(json!({}), &json!(flood), answer.clone()),
        input(json!({}), &asked["Session"], json!({ "USERNAME": flood, "ANSWER": "yes" })),
        input(json!({}), &asked["Session"], json!({ "USERNAME": "ann", "ANSWER": flood })),
    ] {
        let refused = told(world.call("RespondToAuthChallenge", oversized));
        assert!(!refused.contains("xxxx"), "it is not said back");
    }
    assert_eq!(world.events().len(), heard);
    let wide: Json = (0..20_000).map(|n| (format!("k{n}"), json!("v"))).collect();
    let _ = world.call("RespondToAuthChallenge", input(wide, &asked["Session"], answer));
}

#[test]
fn what_is_refused_leaves_the_users_own_sign_in_alone() {
    let (world, pool, [ann, eve]) = world();
    let hers = sessions(&world, &pool, "ann", &ann);
    for (asked, answer) in sessions(&world, &pool, "eve", &eve) {
        for (other, _) in &hers {
            let mut mixed = asked.clone();
            mixed["Session"] = other["Session"].clone();
            assert_eq!(told(world.answer(&pool, &mixed, named(&answer, "eve"))), FOREIGN);
        }
    }
    for (asked, answer) in hers {
        let _ = world.answer(&pool, &asked, named(&answer, "ann")).unwrap();
    }
}
