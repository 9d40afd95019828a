//! Public keys as authenticators give them (`COSE_Key`, RFC 9052 §7), and what they signed.

use alloc::{vec, vec::Vec};

use der::{Decode, Reader, SliceReader, asn1::UintRef};
use jsonwebtoken::{Algorithm, DecodingKey};
use minicbor::Decoder;

use super::Fault;
use crate::crypto::{Crypto, base64url};

/// The algorithms that are taken, the one that is liked best first: ES256, EdDSA, RS256.
pub(crate) const ALGORITHMS: [i64; 3] = [ES256, EDDSA, RS256];

const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;

/// Of P-256 and Ed25519.
const NUMBER_BYTES: usize = 32;
const MODULUS_BYTES_MIN: usize = 256;
const MODULUS_BYTES_MAX: usize = 1024;
const EXPONENT_BYTES_MAX: usize = 8;

// Labels and values of RFC 9053 §7.
const KEY_TYPE: i64 = 1;
const ALGORITHM: i64 = 3;
const OKP: i64 = 1;
const EC2: i64 = 2;
const RSA: i64 = 3;
const P256: i64 = 1;
const ED25519: i64 = 6;

/// A key whose signatures can be checked.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PublicKey<'a> {
    Es256 { x: &'a [u8], y: &'a [u8] },
    EdDsa { x: &'a [u8] },
    Rs256 { modulus: &'a [u8], exponent: &'a [u8] },
}

/// A number or bytes: what stands in a key.
#[derive(Clone, Copy, Default)]
struct Value<'a> {
    number: Option<i64>,
    bytes: Option<&'a [u8]>,
}

impl<'a> PublicKey<'a> {
    /// Reads a key.
    pub(super) fn read(cose: &'a [u8]) -> Result<Self, Fault> {
        let labels = [KEY_TYPE, ALGORITHM, -1, -2, -3];
        let [kind, algorithm, one, two, three] = values(cose, labels).ok_or(Fault::Malformed)?;
        let of = |bytes: Option<&'a [u8]>| bytes.filter(|bytes| bytes.len() == NUMBER_BYTES);
        let key = match (kind.number, algorithm.number, one.number) {
            (Some(EC2), Some(ES256), Some(P256)) => {
                of(two.bytes).zip(of(three.bytes)).map(|(x, y)| Self::Es256 { x, y })
            }
            (Some(OKP), Some(EDDSA), Some(ED25519)) => of(two.bytes).map(|x| Self::EdDsa { x }),
            (Some(RSA), Some(RS256), _) => {
                let is_modulus = |n: &&[u8]| {
                    (MODULUS_BYTES_MIN..=MODULUS_BYTES_MAX).contains(&n.len())
                        && n.first() != Some(&0)
                };
                let is_exponent = |e: &&[u8]| (1..=EXPONENT_BYTES_MAX).contains(&e.len());
                let (modulus, exponent) =
                    (one.bytes.filter(is_modulus), two.bytes.filter(is_exponent));
                modulus.zip(exponent).map(|(modulus, exponent)| Self::Rs256 { modulus, exponent })
            }
            _ => None,
        };
        key.ok_or(Fault::Unsupported)
    }

    /// Whether the key signed that message.
    pub(super) fn signed(&self, crypto: Crypto, message: &[u8], signature: &[u8]) -> bool {
        let key = match self {
            Self::Es256 { x, y } => {
                DecodingKey::from_ec_components(&base64url(x), &base64url(y)).ok()
            }
            Self::EdDsa { x } => DecodingKey::from_ed_components(&base64url(x)).ok(),
            Self::Rs256 { modulus, exponent } => {
                Some(DecodingKey::from_rsa_raw_components(modulus, exponent))
            }
        };
        let (algorithm, signature) = match self {
            Self::Es256 { .. } => (Algorithm::ES256, plain(signature)),
            Self::EdDsa { .. } => (Algorithm::EdDSA, Some(signature.to_vec())),
            Self::Rs256 { .. } => (Algorithm::RS256, Some(signature.to_vec())),
        };
        let verifier = key.and_then(|key| (crypto.jwt.verifier_factory)(&algorithm, &key).ok());
        let Some((verifier, signature)) = verifier.zip(signature) else { return false };
        verifier.verify(message, &signature).is_ok()
    }
}

/// The values of a map under these labels, each of which may stand there once.
fn values<const N: usize>(cose: &[u8], labels: [i64; N]) -> Option<[Value<'_>; N]> {
    let mut decoder = Decoder::new(cose);
    let mut found = [Value::default(); N];
    for _ in 0..decoder.map().ok()?? {
        let label = decoder.i64().ok()?;
        let Some(place) = labels.iter().position(|known| *known == label) else {
            decoder.skip().ok()?;
            continue;
        };
        let start = decoder.position();
        let number = decoder.i64().ok();
        decoder.set_position(start);
        let bytes = decoder.bytes().ok();
        decoder.set_position(start);
        decoder.skip().ok()?;
        let before = found.get_mut(place)?;
        if before.number.is_some() || before.bytes.is_some() {
            return None;
        }
        *before = Value { number, bytes };
    }
    (decoder.position() == cose.len()).then_some(found)
}

/// An ECDSA signature as JWS has it (RFC 7518 §3.4), from ASN.1.
fn plain(encoded: &[u8]) -> Option<Vec<u8>> {
    let mut reader = SliceReader::new(encoded).ok()?;
    let (r, s) = reader
        .sequence(|inner| Ok::<_, der::Error>((UintRef::decode(inner)?, UintRef::decode(inner)?)))
        .ok()?;
    reader.finish().ok()?;
    let mut signature = vec![0; 2 * NUMBER_BYTES];
    for (number, place) in [r, s].iter().zip(signature.chunks_mut(NUMBER_BYTES)) {
        let bytes = number.as_bytes();
        let start = NUMBER_BYTES.checked_sub(bytes.len())?;
        place.get_mut(start..)?.copy_from_slice(bytes);
    }
    Some(signature)
}
