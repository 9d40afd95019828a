//! JSON Web Tokens (RFC 7519), signed and verified with the host's cryptography.

use alloc::{
    format,
    string::{String, ToString},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, decode_header,
    jwk::{Jwk, PublicKeyUse},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    crypto::{Crypto, KeyAlgorithm, Purpose, base64url},
    cx::Cx,
    error::Error,
    model::signing_key::{KeyUse, SigningKey, SigningKeys},
    shape::{Json, Map},
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
pub(crate) fn sign(cx: &Cx, key: &SigningKey, claims: &impl Serialize) -> Result<String, Error> {
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
    let public = DecodingKey::from_jwk(&key.public).ok()?;
    proven(crypto, header.alg, &public, token).map(Verified)
}

/// The algorithms that a provider's keys may sign with: asymmetric ones, so that no public key
/// can be taken for a secret.
const OF_PROVIDERS: [Algorithm; 9] = [
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
];

/// The claims of a token that one of a provider's keys signed; nothing if none did.
pub(crate) fn claims_signed_by(
    crypto: Crypto,
    keys: &[Jwk],
    token: &str,
) -> Option<Map<String, Json>> {
    let header = decode_header(token).ok()?;
    let key = keys.iter().find(|key| key.common.key_id == header.kid)?;
    let is_of_key = key
        .common
        .key_algorithm
        .is_none_or(|algorithm| algorithm.to_string() == alloc::format!("{:?}", header.alg));
    let is_signing = key.common.public_key_use.as_ref();
    let is_signing = is_signing.is_none_or(|key_use| *key_use == PublicKeyUse::Signature);
    if !OF_PROVIDERS.contains(&header.alg) || !is_of_key || !is_signing {
        return None;
    }
    let public = DecodingKey::from_jwk(key).ok()?;
    proven(crypto, header.alg, &public, token)
}

/// The claims of a token that this very key signed.
fn proven<T: DeserializeOwned>(
    crypto: Crypto,
    algorithm: Algorithm,
    public: &DecodingKey,
    token: &str,
) -> Option<T> {
    let (message, signature) = token.rsplit_once('.')?;
    let (_, claims) = message.split_once('.')?;
    let verifier = (crypto.jwt.verifier_factory)(&algorithm, public).ok()?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
    verifier.verify(message.as_bytes(), &signature).ok()?;
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?;
    serde_json::from_slice(&claims).ok()
}

fn part(value: &impl Serialize) -> Result<String, Error> {
    let json = serde_json::to_vec(value);
    Ok(base64url(&json.map_err(|error| Error::bug(error.to_string()))?))
}
