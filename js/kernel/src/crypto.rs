//! Who signs and verifies tokens? The platform, by WebCrypto, which makes everybody wait.
//!
//! The kernel does not: it takes a signature as soon as it wants one. It is given a hole, some random
//! bytes, which the driver fills before anybody sees the answer. Whether a signature is right is only
//! known once the platform has looked: until then the answer is no, and what was begun with that
//! answer is begun anew with the right one.

use std::{cell::RefCell, collections::BTreeMap};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result},
    signature::{Error, Signer, Verifier},
};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

/// A signature that is still to be made.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Hole {
    /// What stands where it belongs, in base64url.
    hole: String,
    algorithm: &'static str,
    /// Under which the parsed key may be kept: it gives nothing away.
    key_id: String,
    /// DER in base64url, PKCS #1 for RSA and PKCS #8 for the others.
    key: String,
    message: String,
}

/// A signature that somebody showed.
pub(crate) struct Check {
    pub(crate) algorithm: &'static str,
    /// A JWK as JSON.
    pub(crate) key: String,
    pub(crate) message: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

/// What the kernel wanted of the platform in one go.
#[derive(Default)]
pub(crate) struct Wanted {
    pub(crate) holes: Vec<Hole>,
    pub(crate) checks: Vec<Check>,
}

type Fingerprint = [u8; 32];

/// Beyond this many, what is known of signatures is forgotten and looked at again as needed.
const KNOWN_MAX: usize = 512;

/// As many random bytes nobody guesses, so that they stand nowhere else.
const HOLE_BYTES: usize = 32;

thread_local! {
    static WANTED: RefCell<Wanted> = RefCell::default();
    static KNOWN: RefCell<BTreeMap<Fingerprint, bool>> = const { RefCell::new(BTreeMap::new()) };
}

/// Takes what was wanted since the last time.
pub(crate) fn take() -> Wanted {
    WANTED.take()
}

impl Check {
    /// Takes the platform's word for it.
    pub(crate) fn learn(&self, is_right: bool) {
        KNOWN.with_borrow_mut(|known| {
            if known.len() >= KNOWN_MAX {
                known.clear();
            }
            known.insert(self.fingerprint(), is_right);
        });
    }

    fn fingerprint(&self) -> Fingerprint {
        let parts = [self.algorithm.as_bytes(), self.key.as_bytes(), &self.signature];
        let hash = parts.iter().fold(Sha256::new(), |hash, part| {
            hash.chain_update(part.len().to_le_bytes()).chain_update(part)
        });
        hash.chain_update(&self.message).finalize().into()
    }
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
        let mut hole = vec![0; HOLE_BYTES];
        getrandom::fill(&mut hole).map_err(|_| Error::new())?;
        let wanted = Hole {
            hole: URL_SAFE_NO_PAD.encode(&hole),
            algorithm: name(self.algorithm),
            key_id: URL_SAFE_NO_PAD.encode(Sha256::digest(&self.key)),
            key: URL_SAFE_NO_PAD.encode(&self.key),
            message: std::str::from_utf8(message).map_err(|_| Error::new())?.to_owned(),
        };
        WANTED.with_borrow_mut(|all| all.holes.push(wanted));
        Ok(hole)
    }
}

impl JwtSigner for Private {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for Public {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let check = Check {
            algorithm: name(self.algorithm),
            key: self.key.clone(),
            message: message.to_vec(),
            signature: signature.clone(),
        };
        match KNOWN.with_borrow(|known| known.get(&check.fingerprint()).copied()) {
            Some(true) => return Ok(()),
            Some(false) => {}
            None => WANTED.with_borrow_mut(|all| all.checks.push(check)),
        }
        Err(Error::new())
    }
}

impl JwtVerifier for Public {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_a_hole_that_says_what_belongs_there() {
        let key = EncodingKey::from_ec_der(b"private");
        let signer = (PROVIDER.signer_factory)(&Algorithm::ES256, &key).unwrap();
        let [one, other] = [(); 2].map(|()| signer.try_sign(b"a.b").unwrap());
        assert_ne!(one, other);
        let Wanted { holes, checks } = take();
        assert!(checks.is_empty() && take().holes.is_empty());
        for (hole, bytes) in holes.iter().zip([one, other]) {
            assert_eq!(hole.hole, URL_SAFE_NO_PAD.encode(bytes));
            assert_eq!((hole.algorithm, hole.message.as_str()), ("ES256", "a.b"));
            assert_eq!(hole.key, URL_SAFE_NO_PAD.encode("private"));
        }
    }

    #[test]
    fn a_signature_is_right_once_the_platform_says_so_and_no_other_is() {
        let key = DecodingKey::from_ed_components(&URL_SAFE_NO_PAD.encode([7; 32])).unwrap();
        let verifier = (PROVIDER.verifier_factory)(&Algorithm::EdDSA, &key).unwrap();
        let (right, wrong) = (vec![1; 64], vec![2; 64]);
        assert!(verifier.verify(b"a.b", &right).is_err());
        assert!(verifier.verify(b"a.b", &wrong).is_err());
        let checks = take().checks;
        checks[0].learn(true);
        checks[1].learn(false);
        assert!(verifier.verify(b"a.b", &right).is_ok());
        assert!(verifier.verify(b"a.b", &wrong).is_err());
        assert!(take().checks.is_empty());
        assert!(verifier.verify(b"a.c", &right).is_err());
        assert_eq!(take().checks.len(), 1);
    }

    #[test]
    fn a_key_of_another_kind_is_refused() {
        let key = EncodingKey::from_ec_der(b"private");
        assert!((PROVIDER.signer_factory)(&Algorithm::RS256, &key).is_err());
        let key = DecodingKey::from_ed_components("AA").unwrap();
        assert!((PROVIDER.verifier_factory)(&Algorithm::ES256, &key).is_err());
    }
}
