//! A hash of another system is as good as a password: checked as it came once, made anew, then gone.

use kernel::testing::{CSV_HEADER, Failure, TestPool, World, csv_line};
use serde_json::{Value as Json, json};

use super::{records, srp_client::Attempt};

/// One hash of each algorithm, and its password.
const HASHES: [(&str, &str, &str); 4] = [
    (
        "ARGON2ID",
        "$argon2id$v=19$m=256\\,t=2\\,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "password",
    ),
    ("BCRYPT", "$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe", "a"),
    (
        "PBKDF2_SHA256",
        "$pbkdf2-sha256$4096$c2FsdA$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o",
        "password",
    ),
    (
        "SCRYPT",
        "16384$8$1$536f6469756d43686c6f72696465$7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
        "pleaseletmein",
    ),
];

fn world_of_ann(algorithm: &str, hash: &str) -> (World, TestPool) {
    let world = World::new();
    let pool = world.pool(json!({ "AutoVerifiedAttributes": ["email"] }));
    import(&world, &pool, algorithm, &[("ann", hash)]);
    (world, pool)
}

fn import(world: &World, pool: &TestPool, algorithm: &str, users: &[(&str, &str)]) -> Json {
    let lines: Vec<String> =
        users.iter().map(|(name, hash)| format!("{},{hash}", csv_line(name))).collect();
    let file = format!("{CSV_HEADER},password_hash\n{}\n", lines.join("\n"));
    let settings = json!({ "PasswordHashingAlgorithm": algorithm });
    world.import(pool, settings, file.as_bytes()).0
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

fn by_srp(world: &World, pool: &TestPool, name: &str, password: &str) -> Result<Json, Failure> {
    let attempt = Attempt::begin(world, pool, name);
    let responses = attempt.responses(password);
    attempt.respond(world, &responses)
}

fn status(world: &World, pool: &TestPool, name: &str) -> Json {
    world.ok("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": name }))["UserStatus"]
        .take()
}

#[test]
fn each_algorithm_signs_in_by_password_then_by_srp() {
    for (algorithm, hash, password) in HASHES {
        let (world, pool) = world_of_ann(algorithm, hash);
        assert_eq!(status(&world, &pool, "ann"), "CONFIRMED", "{algorithm}");
        let before = by_srp(&world, &pool, "ann", password).unwrap_err();
        assert_eq!(before.code, "NotAuthorizedException");
        assert_eq!(before.message, "Incorrect username or password.");
        let wrong = sign_in(&world, &pool, "ann", "wrong").unwrap_err();
        assert_eq!(wrong.message, "Incorrect username or password.");
        let result = sign_in(&world, &pool, "ann", password).unwrap();
        assert!(result["AuthenticationResult"]["AccessToken"].is_string(), "{algorithm}");
        assert!(by_srp(&world, &pool, "ann", password).is_ok(), "{algorithm}");
        assert!(sign_in(&world, &pool, "ann", password).is_ok());
        assert!(sign_in(&world, &pool, "ann", "wrong").is_err());
    }
}

#[test]
fn no_hash_stands_in_clear_and_none_is_left_after_the_first_sign_in() {
    let (algorithm, hash, password) = HASHES[1];
    let (world, pool) = world_of_ann(algorithm, hash);
    let holds = |part: &str| {
        let all = records::of_pool(&world, &pool);
        all.values().any(|value| String::from_utf8_lossy(value).contains(part))
    };
    assert!(!holds("m0CrhHm10qJ3lXRY"));
    assert!(holds("Bcrypt"));
    sign_in(&world, &pool, "ann", password).unwrap();
    assert!(!holds("Bcrypt"));
    assert!(records::store(&world, &pool).get("hashes").unwrap().is_none());
}

#[test]
fn a_new_password_or_none_puts_an_end_to_the_hash() {
    let (algorithm, hash, password) = HASHES[1];
    let (world, pool) = world_of_ann(algorithm, hash);
    import(&world, &pool, algorithm, &[("bob", hash)]);
    let name = |name: &str| json!({ "UserPoolId": pool.id, "Username": name });
    let mut set = name("ann");
    set["Password"] = json!("Passw0rd!2");
    set["Permanent"] = json!(true);
    let _ = world.ok("AdminSetUserPassword", set);
    assert!(sign_in(&world, &pool, "ann", password).is_err());
    assert!(sign_in(&world, &pool, "ann", "Passw0rd!2").is_ok());
    let _ = world.ok("AdminDeleteUser", name("bob"));
    assert!(records::store(&world, &pool).get("hashes").unwrap().is_none());
}

#[test]
fn a_hash_of_another_algorithm_or_beyond_its_bounds_fails_its_line() {
    let world = World::new();
    let pool = world.pool(json!({ "AutoVerifiedAttributes": ["email"] }));
    let dear = HASHES[1].1.replace("$06$", "$13$");
    let users = [("ann", HASHES[3].1), ("bob", dear.as_str()), ("carl", ""), ("dora", HASHES[1].1)];
    let job = import(&world, &pool, "BCRYPT", &users);
    assert_eq!((&job["ImportedUsers"], &job["FailedUsers"]), (&json!(2), &json!(2)));
    assert_eq!(status(&world, &pool, "carl"), "RESET_REQUIRED");
    assert_eq!(status(&world, &pool, "dora"), "CONFIRMED");
    assert_eq!(job["PasswordHashingAlgorithm"], "BCRYPT");
}

#[test]
fn wrong_guesses_lock_as_ever() {
    let (algorithm, hash, password) = HASHES[1];
    let (world, pool) = world_of_ann(algorithm, hash);
    for _ in 0..5 {
        assert!(sign_in(&world, &pool, "ann", "wrong").is_err());
    }
    let locked = sign_in(&world, &pool, "ann", password).unwrap_err();
    assert_eq!(locked.message, "Password attempts exceeded");
    world.advance_s(2);
    assert!(sign_in(&world, &pool, "ann", password).is_ok());
}
