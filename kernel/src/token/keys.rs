//! The keys of a pool: made when they are first needed, so that making a pool is quick.

use alloc::string::ToString;

use jsonwebtoken::jwk::{self, PublicKeyUse};

use crate::{
    crypto::{KeyAlgorithm, KeyPair, Purpose},
    cx::Cx,
    error::{Code, Error},
    model::{
        pool::Pool,
        signing_key::{KeyUse, SigningKey, SigningKeys},
    },
    shard,
    store::{Shared, keys},
};

/// Sees to it that the pool has its two keys. It may ask, so it comes before all reads of a
/// handler.
///
/// # Errors
/// `ResourceNotFoundException` if there is no pool here.
pub(crate) async fn ready(cx: &mut Cx) -> Result<(), Error> {
    if cx.has(keys::SIGNING_KEYS)? {
        return Ok(());
    }
    let algorithm = cx.pool_here()?.token_algorithm;
    if cx.rounds().is_some() {
        // All places of a pool sign with the same keys.
        return shard::make_keys(cx, algorithm).await;
    }
    make(cx, algorithm).await
}

/// Makes the pool's keys, unless there are some by then.
pub(crate) async fn make(cx: &mut Cx, algorithm: KeyAlgorithm) -> Result<(), Error> {
    let id = cx.make_key(algorithm).await?;
    let access = cx.make_key(algorithm).await?;
    // Another call may have been as quick, or the pool may be gone.
    if cx.has(keys::SIGNING_KEYS)? || !cx.has(keys::POOL)? {
        return Ok(());
    }
    let made = [(KeyUse::Id, id), (KeyUse::Access, access)];
    let made = made.map(|(key_use, pair)| signing_key(cx, algorithm, key_use, pair));
    let keys = made.into_iter().collect::<Result<_, Error>>()?;
    cx.put(keys::SIGNING_KEYS, &SigningKeys { keys })?;
    cx.commit()
}

/// The pool's keys, which [`ready`] saw to.
pub(super) fn all<'cx>(cx: &'cx Cx, _: &Pool) -> Result<Shared<'cx, SigningKeys>, Error> {
    cx.shared(keys::SIGNING_KEYS)?.ok_or_else(|| Code::ResourceNotFound.into())
}

/// The key that signs now.
pub(crate) fn current(keys: &SigningKeys, key_use: KeyUse) -> Result<&SigningKey, Error> {
    let mut newest_first = keys.keys.iter().rev();
    newest_first
        .find(|key| key.key_use == key_use)
        .ok_or_else(|| Error::bug("a pool has no key for that use"))
}

/// A key pair as it is stored, its private part sealed.
///
/// # Errors
/// An internal one if there is no root key.
pub(crate) fn signing_key(
    cx: &Cx,
    algorithm: KeyAlgorithm,
    key_use: KeyUse,
    pair: KeyPair,
) -> Result<SigningKey, Error> {
    let kid = crate::crypto::base64url(&cx.random.bytes::<32>());
    let mut public = pair.public;
    public.common.public_key_use = Some(PublicKeyUse::Signature);
    public.common.key_id = Some(kid.to_string());
    public.common.key_algorithm = Some(match algorithm {
        KeyAlgorithm::RS256 => jwk::KeyAlgorithm::RS256,
        KeyAlgorithm::ES256 => jwk::KeyAlgorithm::ES256,
        KeyAlgorithm::EdDSA => jwk::KeyAlgorithm::EdDSA,
    });
    let private = cx.vault()?.seal(Purpose::SigningKey, &kid, &pair.private, &cx.random)?;
    Ok(SigningKey { kid, algorithm, key_use, private, public, created_ms: cx.now_ms() })
}
