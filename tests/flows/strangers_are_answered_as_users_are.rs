//! Where a client hides users, no answer tells whether a name stands for one.

use kernel::testing::{PASSWORD, TestPool, World};
use serde_json::{Value as Json, json};

use super::srp_client::Attempt;

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

#[test]
fn nobody_is_waited_for_and_no_sender_either() {
    let (world, pool) = world_of_ann();
    for (operation, user) in [("ForgotPassword", "ann"), ("ResendConfirmationCode", "una")] {
        for (name, more) in [("bob", 0), (user, 1)] {
            let before = world.sent().len();
            let input = json!({ "ClientId": pool.client, "Username": name });
            // A call that waits for nothing is over at once.
            let answered = world.begin(operation, &input).unwrap_err().unwrap();
            assert!(answered["CodeDeliveryDetails"]["Destination"].is_string());
            assert_eq!(world.sent().len(), before + more, "{operation} {name}");
        }
    }
}
