//! Refresh tokens: opaque to their holders, kept as hashes, revoked with their session.
//!
//! The form is `{pool}.{session}.{secret}`: the pool's key, so that the token finds its place; the
//! session's id; 32 random bytes as base64url.

use alloc::{
    format,
    string::{String, ToString},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::{Grant, issue, sessions};
use crate::{
    crypto::{Purpose, base64url, same},
    cx::Cx,
    error::{Code, Error},
    model::{
        client::Client,
        pool::Pool,
        session::{RefreshSecret, Session},
        user::User,
    },
    shapes::AuthenticationResultType,
    store::{Record, Row, keys},
};

/// A session among its user's; its key says all.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Index {}

impl Record for Index {}

const SECRET_BYTES: usize = 32;
/// So many are remembered of a session, to notice that one is used again.
const SECRETS_MAX: usize = 8;

/// A new token for a session, and what to keep of it.
pub(super) fn mint(
    cx: &Cx,
    pool: &Pool,
    session_id: &str,
) -> Result<(String, RefreshSecret), Error> {
    let secret: [u8; SECRET_BYTES] = cx.random.bytes();
    let key = pool.id.rsplit_once('_').map_or("", |(_, key)| key);
    let token = format!("{key}.{session_id}.{}", base64url(&secret));
    let hash = hash(cx, session_id, &secret)?;
    Ok((token, RefreshSecret { hash, replaced_until_ms: None }))
}

/// The id of the session that a refresh token is of: it lives where its user does.
pub(crate) fn session_of(token: &str) -> Option<&str> {
    token.split('.').nth(1)
}

fn hash(cx: &Cx, session_id: &str, secret: &[u8]) -> Result<[u8; 32], Error> {
    Ok(cx.vault()?.fingerprint(Purpose::RefreshToken, &[session_id.as_bytes(), secret]))
}

/// A refresh token that is one of its session's.
pub(crate) struct Presented<'cx> {
    pub(crate) session_id: String,
    pub(crate) session: Row<'cx, Session>,
    /// Its hash.
    hash: [u8; 32],
}

/// Looks a refresh token up; says nothing yet of rotation, revocation and expiry.
///
/// # Errors
/// Why it is none, or not one of this client, in Cognito's words.
pub(crate) fn find<'cx>(
    cx: &'cx Cx,
    client: &Client,
    token: &str,
) -> Result<Result<Presented<'cx>, &'static str>, Error> {
    let wrong = Ok(Err("Invalid Refresh Token"));
    let mut parts = token.split('.');
    let (Some(_), Some(session_id), Some(secret), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return wrong;
    };
    let Ok(secret) = BASE64_URL_SAFE_NO_PAD.decode(secret) else { return wrong };
    let Some(session) = cx.get::<Session>(keys::session(session_id))? else { return wrong };
    let hash = hash(cx, session_id, &secret)?;
    // Every one is compared, so that time does not tell which.
    if session.secrets.iter().filter(|known| same(&known.hash, &hash)).count() == 0 {
        return wrong;
    }
    if session.client_id != client.id {
        return Ok(Err("Refresh Token has different Client"));
    }
    Ok(Ok(Presented { session_id: session_id.to_string(), session, hash }))
}

/// New tokens for a refresh token; a new refresh token too where the client rotates.
///
/// A token that is used again after its rotation and grace ends its session for good: one of the
/// two who hold it is a thief (RFC 9700 §4.14.2). Where the session was begun at a device that was
/// confirmed, `device` must be its key.
///
/// # Errors
/// `NotAuthorizedException` in Cognito's words; `RefreshTokenReuseException`.
pub(crate) fn exchange(
    cx: &Cx,
    pool: &Pool,
    client: &Client,
    (token, device): (&str, Option<&str>),
) -> Result<(AuthenticationResultType, User), Error> {
    let refused = |why: &'static str| Error::saying(Code::NotAuthorized, why);
    let Presented { session_id, mut session, hash } = find(cx, client, token)?.map_err(refused)?;
    let known = session.secrets.iter().find(|known| known.hash == hash);
    let replaced_until_ms = known.and_then(|known| known.replaced_until_ms);
    if replaced_until_ms.is_some_and(|until_ms| until_ms <= cx.now_ms()) {
        sessions::revoke(cx, &session_id, session)?;
        cx.commit()?;
        return Err(Code::RefreshTokenReuse.into());
    }
    let user = cx.get::<User>(keys::user(&session.user))?;
    let user = user.ok_or_else(|| refused("Invalid Refresh Token"))?.into_inner();
    if !user.is_enabled {
        return Err(refused("User is disabled."));
    }
    if !session.is_live(&user) || session.is_device_forgotten {
        return Err(refused("Refresh Token has been revoked"));
    }
    if session.expires_ms <= cx.now_ms() {
        return Err(refused("Refresh Token has expired"));
    }
    if !is_at_its_device(cx, pool, &session, device)? {
        return Err(refused("Invalid Refresh Token"));
    }
    let mut result = issue::tokens(
        cx,
        &Grant { pool, client, user: &user },
        &session_id,
        (&session, "RefreshTokens"),
    )?;
    session.used_ms = cx.now_ms();
    session.address.clone_from(&cx.caller.address);
    session.agent.clone_from(&cx.caller.agent);
    if let Some(grace_s) = client.rotation_grace_s() {
        let (token, secret) = mint(cx, pool, &session_id)?;
        rotate(&mut session, hash, secret, cx.now_ms() + 1000 * grace_s);
        result.refresh_token = Some(token.into());
    }
    session.save()?;
    Ok((result, user))
}

/// Whether a session goes on where it was begun, as far as devices are tracked and known.
fn is_at_its_device(
    cx: &Cx,
    pool: &Pool,
    session: &Session,
    named: Option<&str>,
) -> Result<bool, Error> {
    let Some(device) = session.device.as_deref().filter(|_| pool.tracks_devices().is_some()) else {
        return Ok(true);
    };
    match named {
        Some(named) => Ok(named == device),
        // One that was never confirmed is nothing that a client keeps.
        None => Ok(!cx.has(&keys::device(&session.user, device))?),
    }
}

/// Puts a new secret in the place of a used one. Two that refresh at once with the same token both
/// get a new one, and both of these stand.
fn rotate(session: &mut Session, used: [u8; 32], new: RefreshSecret, until_ms: u64) {
    for known in &mut session.secrets {
        if known.hash == used {
            known.replaced_until_ms.get_or_insert(until_ms);
        }
    }
    session.secrets.push(new);
    if session.secrets.len() > SECRETS_MAX {
        let oldest = session.secrets.iter().position(|known| known.replaced_until_ms.is_some());
        session.secrets.remove(oldest.unwrap_or(0));
    }
}
