//! A client that knows the password, and only such a one, signs in by SRP.

use kernel::testing::{Failure, PASSWORD, TestPool, World, claims};
use serde_json::{Value as Json, json};

use super::srp_client::{Attempt, start};

/// The group's modulus (RFC 3526 §5).
const N: &str = concat!(
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a0879",
    "8e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b",
    "0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da4836",
    "1c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804",
    "f1746c08ca18217c32905e462e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6",
    "955817183995497cea956ae515d2261898fa051015728e5a8aaac42dad33170d04507a33a85521abdf1cba64",
    "ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7abf5ae8cdb0933d71e8c94e04a25619dcee3d226",
    "1ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200cbbe117577a615d6c770988c0bad946e2",
    "08e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff",
);

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

fn message(answer: Result<Json, Failure>) -> String {
    answer.unwrap_err().message
}

const WRONG: &str = "Incorrect username or password.";

#[test]
fn the_right_password_gives_tokens() {
    let (world, pool) = world_of_ann();
    let attempt = Attempt::begin(&world, &pool, "ann");
    let answer = attempt.respond(&world, &attempt.responses(PASSWORD)).unwrap();
    let tokens = &answer["AuthenticationResult"];
    assert_eq!(claims(&tokens["IdToken"])["cognito:username"], "ann");
    let user = world.ok("GetUser", json!({ "AccessToken": tokens["AccessToken"] }));
    assert_eq!(user["Username"], "ann");
}

#[test]
fn who_is_named_by_an_alias_proves_as_the_user() {
    let (world, pool) = world_of_ann();
    let attempt = Attempt::begin(&world, &pool, "ann@example.com");
    assert_eq!(attempt.parameters["USER_ID_FOR_SRP"], "ann");
    let answer = attempt.respond(&world, &attempt.responses(PASSWORD)).unwrap();
    assert_eq!(claims(&answer["AuthenticationResult"]["IdToken"])["cognito:username"], "ann");
}

#[test]
fn a_wrong_password_proves_nothing() {
    let (world, pool) = world_of_ann();
    let attempt = Attempt::begin(&world, &pool, "ann");
    assert_eq!(message(attempt.respond(&world, &attempt.responses("Passw0rd?"))), WRONG);
    let answer = attempt.respond(&world, &attempt.responses(PASSWORD));
    assert!(answer.is_ok(), "a wrong proof does not spoil the challenge");
}

#[test]
fn a_public_number_that_is_zero_modulo_n_is_refused() {
    let (world, pool) = world_of_ann();
    // Twice N has one more digit; its last ones are those of N, doubled.
    let twice = doubled(N);
    for number in ["0", "00", N, twice.as_str(), "-1", "g", ""] {
        let failure = start(&world, &pool, "ann", number).unwrap_err();
        assert_eq!(failure.code, "InvalidParameterException", "{number}");
    }
}

fn doubled(hex: &str) -> String {
    let (mut digits, mut carry) = (Vec::new(), 0);
    for digit in hex.chars().rev() {
        let value = 2 * digit.to_digit(16).unwrap() + carry;
        digits.push(char::from_digit(value % 16, 16).unwrap());
        carry = value / 16;
    }
    digits.extend(char::from_digit(carry, 16));
    digits.into_iter().rev().collect()
}

#[test]
fn what_was_signed_cannot_be_changed() {
    let (world, pool) = world_of_ann();
    world.user(&pool, "bob", json!([]));
    let attempt = Attempt::begin(&world, &pool, "ann");
    let right = attempt.responses(PASSWORD);
    let block = right["PASSWORD_CLAIM_SECRET_BLOCK"].as_str().unwrap();
    let at = block.len() / 2;
    let swapped = if &block[at..=at] == "A" { "B" } else { "A" };
    let spoiled = [&block[..at], swapped, &block[at + 1..]].concat();
    for (name, value) in [
        ("TIMESTAMP", "Wed Nov 18 09:06:41 UTC 2026"),
        ("USERNAME", "bob"),
        ("PASSWORD_CLAIM_SECRET_BLOCK", &spoiled),
        ("PASSWORD_CLAIM_SECRET_BLOCK", "AAAA"),
        ("PASSWORD_CLAIM_SIGNATURE", "AAAA"),
    ] {
        let mut responses = right.clone();
        responses[name] = json!(value);
        assert_eq!(message(attempt.respond(&world, &responses)), WRONG, "{name} {value}");
    }
}

#[test]
fn a_challenge_expires() {
    let (world, pool) = world_of_ann();
    let attempt = Attempt::begin(&world, &pool, "ann");
    let responses = attempt.responses(PASSWORD);
    world.advance_s(3 * 60);
    assert_eq!(message(attempt.respond(&world, &responses)), WRONG);
}

#[test]
fn a_challenge_is_of_one_client() {
    let (world, pool) = world_of_ann();
    let attempt = Attempt::begin(&world, &pool, "ann");
    let failure = world.fails(
        "RespondToAuthChallenge",
        json!({
            "ChallengeName": "PASSWORD_VERIFIER", "ClientId": world.client(&pool.id, json!({})),
            "ChallengeResponses": attempt.responses(PASSWORD),
        }),
    );
    assert_eq!(failure.message, WRONG);
}

#[test]
fn a_password_that_was_replaced_meanwhile_proves_nothing() {
    let (world, pool) = world_of_ann();
    let attempt = Attempt::begin(&world, &pool, "ann");
    let _ = world.ok(
        "AdminSetUserPassword",
        json!({
            "UserPoolId": pool.id, "Username": "ann", "Password": "An0ther-one!",
            "Permanent": true,
        }),
    );
    assert_eq!(message(attempt.respond(&world, &attempt.responses(PASSWORD))), WRONG);
}

#[test]
fn where_users_are_hidden_a_stranger_is_challenged_like_a_user() {
    let (world, pool) = world_of_ann();
    let client = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "ENABLED" }));
    let pool = TestPool { id: pool.id, client };
    let known = Attempt::begin(&world, &pool, "ann");
    let (stranger, again) =
        (Attempt::begin(&world, &pool, "zoe"), Attempt::begin(&world, &pool, "zoe"));
    let names = |parameters: &Json| -> Vec<String> {
        parameters.as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(names(&stranger.parameters), names(&known.parameters));
    assert_eq!(stranger.parameters["SALT"], again.parameters["SALT"]);
    assert_ne!(stranger.parameters["SALT"], known.parameters["SALT"]);
    assert_eq!(message(stranger.respond(&world, &stranger.responses(PASSWORD))), WRONG);
}
