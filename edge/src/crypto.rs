//! Who signs and verifies tokens? The platform, through `node:crypto`, which is synchronous.

mod keys;

use der::{Decode, Encode, Reader, SliceReader, asn1::UintRef};
use jsonwebtoken::{
    Algorithm,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result},
    signature::{Error, Signer, Verifier},
};

use crate::platform::{self, KeyObject};

/// RS256, ES256 and EdDSA by `node:crypto`.
pub(crate) static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| {
        let key = keys::private(*algorithm, key)?;
        Ok(Box::new(Platform { algorithm: *algorithm, key }))
    },
    verifier_factory: |algorithm, key| {
        let key = keys::public(*algorithm, key)?;
        Ok(Box::new(Platform { algorithm: *algorithm, key }))
    },
    key_utils: KeyUtils::new_unimplemented(),
};

struct Platform {
    algorithm: Algorithm,
    key: KeyObject,
}

impl Platform {
    /// None for keys that know their own way.
    fn hash(&self) -> Option<&'static str> {
        (self.algorithm != Algorithm::EdDSA).then_some("sha256")
    }
}

impl Signer<Vec<u8>> for Platform {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        let signature = platform::sign(self.hash(), message, &self.key);
        let signature = signature.map_err(|_| Error::new())?;
        match self.algorithm {
            Algorithm::ES256 => plain(&signature).ok_or_else(Error::new),
            _ => Ok(signature),
        }
    }
}

impl JwtSigner for Platform {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for Platform {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let encoded = match self.algorithm {
            Algorithm::ES256 => &encoded(signature).ok_or_else(Error::new)?,
            _ => signature,
        };
        match platform::verify(self.hash(), message, &self.key, encoded) {
            Ok(true) => Ok(()),
            _ => Err(Error::new()),
        }
    }
}

impl JwtVerifier for Platform {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

fn unsupported<T>() -> Result<T> {
    Err(ErrorKind::UnsupportedAlgorithm.into())
}

/// The bytes of each of the two numbers of a P-256 signature (RFC 7518 §3.4).
const NUMBER_BYTES: usize = 32;

/// An ECDSA signature as JWS has it, from ASN.1: `node:crypto` would do it, but workerd takes no
/// options beside a parsed key.
fn plain(encoded: &[u8]) -> Option<Vec<u8>> {
    let mut reader = SliceReader::new(encoded).ok()?;
    let (r, s) = reader
        .sequence(|inner| Ok::<_, der::Error>((UintRef::decode(inner)?, UintRef::decode(inner)?)))
        .ok()?;
    let mut signature = vec![0; 2 * NUMBER_BYTES];
    for (number, place) in [r, s].iter().zip(signature.chunks_mut(NUMBER_BYTES)) {
        let bytes = number.as_bytes();
        let start = NUMBER_BYTES.checked_sub(bytes.len())?;
        place.get_mut(start..)?.copy_from_slice(bytes);
    }
    Some(signature)
}

/// The reverse of [`plain`].
fn encoded(plain: &[u8]) -> Option<Vec<u8>> {
    let (r, s) = plain.split_at_checked(NUMBER_BYTES)?;
    if s.len() != NUMBER_BYTES {
        return None;
    }
    vec![UintRef::new(r).ok()?, UintRef::new(s).ok()?].to_der().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_of_two_numbers_come_through_asn1_unchanged() {
        for (r, s) in [(0x01, 0xff), (0x80, 0x7f), (0x00, 0x10)] {
            let mut signature = vec![0xab; 64];
            signature[0] = r;
            signature[32] = s;
            assert_eq!(plain(&encoded(&signature).unwrap()), Some(signature));
        }
    }

    #[test]
    fn what_is_no_signature_is_refused() {
        assert_eq!(encoded(&[1; 63]), None);
        assert_eq!(encoded(&[1; 65]), None);
        assert_eq!(plain(b"0"), None);
        assert_eq!(plain(&[0x30, 0x80]), None);
    }
}
