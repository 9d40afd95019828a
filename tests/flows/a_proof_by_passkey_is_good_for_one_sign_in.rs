//! Attacks on `WEB_AUTHN`: proofs that were seen, forged, made elsewhere or by a copied passkey.

use kernel::testing::{Authenticator, TestPool, World, options_of};
use serde_json::{Value as Json, json};

fn world() -> (World, TestPool, Authenticator) {
    let world = World::new();
    let pool = world.passkey_pool(json!({}));
    let passkey = world.user_with_passkey(&pool, "ann");
    (world, pool, passkey)
}

const REFUSED: &str = "NotAuthorizedException: Invalid passkey credential.";

fn told(world: &World, pool: &TestPool, challenge: &Json, proof: &Json) -> String {
    match world.answer_passkey(pool, challenge, proof) {
        Ok(_) => "in".into(),
        Err(failure) => format!("{}: {}", failure.code, failure.message),
    }
}

#[test]
fn a_proof_answers_its_own_challenge_once() {
    let (world, pool, passkey) = world();
    let begin = || world.begin_with_passkey(&pool, "ann").unwrap();
    let (first, second) = (begin(), begin());
    let proof = passkey.get(&options_of(&first));
    assert_eq!(told(&world, &pool, &second, &proof), REFUSED);
    assert_eq!(told(&world, &pool, &first, &proof), "in");
    assert_eq!(
        told(&world, &pool, &first, &proof),
        "NotAuthorizedException: Invalid session for the user, session can only be used once."
    );
    world.advance_s(3 * 60);
    let late = passkey.get(&options_of(&second));
    assert_eq!(
        told(&world, &pool, &second, &late),
        "NotAuthorizedException: Invalid session for the user, session is expired."
    );
}

#[test]
fn a_proof_is_made_before_a_page_of_the_relying_party() {
    let (world, pool, mut passkey) = world();
    let challenge = world.begin_with_passkey(&pool, "ann").unwrap();
    let options = options_of(&challenge);
    for origin in ["https://evil.com", "http://example.com", "https://example.com.evil.com"] {
        passkey.origin = origin.into();
        assert_eq!(told(&world, &pool, &challenge, &passkey.get(&options)), REFUSED, "{origin}");
    }
    passkey.origin = "https://app.example.com".into();
    passkey.relying_party = Some("evil.com".into());
    assert_eq!(told(&world, &pool, &challenge, &passkey.get(&options)), REFUSED);
    passkey.relying_party = None;
    assert_eq!(told(&world, &pool, &challenge, &passkey.get(&options)), "in");
}

#[test]
fn a_passkey_is_its_own_users() {
    let (world, pool, anns) = world();
    let bobs = world.user_with_passkey(&pool, "bob");
    let challenge = world.begin_with_passkey(&pool, "bob").unwrap();
    let options = options_of(&challenge);
    assert_eq!(told(&world, &pool, &challenge, &anns.get(&options)), REFUSED);
    // Under the other's id, and under the other's name.
    let mut forged = anns.get(&options);
    for id in ["id", "rawId"] {
        forged[id] = options["allowCredentials"][0]["id"].clone();
    }
    assert_eq!(told(&world, &pool, &challenge, &forged), REFUSED);
    let mut renamed = bobs.get(&options);
    renamed["response"]["userHandle"] = json!(anns.user);
    assert_eq!(told(&world, &pool, &challenge, &renamed), REFUSED);
    // Whoever registers an id that another user's passkey has gets in as nobody else by it.
    let token = world.sign_in(&pool, "ann")["AccessToken"].take();
    let mut claimed = Authenticator::new();
    claimed.id.clone_from(&bobs.id);
    assert_eq!(world.register(&token, &mut claimed), Ok(()));
    assert_eq!(told(&world, &pool, &challenge, &claimed.get(&options)), REFUSED);
    assert_eq!(told(&world, &pool, &challenge, &bobs.get(&options)), "in");
}

#[test]
fn a_session_is_its_own_users_and_clients() {
    let (world, pool, passkey) = world();
    let _ = world.user_with_passkey(&pool, "bob");
    let mut challenge = world.begin_with_passkey(&pool, "ann").unwrap();
    let proof = passkey.get(&options_of(&challenge));
    let foreign = "NotAuthorizedException: Invalid session for the user.";
    let mut other = pool.clone();
    other.client = world.client(&pool.id, json!({ "ExplicitAuthFlows": ["ALLOW_USER_AUTH"] }));
    assert_eq!(told(&world, &other, &challenge, &proof), foreign);
    challenge["ChallengeParameters"]["USER_ID_FOR_SRP"] = json!("bob");
    assert_eq!(told(&world, &pool, &challenge, &proof), foreign);
}

#[test]
fn a_counter_that_does_not_go_on_tells_of_a_copy() {
    let (world, pool, mut passkey) = world();
    let attempt = |passkey: &Authenticator| {
        let challenge = world.begin_with_passkey(&pool, "ann").unwrap();
        told(&world, &pool, &challenge, &passkey.get(&options_of(&challenge)))
    };
    // One that never counts is let in for ever.
    assert_eq!((attempt(&passkey), attempt(&passkey)), ("in".into(), "in".into()));
    for (counter, expected) in
        [(5, "in"), (5, REFUSED), (4, REFUSED), (0, REFUSED), (6, "in"), (u32::MAX, "in")]
    {
        passkey.counter = counter;
        assert_eq!(attempt(&passkey), expected, "{counter}");
    }
}

#[test]
fn nobody_need_be_there_for_a_proof_that_is_refused() {
    let (world, pool, mut passkey) = world();
    let challenge = world.begin_with_passkey(&pool, "ann").unwrap();
    let options = options_of(&challenge);
    // Nobody touched it; a passkey that could not be copied was.
    for flags in [0b100, 0b1_1101, 0b1_0101] {
        passkey.flags = flags;
        let outcome = told(&world, &pool, &challenge, &passkey.get(&options));
        assert_ne!(outcome, "in", "{flags:b}");
    }
    passkey.flags = 1;
    assert_eq!(told(&world, &pool, &challenge, &passkey.get(&options)), "in");
}

#[test]
fn what_is_no_proof_is_refused_and_breaks_nothing() {
    let (world, pool, passkey) = world();
    let challenge = world.begin_with_passkey(&pool, "ann").unwrap();
    let good = passkey.get(&options_of(&challenge));
    let invalid = "InvalidParameterException: Invalid CREDENTIAL.";
    for (pointer, value) in [
        ("/id", json!("AAAA")),
        ("/type", json!("x")),
        ("/response", json!({})),
        ("/response/clientDataJSON", json!("AAAA")),
        ("/response/authenticatorData", json!("AAAA")),
        ("/response/signature", json!("*")),
        ("/response/userHandle", json!("*")),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        assert_eq!(told(&world, &pool, &challenge, &bad), invalid, "{pointer}");
    }
    for (pointer, value) in [
        ("/response/signature", json!("")),
        ("/response/signature", json!("AAAA")),
        ("/response/signature", json!("A".repeat(60_000))),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        assert_eq!(told(&world, &pool, &challenge, &bad), REFUSED, "{pointer}");
    }
    assert_eq!(told(&world, &pool, &challenge, &json!([[[[]]]])), invalid);
    let missing = world.answer(&pool, &challenge, json!({})).unwrap_err();
    assert_eq!(missing.message, "Missing required parameter CREDENTIAL");
    assert_eq!(told(&world, &pool, &challenge, &good), "in");
}

#[test]
fn a_passkey_that_was_deleted_meanwhile_opens_nothing() {
    let (world, pool, passkey) = world();
    let challenge = world.begin_with_passkey(&pool, "ann").unwrap();
    let proof = passkey.get(&options_of(&challenge));
    let token = world.sign_in(&pool, "ann")["AccessToken"].take();
    let id = proof["id"].clone();
    let _ =
        world.ok("DeleteWebAuthnCredential", json!({ "AccessToken": token, "CredentialId": id }));
    assert_eq!(told(&world, &pool, &challenge, &proof), REFUSED);
}
