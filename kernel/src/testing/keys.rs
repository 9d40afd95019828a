//! Real keys, made once a process and lent in turn: a test must not wait for primes.

use std::sync::{LazyLock, Mutex, PoisonError};

use alloc::{boxed::Box, vec::Vec};

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::KeySize,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use jsonwebtoken::jwk::Jwk;
use serde_json::json;

use crate::{Answer, KeyAlgorithm, KeyPair, crypto::base64url, shape::Json};

/// Four of them, so that two pools never share the keys that they sign with.
const RSA_KEYS: usize = 4;

static RSA: LazyLock<Mutex<(usize, Vec<KeyPair>)>> = LazyLock::new(Mutex::default);

pub(super) fn make(algorithm: KeyAlgorithm) -> Answer {
    let pair = match algorithm {
        KeyAlgorithm::RS256 => rsa(),
        KeyAlgorithm::ES256 => ec(),
        KeyAlgorithm::EdDSA => ed(),
    };
    pair.map_or_else(|| Answer::from("no key"), |pair| Answer::Key(Box::new(pair)))
}

fn rsa() -> Option<KeyPair> {
    let mut lent = RSA.lock().unwrap_or_else(PoisonError::into_inner);
    let (next, pairs) = &mut *lent;
    if pairs.len() < RSA_KEYS {
        pairs.push(new_rsa()?);
    }
    *next = (*next + 1) % RSA_KEYS;
    pairs.get(*next).or(pairs.last()).cloned()
}

fn new_rsa() -> Option<KeyPair> {
    let pair = aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa2048).ok()?;
    let pkcs8 = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).ok()?;
    // PKCS #8 wraps PKCS #1: what follows the 26 bytes of its head for this size.
    let private = pkcs8.as_ref().get(26..)?.to_vec();
    let public = pair.public_key();
    let n = public.modulus().big_endian_without_leading_zero().to_vec();
    let e = public.exponent().big_endian_without_leading_zero().to_vec();
    let public = json!({ "kty": "RSA", "n": base64url(&n), "e": base64url(&e) });
    Some(KeyPair { private, public: jwk(public)? })
}

fn ec() -> Option<KeyPair> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok()?;
    let private = pair.to_pkcs8v1().ok()?.as_ref().to_vec();
    let (x, y) = pair.public_key().as_ref().get(1..)?.split_at_checked(32)?;
    let public = json!({ "kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y) });
    Some(KeyPair { private, public: jwk(public)? })
}

fn ed() -> Option<KeyPair> {
    let pair = Ed25519KeyPair::generate().ok()?;
    let private = pair.to_pkcs8().ok()?.as_ref().to_vec();
    let x = base64url(pair.public_key().as_ref());
    let public = json!({ "kty": "OKP", "crv": "Ed25519", "x": x });
    Some(KeyPair { private, public: jwk(public)? })
}

fn jwk(json: Json) -> Option<Jwk> {
    serde_json::from_value(json).ok()
}
