//! How does a key get from its bytes to the platform? Parsed once, for as long as it is in use.

use std::{cell::RefCell, collections::BTreeMap};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey,
    errors::{ErrorKind, Result},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wasm_bindgen::JsValue;

use crate::platform::{self, KeyObject};

/// Beyond this many, the parsed keys are forgotten and parsed again as needed.
const KEYS_MAX: usize = 256;

thread_local! {
    /// By a digest, so that no private key stands here in the clear.
    static KEYS: RefCell<BTreeMap<[u8; 32], KeyObject>> = const { RefCell::new(BTreeMap::new()) };
}

pub(super) fn private(algorithm: Algorithm, key: &EncodingKey) -> Result<KeyObject> {
    let form = match (algorithm, key.family()) {
        (Algorithm::RS256, AlgorithmFamily::Rsa) => "pkcs1",
        (Algorithm::ES256, AlgorithmFamily::Ec) | (Algorithm::EdDSA, AlgorithmFamily::Ed) => {
            "pkcs8"
        }
        _ => return super::unsupported(),
    };
    let der = key.as_bytes();
    parsed(&[form.as_bytes(), der], || platform::private_key(der, form))
}

pub(super) fn public(algorithm: Algorithm, key: &DecodingKey) -> Result<KeyObject> {
    match (algorithm, key.family(), key.kind()) {
        (Algorithm::RS256, AlgorithmFamily::Rsa, DecodingKeyKind::RsaModulusExponent { n, e }) => {
            let length = n.len().to_le_bytes();
            parsed(&[b"RSA", &length, n, e], || {
                jwk(&json!({ "kty": "RSA", "n": text(n), "e": text(e) }))
            })
        }
        (Algorithm::ES256, AlgorithmFamily::Ec, DecodingKeyKind::SecretOrDer(point)) => {
            // An uncompressed point (SEC 1 §2.3.3): a 4, then both coordinates.
            let coordinates = point.strip_prefix(&[4]).filter(|numbers| numbers.len() == 64);
            let Some((x, y)) = coordinates.and_then(|numbers| numbers.split_at_checked(32)) else {
                return Err(ErrorKind::InvalidEcdsaKey.into());
            };
            parsed(&[b"EC", point], || {
                jwk(&json!({ "kty": "EC", "crv": "P-256", "x": text(x), "y": text(y) }))
            })
        }
        (Algorithm::EdDSA, AlgorithmFamily::Ed, DecodingKeyKind::SecretOrDer(x)) => {
            parsed(&[b"OKP", x], || jwk(&json!({ "kty": "OKP", "crv": "Ed25519", "x": text(x) })))
        }
        _ => super::unsupported(),
    }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn jwk(jwk: &Value) -> std::result::Result<KeyObject, JsValue> {
    platform::public_key(&jwk.to_string())
}

/// The key that these parts name, parsed now or earlier.
fn parsed(
    parts: &[&[u8]],
    parse: impl FnOnce() -> std::result::Result<KeyObject, JsValue>,
) -> Result<KeyObject> {
    let digest: [u8; 32] = parts.iter().fold(Sha256::new(), Digest::chain_update).finalize().into();
    KEYS.with_borrow_mut(|keys| {
        if let Some(key) = keys.get(&digest) {
            return Ok(key.clone());
        }
        let key = parse().map_err(|_| ErrorKind::InvalidKeyFormat)?;
        if keys.len() >= KEYS_MAX {
            keys.clear();
        }
        keys.insert(digest, key.clone());
        Ok(key)
    })
}
