//! Where a client hides users, no answer tells whether a name stands for one, nor does the work.

use std::time::{Duration, Instant};

use kernel::testing::{PASSWORD, TestPool, World};
use serde_json::{Value as Json, json};

use super::srp_client::{self, Attempt};

/// Ann is confirmed, Una is not; Bob and Eve are nobody.
fn world_of_ann() -> (World, TestPool) {
    let world = World::new();
    let mut pool = world.pool(json!({ "AutoVerifiedAttributes": ["email"] }));
    let attributes = json!([
        { "Name": "email", "Value": "ann@example.com" },
        { "Name": "email_verified", "Value": "true" },
    ]);
    world.user(&pool, "ann", attributes);
    let _ = world.ok(
        "SignUp",
        json!({
            "ClientId": pool.client, "Username": "una", "Password": PASSWORD,
            "UserAttributes": [{ "Name": "email", "Value": "una@example.com" }],
        }),
    );
    pool.client = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "ENABLED" }));
    (world, pool)
}

fn call(world: &World, pool: &TestPool, operation: &str, more: Json) -> Result<Json, String> {
    let mut input = json!({ "ClientId": pool.client });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let outcome = world.call(operation, input);
    outcome.map_err(|failure| format!("{}: {}", failure.code, failure.message))
}

fn sign_in(world: &World, pool: &TestPool, name: &str) -> Result<Json, String> {
    let parameters = json!({ "USERNAME": name, "PASSWORD": "Wrong-1!" });
    let more = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
    call(world, pool, "InitiateAuth", more)
}

/// All that is told, with what belongs to one name alone taken out.
fn shape(answer: Result<Json, String>) -> Result<Json, String> {
    let mut answer = answer?;
    let details = &mut answer["CodeDeliveryDetails"];
    let destination = details["Destination"].take();
    let destination = destination.as_str().unwrap_or_default();
    assert_eq!((destination.len(), destination.matches("***").count()), (9, 2), "{destination}");
    Ok(answer)
}

#[test]
fn a_forgotten_password_is_answered_alike_up_to_the_limit_and_beyond() {
    let (world, pool) = world_of_ann();
    let told = |name: &str| -> Vec<Result<Json, String>> {
        let forgot = || call(&world, &pool, "ForgotPassword", json!({ "Username": name }));
        let choose = || {
            let more = json!({
                "Username": name, "ConfirmationCode": "not-it", "Password": "Ch0sen-1!",
            });
            call(&world, &pool, "ConfirmForgotPassword", more)
        };
        let weak = json!({ "Username": name, "ConfirmationCode": "1", "Password": "weak" });
        let mut told = vec![call(&world, &pool, "ConfirmForgotPassword", weak), choose()];
        told.extend((0..6).map(|_| shape(forgot())));
        told.extend((0..16).map(|_| choose()));
        told
    };
    let of_ann = told("ann");
    assert_eq!(of_ann.iter().filter(|answer| answer.is_ok()).count(), 5);
    assert!(of_ann.last().unwrap().as_ref().unwrap_err().starts_with("LimitExceeded"));
    assert_eq!(told("bob"), of_ann);
}

#[test]
fn a_code_that_is_asked_for_again_is_answered_alike_up_to_the_limit_and_beyond() {
    let (world, pool) = world_of_ann();
    let told = |name: &str| -> Vec<Result<Json, String>> {
        let resend = || call(&world, &pool, "ResendConfirmationCode", json!({ "Username": name }));
        let confirm = || {
            let more = json!({ "Username": name, "ConfirmationCode": "not-it" });
            call(&world, &pool, "ConfirmSignUp", more)
        };
        let mut told: Vec<_> = (0..6).map(|_| shape(resend())).collect();
        told.extend((0..16).map(|_| confirm()));
        told
    };
    let of_una = told("una");
    assert_eq!(of_una.iter().filter(|answer| answer.is_ok()).count(), 5);
    assert_eq!(told("bob"), of_una);
}

#[test]
fn a_wrong_password_is_answered_alike_until_it_is_locked_and_after() {
    let (world, pool) = world_of_ann();
    let told = |name: &str| -> Vec<_> { (0..7).map(|_| sign_in(&world, &pool, name)).collect() };
    assert_eq!(told("bob"), told("ann"));
    let by_srp = |name: &str| {
        let attempt = Attempt::begin(&world, &pool, name);
        let failure = attempt.respond(&world, &attempt.responses("Wrong-1!")).unwrap_err();
        (failure.code, failure.message)
    };
    assert_eq!(by_srp("eve"), by_srp("una"));
}

#[test]
fn the_next_user_of_a_strangers_name_starts_afresh() {
    let (world, pool) = world_of_ann();
    for _ in 0..7 {
        let _ = sign_in(&world, &pool, "bob").unwrap_err();
    }
    for _ in 0..6 {
        let _ = call(&world, &pool, "ForgotPassword", json!({ "Username": "bob" }));
    }
    let attributes = json!([
        { "Name": "email", "Value": "bob@example.com" },
        { "Name": "email_verified", "Value": "true" },
    ]);
    world.user(&pool, "bob", attributes);
    assert!(world.sign_in(&pool, "bob")["AccessToken"].is_string());
    call(&world, &pool, "ForgotPassword", json!({ "Username": "bob" })).unwrap();
}

fn time<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = run();
    (start.elapsed(), result)
}

/// The least that it took, which is what the work itself takes.
fn least(mut run: impl FnMut() -> Duration) -> Duration {
    (0..12).map(|_| run()).min().unwrap()
}

#[test]
fn the_dear_derivations_are_made_for_strangers_too() {
    let (world, pool) = world_of_ann();
    let by_password = |name: &str| {
        least(|| {
            world.advance_s(3600);
            time(|| sign_in(&world, &pool, name).unwrap_err()).0
        })
    };
    let by_srp = |name: &str| {
        least(|| {
            world.advance_s(3600);
            let attempt = Attempt::begin(&world, &pool, name);
            let public_a = attempt.public_a();
            let (first, _) = time(|| srp_client::start(&world, &pool, name, &public_a).unwrap());
            let responses = attempt.responses("Wrong-1!");
            let (second, _) = time(|| attempt.respond(&world, &responses).unwrap_err());
            first + second
        })
    };
    for (of_user, of_stranger) in
        [(by_password("ann"), by_password("bob")), (by_srp("ann"), by_srp("bob"))]
    {
        // A derivation that was left out would make one of them many times as fast.
        let ratio = of_user.as_secs_f64() / of_stranger.as_secs_f64();
        assert!((0.5..2.0).contains(&ratio), "{of_user:?} for a user, {of_stranger:?} for nobody");
    }
}
