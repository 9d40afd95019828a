//! Guessing is slowed, whichever way the guesses come, and nobody else is slowed by it.

use kernel::testing::{Failure, PASSWORD, TestPool, World};
use serde_json::{Value as Json, json};

use super::srp_client::Attempt;

const WRONG: &str = "Incorrect username or password.";
const LOCKED: &str = "Password attempts exceeded";

fn world_of_ann() -> (World, TestPool) {
    let world = World::new();
    let pool = world.pool(json!({ "AliasAttributes": ["email"] }));
    let attributes = json!([
        { "Name": "email", "Value": "ann@example.com" },
        { "Name": "email_verified", "Value": "true" },
    ]);
    world.user(&pool, "ann", attributes);
    (world, pool)
}

fn sign_in(world: &World, pool: &TestPool, name: &str, password: &str) -> Result<Json, Failure> {
    world.call(
        "InitiateAuth",
        json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
            "AuthParameters": { "USERNAME": name, "PASSWORD": password },
        }),
    )
}

fn sign_in_as_admin(world: &World, pool: &TestPool, password: &str) -> Result<Json, Failure> {
    world.call(
        "AdminInitiateAuth",
        json!({
            "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "ClientId": pool.client, "UserPoolId": pool.id,
            "AuthParameters": { "USERNAME": "ann", "PASSWORD": password },
        }),
    )
}

fn sign_in_by_srp(world: &World, pool: &TestPool, password: &str) -> Result<Json, Failure> {
    let attempt = Attempt::begin(world, pool, "ann");
    attempt.respond(world, &attempt.responses(password))
}

fn message(answer: Result<Json, Failure>) -> String {
    let failure = answer.unwrap_err();
    assert_eq!(failure.code, "NotAuthorizedException");
    failure.message
}

fn fail_five_times(world: &World, pool: &TestPool) {
    for _ in 0..5 {
        assert_eq!(message(sign_in(world, pool, "ann", "Wrong-1!")), WRONG);
    }
}

#[test]
fn every_way_of_guessing_counts_and_every_way_in_is_locked() {
    let (world, pool) = world_of_ann();
    for _ in 0..2 {
        assert_eq!(message(sign_in_by_srp(&world, &pool, "Wrong-1!")), WRONG);
    }
    assert_eq!(message(sign_in(&world, &pool, "ann", "Wrong-1!")), WRONG);
    assert_eq!(message(sign_in(&world, &pool, "ann@example.com", "Wrong-1!")), WRONG);
    assert_eq!(message(sign_in_as_admin(&world, &pool, "Wrong-1!")), WRONG);
    assert_eq!(message(sign_in(&world, &pool, "ann", PASSWORD)), LOCKED);
    assert_eq!(message(sign_in(&world, &pool, "ann@example.com", PASSWORD)), LOCKED);
    assert_eq!(message(sign_in_as_admin(&world, &pool, PASSWORD)), LOCKED);
    assert_eq!(message(sign_in_by_srp(&world, &pool, PASSWORD)), LOCKED);
    world.advance_s(1);
    assert!(sign_in_by_srp(&world, &pool, PASSWORD).is_ok());
}

#[test]
fn each_further_failure_doubles_the_lock_up_to_a_quarter_of_an_hour() {
    let (world, pool) = world_of_ann();
    fail_five_times(&world, &pool);
    for lock_s in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
        world.advance_s(lock_s - 1);
        assert_eq!(message(sign_in(&world, &pool, "ann", "Wrong-1!")), LOCKED, "{lock_s}");
        world.advance_s(1);
        assert_eq!(message(sign_in(&world, &pool, "ann", "Wrong-1!")), WRONG, "{lock_s}");
    }
}

#[test]
fn a_sign_in_forgets_the_failures_before_it() {
    let (world, pool) = world_of_ann();
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(message(sign_in(&world, &pool, "ann", "Wrong-1!")), WRONG);
        }
        assert!(sign_in(&world, &pool, "ann", PASSWORD).is_ok());
    }
}

#[test]
fn a_quiet_quarter_of_an_hour_after_the_lock_forgets_them_too() {
    let (world, pool) = world_of_ann();
    fail_five_times(&world, &pool);
    world.advance_s(1 + 15 * 60);
    fail_five_times(&world, &pool);
    assert_eq!(message(sign_in(&world, &pool, "ann", PASSWORD)), LOCKED);
    world.advance_s(1);
    assert!(sign_in(&world, &pool, "ann", PASSWORD).is_ok());
}

#[test]
fn nobody_else_is_locked_and_whoever_is_signed_in_stays_so() {
    let (world, pool) = world_of_ann();
    world.user(&pool, "bob", json!([]));
    let tokens = world.sign_in(&pool, "ann");
    fail_five_times(&world, &pool);
    assert!(sign_in(&world, &pool, "bob", PASSWORD).is_ok());
    let _ = world.ok("GetUser", json!({ "AccessToken": tokens["AccessToken"] }));
    let _ = world.ok(
        "GetTokensFromRefreshToken",
        json!({ "ClientId": pool.client, "RefreshToken": tokens["RefreshToken"] }),
    );
}
