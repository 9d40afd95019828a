//! Cryptography: what the host lends (asymmetric work) and what the kernel does itself (the rest).

mod hash;
pub(crate) mod hpke;
mod random;
mod seal;

pub(crate) use hash::{hmac_sha1, hmac_sha256, same, sha256};
pub(crate) use random::Random;
pub(crate) use seal::{Purpose, Sealed, Vault, open_with, seal_with};

use alloc::{string::String, vec::Vec};
use core::fmt;

use jsonwebtoken::{Algorithm, crypto::CryptoProvider, jwk::Jwk};
use serde::{Deserialize, Serialize};

/// The host's part of cryptography, passed by value and never global.
///
/// `jwt` signs and verifies with RSA, ECDSA and EdDSA keys; it must be synchronous. In Workers and
/// Node it stands on `node:crypto`, natively on `aws-lc-rs`.
#[derive(Clone, Copy)]
pub struct Crypto {
    /// Makes signers and verifiers of tokens. Its `key_utils` are not used.
    pub jwt: &'static CryptoProvider,
}

impl fmt::Debug for Crypto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Crypto")
    }
}

/// The kinds of keys that sign tokens (RFC 7518 §3.1, RFC 8037 §3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256 and a modulus of 2048 bits: what Cognito uses.
    #[default]
    RS256,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// Ed25519.
    EdDSA,
}

impl KeyAlgorithm {
    /// The same in the words of `jsonwebtoken`.
    #[must_use]
    pub const fn jws(self) -> Algorithm {
        match self {
            Self::RS256 => Algorithm::RS256,
            Self::ES256 => Algorithm::ES256,
            Self::EdDSA => Algorithm::EdDSA,
        }
    }
}

/// A key pair as a host makes it.
#[derive(Clone)]
pub struct KeyPair {
    /// The private key: PKCS #1 DER for RSA, PKCS #8 DER for the others.
    pub private: Vec<u8>,
    /// The public key; the kernel adds `kid`, `alg` and `use`.
    pub public: Jwk,
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyPair")
    }
}

/// The root key of a deployment: 32 bytes from which every other key is derived.
#[derive(Clone)]
pub struct RootKey([u8; 32]);

impl RootKey {
    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn from_hex(hex: &str) -> Option<Self> {
        let mut key = [0; 32];
        if hex.len() != 64 || !hex.is_ascii() {
            return None;
        }
        for (byte, digits) in key.iter_mut().zip(hex.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok()?;
        }
        Some(Self(key))
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootKey")
    }
}

/// Lower-case hexadecimal digits of `bytes`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| alloc::format!("{byte:02x}")).collect()
}

/// Base64url without padding (RFC 4648 §5), as in JOSE.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    base64::Engine::encode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, bytes)
}
