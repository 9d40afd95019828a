//! Who signs and verifies tokens? The platform, by functions that are given at the start and are
//! synchronous.

use std::cell::RefCell;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result},
    signature::{Error, Signer, Verifier},
};
use serde_json::json;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What the platform lends.
    #[derive(Clone, Debug)]
    pub type Platform;

    /// `key` is DER, PKCS #1 for RSA and PKCS #8 for the others; signatures are as in JWS.
    #[wasm_bindgen(method, catch)]
    fn sign(
        this: &Platform,
        algorithm: &str,
        key: &[u8],
        message: &[u8],
    ) -> std::result::Result<Vec<u8>, JsValue>;

    /// `key` is a JWK as JSON.
    #[wasm_bindgen(method, catch)]
    fn verify(
        this: &Platform,
        algorithm: &str,
        key: &str,
        message: &[u8],
        signature: &[u8],
    ) -> std::result::Result<bool, JsValue>;
}

thread_local! {
    static PLATFORM: RefCell<Option<Platform>> = const { RefCell::new(None) };
}

/// Takes what the platform lends; all kernels of a process share it.
pub(crate) fn lend(platform: Platform) {
    PLATFORM.set(Some(platform));
}

fn with<T>(
    use_it: impl FnOnce(&Platform) -> std::result::Result<T, JsValue>,
) -> std::result::Result<T, Error> {
    let platform = PLATFORM.with_borrow(Clone::clone).ok_or_else(Error::new)?;
    use_it(&platform).map_err(|_| Error::new())
}

/// RS256, ES256 and EdDSA by the platform.
pub(crate) static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| {
        let key = private(*algorithm, key)?;
        Ok(Box::new(Private { algorithm: *algorithm, key }))
    },
    verifier_factory: |algorithm, key| {
        let key = public(*algorithm, key)?;
        Ok(Box::new(Public { algorithm: *algorithm, key }))
    },
    key_utils: KeyUtils::new_unimplemented(),
};

struct Private {
    algorithm: Algorithm,
    key: Vec<u8>,
}

struct Public {
    algorithm: Algorithm,
    key: String,
}

fn name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::ES256 => "ES256",
        Algorithm::EdDSA => "EdDSA",
        _ => "RS256",
    }
}

fn private(algorithm: Algorithm, key: &EncodingKey) -> Result<Vec<u8>> {
    match (algorithm, key.family()) {
        (Algorithm::RS256, AlgorithmFamily::Rsa)
        | (Algorithm::ES256, AlgorithmFamily::Ec)
        | (Algorithm::EdDSA, AlgorithmFamily::Ed) => Ok(key.as_bytes().to_vec()),
        _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
    }
}

fn public(algorithm: Algorithm, key: &DecodingKey) -> Result<String> {
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let jwk = match (algorithm, key.family(), key.kind()) {
        (Algorithm::RS256, AlgorithmFamily::Rsa, DecodingKeyKind::RsaModulusExponent { n, e }) => {
            json!({ "kty": "RSA", "n": text(n), "e": text(e) })
        }
        (Algorithm::ES256, AlgorithmFamily::Ec, DecodingKeyKind::SecretOrDer(point)) => {
            // An uncompressed point (SEC 1 §2.3.3): a 4, then both coordinates.
            let numbers = point.strip_prefix(&[4]).filter(|numbers| numbers.len() == 64);
            let Some((x, y)) = numbers.and_then(|numbers| numbers.split_at_checked(32)) else {
                return Err(ErrorKind::InvalidEcdsaKey.into());
            };
            json!({ "kty": "EC", "crv": "P-256", "x": text(x), "y": text(y) })
        }
        (Algorithm::EdDSA, AlgorithmFamily::Ed, DecodingKeyKind::SecretOrDer(x)) => {
            json!({ "kty": "OKP", "crv": "Ed25519", "x": text(x) })
        }
        _ => return Err(ErrorKind::UnsupportedAlgorithm.into()),
    };
    Ok(jwk.to_string())
}

impl Signer<Vec<u8>> for Private {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        with(|platform| platform.sign(name(self.algorithm), &self.key, message))
    }
}

impl JwtSigner for Private {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for Public {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let name = name(self.algorithm);
        match with(|platform| platform.verify(name, &self.key, message, signature)) {
            Ok(true) => Ok(()),
            _ => Err(Error::new()),
        }
    }
}

impl JwtVerifier for Public {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}
