//! Secrets at rest: sealed with a key of their purpose and pool, bound to where they stand.

use alloc::{string::String, vec::Vec};

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD},
};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::{Random, RootKey, hash::hmac_sha256};
use crate::error::Error;

/// What a derived key is for. Keys of different purposes are independent of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// Secrets of app clients.
    ClientSecret,
    /// Codes that were sent, kept as hashes.
    Code,
    /// Files of users that were sent.
    File,
    /// Keys of files of users.
    FileKey,
    /// Tokens that say where the next page of a list begins.
    PageToken,
    /// Hashes of passwords that were imported.
    PasswordHash,
    /// What signs the URLs of files that come and go.
    Presigned,
    /// Secrets under which others know applications.
    ProviderSecret,
    /// Challenge sessions and secret blocks that a caller carries.
    Session,
    /// Private keys that sign tokens.
    SigningKey,
    /// What stands in for a user who does not exist.
    Simulation,
    /// Refresh tokens, kept as hashes.
    RefreshToken,
    /// Secrets of software tokens.
    SoftwareToken,
    /// Tokens that say which role their holder has.
    RoleSession,
    /// What the secrets of temporary access keys are derived from.
    SecretAccessKey,
    /// SRP verifiers of passwords.
    Verifier,
    /// Keys of those who verify requests elsewhere, kept as hashes.
    VerifierKey,
}

impl Purpose {
    const fn label(self) -> &'static str {
        match self {
            Self::ClientSecret => "client-secret",
            Self::Code => "code",
            Self::File => "file",
            Self::FileKey => "file-key",
            Self::PageToken => "page-token",
            Self::PasswordHash => "password-hash",
            Self::Presigned => "presigned",
            Self::ProviderSecret => "provider-secret",
            Self::RefreshToken => "refresh-token",
            Self::RoleSession => "role-session",
            Self::SecretAccessKey => "secret-access-key",
            Self::Session => "session",
            Self::SigningKey => "signing-key",
            Self::Simulation => "simulation",
            Self::SoftwareToken => "software-token",
            Self::Verifier => "verifier",
            Self::VerifierKey => "verifier-key",
        }
    }
}

/// A sealed secret as it is stored: base64 of a version byte, the nonce and the ciphertext.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Sealed(String);

const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;

/// Derives, seals and opens for one place: a pool, or the account.
#[derive(Clone, Debug)]
pub(crate) struct Vault {
    root: RootKey,
    place: String,
}

impl Vault {
    pub(crate) fn new(root: RootKey, place: String) -> Self {
        Self { root, place }
    }

    /// Seals `plain`; `bound_to` names where it will stand, and it opens nowhere else.
    pub(crate) fn seal(
        &self,
        purpose: Purpose,
        bound_to: &str,
        plain: &[u8],
        random: &Random,
    ) -> Result<Sealed, Error> {
        Ok(Sealed(
            BASE64_STANDARD_NO_PAD.encode(self.seal_bytes(purpose, bound_to, plain, random)?),
        ))
    }

    /// Opens what [`seal`](Self::seal) made; a failure means tampering or another root key.
    pub(crate) fn open(
        &self,
        purpose: Purpose,
        bound_to: &str,
        sealed: &Sealed,
    ) -> Result<Vec<u8>, Error> {
        let bytes = BASE64_STANDARD_NO_PAD.decode(&sealed.0).ok();
        bytes
            .and_then(|bytes| self.open_bytes(purpose, bound_to, &bytes))
            .ok_or_else(|| Error::bug("a sealed record does not open: has the root key changed?"))
    }

    /// As [`seal`](Self::seal), for what a caller carries.
    pub(crate) fn seal_bytes(
        &self,
        purpose: Purpose,
        bound_to: &str,
        plain: &[u8],
        random: &Random,
    ) -> Result<Vec<u8>, Error> {
        let nonce: [u8; NONCE_BYTES] = random.bytes();
        let payload = Payload { msg: plain, aad: bound_to.as_bytes() };
        let cipher = XChaCha20Poly1305::new(&self.key(purpose).into());
        let sealed = cipher
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| Error::bug("sealing failed"))?;
        let mut bytes = Vec::with_capacity(1 + NONCE_BYTES + sealed.len());
        bytes.push(VERSION);
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&sealed);
        Ok(bytes)
    }

    /// As [`open`](Self::open), for what a caller brings: nothing if it is not ours.
    pub(crate) fn open_bytes(
        &self,
        purpose: Purpose,
        bound_to: &str,
        bytes: &[u8],
    ) -> Option<Vec<u8>> {
        let (&version, rest) = bytes.split_first()?;
        if version != VERSION {
            return None;
        }
        let (nonce, sealed) = rest.split_at_checked(NONCE_BYTES)?;
        let payload = Payload { msg: sealed, aad: bound_to.as_bytes() };
        let cipher = XChaCha20Poly1305::new(&self.key(purpose).into());
        cipher.decrypt(XNonce::from_slice(nonce), payload).ok()
    }

    /// A keyed hash: what is stored of a secret that is only ever compared.
    pub(crate) fn fingerprint(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        hmac_sha256(&self.key(purpose), parts)
    }

    /// The key of that purpose: HKDF-SHA-256 (RFC 5869), its info naming purpose and place.
    fn key(&self, purpose: Purpose) -> [u8; 32] {
        let mut key = [0; 32];
        let info = ["cognate/1/", purpose.label(), "/", &self.place];
        let info = info.map(str::as_bytes);
        let expanded = Hkdf::<Sha256>::new(None, &self.root.0).expand_multi_info(&info, &mut key);
        // 32 bytes are far below HKDF's limit of 255 blocks.
        debug_assert!(expanded.is_ok());
        key
    }
}

/// Seals `plain` with a key that others have too: base64 of the nonce and the ciphertext.
pub(crate) fn seal_with(
    key: &[u8; 32],
    bound_to: &[u8],
    plain: &[u8],
    random: &Random,
) -> Result<String, Error> {
    let nonce: [u8; NONCE_BYTES] = random.bytes();
    let payload = Payload { msg: plain, aad: bound_to };
    let sealed = XChaCha20Poly1305::new(key.into()).encrypt(XNonce::from_slice(&nonce), payload);
    let sealed = sealed.map_err(|_| Error::bug("sealing failed"))?;
    Ok(BASE64_STANDARD.encode([&nonce[..], &sealed].concat()))
}

/// Opens what [`seal_with`] made: nothing if it is not sealed with that key.
pub(crate) fn open_with(key: &[u8; 32], bound_to: &[u8], sealed: &str) -> Option<Vec<u8>> {
    let bytes = BASE64_STANDARD.decode(sealed).ok()?;
    let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES)?;
    let payload = Payload { msg: sealed, aad: bound_to };
    XChaCha20Poly1305::new(key.into()).decrypt(XNonce::from_slice(nonce), payload).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(place: &str) -> Vault {
        Vault::new(RootKey([7; 32]), String::from(place))
    }

    #[test]
    fn what_is_sealed_opens_only_where_it_stood() {
        let random = Random::new([1; 32]);
        let sealed = vault("a").seal(Purpose::Verifier, "user/ann", b"secret", &random).unwrap();
        assert_eq!(vault("a").open(Purpose::Verifier, "user/ann", &sealed).unwrap(), b"secret");
        assert!(vault("a").open(Purpose::Verifier, "user/bob", &sealed).is_err());
        assert!(vault("a").open(Purpose::ClientSecret, "user/ann", &sealed).is_err());
        assert!(vault("b").open(Purpose::Verifier, "user/ann", &sealed).is_err());
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let random = Random::new([1; 32]);
        let sealed = vault("a").seal_bytes(Purpose::Session, "", b"plain", &random).unwrap();
        for at in 0..sealed.len() {
            let mut spoiled = sealed.clone();
            spoiled[at] ^= 1;
            assert_eq!(vault("a").open_bytes(Purpose::Session, "", &spoiled), None);
        }
    }
}
