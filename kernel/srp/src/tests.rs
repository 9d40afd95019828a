use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use num_bigint::BigUint;
use proptest::prelude::*;
use serde_json::Value;

use super::comb::GENERATOR;
use super::*;

struct Vector(Value);

impl Vector {
    fn all() -> Vec<Self> {
        let file = include_str!("../../../tests/vectors/srp.json");
        let file: Value = serde_json::from_str(file).unwrap();
        file["vectors"].as_array().unwrap().iter().cloned().map(Vector).collect()
    }

    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap()
    }

    fn number(&self, name: &str) -> Vec<u8> {
        number_from_hex(self.text(name)).unwrap()
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        let digits = self.text(name).as_bytes().chunks(2);
        digits.flat_map(|pair| number_from_hex(str::from_utf8(pair).unwrap())).flatten().collect()
    }

    fn base64(&self, name: &str) -> Vec<u8> {
        BASE64_STANDARD.decode(self.text(name)).unwrap()
    }

    fn whose(&self) -> Identity<'_> {
        Identity { pool_name: self.text("pool_name"), user_id: self.text("user_id") }
    }

    fn salt(&self) -> Salt {
        Salt::from_bytes(self.number("salt").try_into().unwrap()).unwrap()
    }

    fn proof(&self, key: &SessionKey) -> String {
        let claim =
            key.claim(self.whose(), &self.base64("secret_block_base64"), self.text("timestamp"));
        BASE64_STANDARD.encode(claim)
    }
}

const ALICE: Identity<'static> = Identity { pool_name: "AbCdEfGhI", user_id: "alice" };

/// A whole sign-in; whether the server believes the client.
fn signs_in(group: &Group, stored_for: &str, typed: &str, a: &[u8], b: [u8; 32]) -> bool {
    let salt = Salt::from_random([7; 16]);
    let verifier = group.verifier(ALICE, stored_for, &salt);
    let public_a = client::public_a(group, a).unwrap();
    let public_b = group.begin(&verifier, &b);
    let attempt =
        client::Attempt { whose: ALICE, password: typed, secret_a: a, public_a: &public_a };
    let client_key =
        client::session_key(group, &attempt, &salt.to_hex(), &public_b.to_hex()).unwrap();
    let received = PublicA::from_hex(&public_a.to_hex()).unwrap();
    let server_key = group.session_key(&received, &verifier, &b, &public_b).unwrap();
    server_key.proves(ALICE, b"block", "now", &client_key.claim(ALICE, b"block", "now"))
}

#[test]
fn the_server_computes_what_the_vectors_say() {
    let group = Group::new();
    for vector in Vector::all() {
        let x = private_key(vector.whose(), vector.text("password"), &vector.salt().0);
        assert_eq!(number_to_hex(&x), vector.text("x"));

        let verifier = group.verifier(vector.whose(), vector.text("password"), &vector.salt());
        assert_eq!(number_to_hex(&verifier.0), vector.text("v"));

        let public_b = group.begin_with(&verifier, &vector.number("b"));
        assert_eq!(public_b.to_hex(), vector.text("B"));

        let public_a = PublicA::from_hex(vector.text("A")).unwrap();
        let u = scrambler(&public_a, &public_b).unwrap();
        assert_eq!(number_to_hex(&u), vector.text("u"));

        let secret = server_secret(&public_a, &verifier, &vector.number("b"), &u);
        assert_eq!(number_to_hex(&secret), vector.text("S"));

        let key = SessionKey::derive(&u, &secret).unwrap();
        assert_eq!(key.0[..], vector.bytes("key"));
        assert_eq!(vector.proof(&key), vector.text("signature_base64"));
    }
}

#[test]
fn the_client_computes_what_the_vectors_say() {
    let group = Group::new();
    for vector in Vector::all() {
        let secret_a = vector.number("a");
        let public_a = client::public_a(&group, &secret_a).unwrap();
        assert_eq!(public_a.to_hex(), vector.text("A"));

        let attempt = client::Attempt {
            whose: vector.whose(),
            password: vector.text("password"),
            secret_a: &secret_a,
            public_a: &public_a,
        };
        let key =
            client::session_key(&group, &attempt, vector.text("salt"), vector.text("B")).unwrap();
        assert_eq!(key.0[..], vector.bytes("key"));
        assert_eq!(vector.proof(&key), vector.text("signature_base64"));

        let (u, x) = (vector.number("u").try_into().unwrap(), vector.number("x").try_into());
        let public_b = PublicB::from_hex(vector.text("B")).unwrap();
        let secret = client::secret(&group, &secret_a, &public_b, (&u, &x.unwrap())).unwrap();
        assert_eq!(number_to_hex(&secret), vector.text("S"));
    }
}

#[test]
fn the_right_password_signs_in() {
    let group = Group::new();
    assert!(signs_in(&group, "Passw0rd!", "Passw0rd!", &[5; 32], [9; 32]));
    assert!(signs_in(&group, "Passw0rd!", "Passw0rd!", &[255; 128], [255; 32]));
}

#[test]
fn a_wrong_password_does_not_sign_in() {
    assert!(!signs_in(&Group::new(), "Passw0rd!", "passw0rd!", &[5; 32], [9; 32]));
}

#[test]
fn a_claim_holds_for_its_own_user_block_and_time_only() {
    let key = SessionKey([3; 16]);
    let claim = key.claim(ALICE, b"block", "now");
    assert!(key.proves(ALICE, b"block", "now", &claim));
    let bob = Identity { user_id: "bob", ..ALICE };
    assert!(!key.proves(bob, b"block", "now", &claim));
    assert!(!key.proves(ALICE, b"other", "now", &claim));
    assert!(!key.proves(ALICE, b"block", "later", &claim));
    assert!(!SessionKey([4; 16]).proves(ALICE, b"block", "now", &claim));
    for bit in 0..256 {
        let mut spoiled = claim;
        spoiled[bit / 8] ^= 1 << (bit % 8);
        assert!(!key.proves(ALICE, b"block", "now", &spoiled), "bit {bit}");
    }
    assert!(!key.proves(ALICE, b"block", "now", &claim[..31]));
    assert!(!key.proves(ALICE, b"block", "now", &[]));
}

#[test]
fn a_password_in_clear_is_compared_with_the_verifier() {
    let group = Group::new();
    let (salt, other) = (Salt::from_random([8; 16]), Salt::from_random([9; 16]));
    let verifier = group.verifier(ALICE, "Pässw0rd!", &salt);
    assert!(group.matches(ALICE, "Pässw0rd!", &salt, &verifier));
    assert!(!group.matches(ALICE, "Pässw0rd", &salt, &verifier));
    assert!(!group.matches(ALICE, "", &salt, &verifier));
    assert!(!group.matches(ALICE, "Pässw0rd!", &other, &verifier));
    let bob = Identity { user_id: "bob", ..ALICE };
    assert!(!group.matches(bob, "Pässw0rd!", &salt, &verifier));
}

#[test]
fn multiples_of_the_modulus_are_refused_as_public_numbers() {
    let modulus = BigUint::from_bytes_be(&MODULUS);
    for multiple in 0..5u32 {
        let text = format!("{:x}", &modulus * multiple);
        assert_eq!(PublicA::from_hex(&text), Err(Rejected), "{multiple} N");
        assert_eq!(PublicB::from_hex(&text), Err(Rejected), "{multiple} N");
    }
    assert!(PublicA::from_hex(&format!("{:X}", &modulus - 1u32)).is_ok());
    assert!(PublicA::from_hex(&format!("{:x}", &modulus + 1u32)).is_err());
}

#[test]
fn only_hexadecimal_digits_of_bounded_width_are_a_number() {
    for text in ["", "-1", "+1", "0x1", " 1", "1 ", "g", "1_0", "é", "1\0", "00"] {
        assert_eq!(PublicA::from_hex(text), Err(Rejected), "{text:?}");
    }
    assert_eq!(PublicA::from_hex(&"f".repeat(769)), Err(Rejected));
    assert_eq!(PublicA::from_hex(&"1".repeat(1 << 20)), Err(Rejected));
    let padded = "0".repeat(2000) + "aBc";
    assert_eq!(PublicA::from_hex(&padded).unwrap().to_hex(), "abc");
}

#[test]
fn a_stored_verifier_comes_back_and_nonsense_does_not() {
    let verifier = Group::new().verifier(ALICE, "Passw0rd!", &Salt::from_random([1; 16]));
    assert_eq!(Verifier::from_bytes(verifier.as_bytes()).unwrap().0, verifier.0);
    let signed = shortest_signed(verifier.as_bytes());
    assert_eq!(Verifier::from_bytes(&signed).unwrap().0, verifier.0);
    for bytes in [&[][..], &[0; 384], &[0xff; 384], &[1; 385], &MODULUS] {
        assert!(Verifier::from_bytes(bytes).is_err());
    }
}

#[test]
fn a_salt_never_begins_with_zero() {
    assert_eq!(Salt::from_random([0; 16]).as_bytes()[0], 1);
    assert_eq!(Salt::from_bytes([0; 16]), None);
    let bytes = [10, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
    let salt = Salt::from_random(bytes);
    assert_eq!(salt, Salt::from_bytes(bytes).unwrap());
    assert_eq!(salt.to_hex(), "a0002030405060708090a0b0c0d0e0f");
}

#[test]
fn a_client_secret_of_an_odd_length_is_refused() {
    let group = Group::new();
    for length in [0, 31, 129, 4096] {
        assert_eq!(client::public_a(&group, &[1].repeat(length)), Err(Rejected), "{length}");
    }
    let public_a = client::public_a(&group, &[1; 32]).unwrap();
    let long = [1].repeat(4096);
    let attempt =
        client::Attempt { whose: ALICE, password: "p", secret_a: &long, public_a: &public_a };
    assert!(client::session_key(&group, &attempt, "1", "2").is_err());
    let attempt = client::Attempt { secret_a: &[1; 32], ..attempt };
    assert!(client::session_key(&group, &attempt, "1", "2").is_ok());
    for (salt, public_b) in [("", "2"), ("x", "2"), ("1", "0"), ("1", ""), ("1", "-2")] {
        assert!(client::session_key(&group, &attempt, salt, public_b).is_err());
    }
}

#[test]
fn the_multiplier_is_the_hash_of_modulus_and_generator() {
    let hash = Sha256::new()
        .chain_update(shortest_signed(&MODULUS))
        .chain_update(shortest_signed(&[GENERATOR]))
        .finalize();
    assert_eq!(number_to_hex(&hash), number_to_hex(&MULTIPLIER));
}

#[test]
fn integers_are_hashed_in_the_shortest_signed_form() {
    for (number, bytes) in [
        (&[][..], &[0][..]),
        (&[0], &[0]),
        (&[0, 0, 1], &[1]),
        (&[0x7f], &[0x7f]),
        (&[0, 0x80], &[0, 0x80]),
        (&[0xff, 0], &[0, 0xff, 0]),
    ] {
        assert_eq!(shortest_signed(number), bytes);
    }
}

#[test]
fn no_secret_shows_in_debug_output() {
    let group = Group::new();
    let verifier = group.verifier(ALICE, "Passw0rd!", &Salt::from_random([1; 16]));
    let shown = format!("{verifier:?} {:?}", SessionKey([3; 16]));
    assert_eq!(shown, "Verifier(..) SessionKey(..)");
    assert_eq!(Rejected.to_string(), "not a number that SRP admits");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3))]

    #[test]
    fn client_and_server_agree(
        password in ".{0,40}",
        a in prop::collection::vec(any::<u8>(), 32..=128),
        b: [u8; 32],
    ) {
        prop_assert!(signs_in(&Group::new(), &password, &password, &a, b));
    }

    #[test]
    fn a_number_survives_its_text(bytes in prop::collection::vec(any::<u8>(), 1..380)) {
        let number = BigUint::from_bytes_be(&bytes);
        prop_assert_eq!(number_to_hex(&bytes), format!("{number:x}"));
        let read = number_from_hex(&format!("{number:X}")).unwrap();
        prop_assert_eq!(BigUint::from_bytes_be(&read), number);
    }
}
