//! JSON Web Tokens (RFC 7519), signed and verified with the host's cryptography.

use alloc::{
    format,
    string::{String, ToString},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey, Header, decode_header};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    crypto::{Crypto, KeyAlgorithm, Purpose, base64url},
    cx::Cx,
    error::Error,
    model::signing_key::{KeyUse, SigningKey, SigningKeys},
};

/// Claims whose signature was found right. Only [`verify`] makes it.
#[derive(Clone, Debug)]
pub(super) struct Verified<T>(T);

impl<T> Verified<T> {
    pub(super) fn into_inner(self) -> T {
        self.0
    }
}

/// A signed token of those claims.
pub(super) fn sign(cx: &Cx, key: &SigningKey, claims: &impl Serialize) -> Result<String, Error> {
    let private = cx.vault()?.open(Purpose::SigningKey, &key.kid, &key.private)?;
    let private = match key.algorithm {
        KeyAlgorithm::RS256 => EncodingKey::from_rsa_der(&private),
        KeyAlgorithm::ES256 => EncodingKey::from_ec_der(&private),
        KeyAlgorithm::EdDSA => EncodingKey::from_ed_der(&private),
    };
    let mut header = Header::new(key.algorithm.jws());
    // Cognito's tokens have `kid` and `alg` only.
    header.typ = None;
    header.kid = Some(key.kid.clone());
    let message = format!("{}.{}", part(&header)?, part(claims)?);
    let signer = (cx.crypto().jwt.signer_factory)(&header.alg, &private)
        .map_err(|error| Error::bug(format!("a key does not sign: {error}")))?;
    let signature = signer
        .try_sign(message.as_bytes())
        .map_err(|error| Error::bug(format!("signing failed: {error}")))?;
    Ok(format!("{message}.{}", base64url(&signature)))
}

/// The claims of a token that one of the keys for that use signed; nothing if none did.
///
/// The algorithm is the key's own: what the token's header says is only compared with it.
pub(super) fn verify<T: DeserializeOwned>(
    crypto: Crypto,
    keys: &SigningKeys,
    key_use: KeyUse,
    token: &str,
) -> Option<Verified<T>> {
    let header = decode_header(token).ok()?;
    let kid = header.kid?;
    let key = keys.keys.iter().find(|key| key.key_use == key_use && key.kid == kid)?;
    if header.alg != key.algorithm.jws() {
        return None;
    }
    let (message, signature) = token.rsplit_once('.')?;
    let (_, claims) = message.split_once('.')?;
    let public = DecodingKey::from_jwk(&key.public).ok()?;
    let verifier = (crypto.jwt.verifier_factory)(&header.alg, &public).ok()?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
    verifier.verify(message.as_bytes(), &signature).ok()?;
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?;
    serde_json::from_slice(&claims).ok().map(Verified)
}

fn part(value: &impl Serialize) -> Result<String, Error> {
    let json = serde_json::to_vec(value);
    Ok(base64url(&json.map_err(|error| Error::bug(error.to_string()))?))
}
