//! Issuing: a new session and its tokens, or new tokens of a session that stands.

use alloc::string::{String, ToString};

use super::{
    claims, groups, jwt, keys, refresh,
    sessions::{self, Whose},
};
use crate::{
    cx::Cx,
    error::Error,
    flow::Passed,
    model::{
        client::{Client, Validity},
        pool::Pool,
        session::Session,
        signing_key::KeyUse,
        user::User,
    },
    shapes::{AuthenticationResultType, NewDeviceMetadataType},
    store,
};

/// Who gets tokens, through which client.
#[derive(Clone, Copy)]
pub(crate) struct Grant<'a> {
    pub(crate) pool: &'a Pool,
    pub(crate) client: &'a Client,
    pub(crate) user: &'a User,
}

/// Signs a user in: a new session, and all three tokens. The batch has the session's records.
///
/// [`ready`](super::ready) must have been awaited in this call.
pub(crate) fn sign_in(
    cx: &Cx,
    grant: &Grant<'_>,
    passed: &Passed,
) -> Result<AuthenticationResultType, Error> {
    let now_ms = cx.now_ms();
    let id = cx.uuid_here();
    let key = grant.pool.key_of(&grant.user.username).to_string();
    let (token, secret) = refresh::mint(cx, grant.pool, &id)?;
    let tracks_devices = grant.pool.tracks_devices().is_some();
    let is_new = tracks_devices && passed.device.is_none();
    let new_device = is_new.then(|| grant.pool.new_device_key(cx));
    // After a sign-out everywhere within the same millisecond, this session is the later one.
    let signed_in_ms = now_ms.max(grant.user.signed_out_ms + 1);
    let session = Session {
        user: key,
        client_id: grant.client.id.clone(),
        event_id: cx.random.uuid(),
        signed_in_ms,
        expires_ms: now_ms + 1000 * grant.client.validity().refresh_s,
        secrets: alloc::vec![secret],
        revoked_ms: None,
        address: cx.caller.address.clone(),
        agent: cx.caller.agent.clone(),
        used_ms: now_ms,
        methods: passed.methods.clone(),
        device: passed.device.clone().filter(|_| tracks_devices).or_else(|| new_device.clone()),
    };
    sessions::forget_expired(cx, &session.user)?;
    Whose { pool: grant.pool, user: grant.user }.make_room(cx)?;
    cx.put(&store::keys::session(&id), &session)?;
    let index = store::keys::user_session(&session.user, session.expires_ms, &id);
    cx.put(&index, &refresh::Index {})?;
    let mut result = tokens(cx, grant, &id, &session)?;
    result.refresh_token = Some(token.into());
    result.new_device_metadata = new_device.map(|key| NewDeviceMetadataType {
        device_key: Some(key.into()),
        device_group_key: Some(grant.pool.device_group()),
    });
    Ok(result)
}

/// ID and access token of a session.
pub(super) fn tokens(
    cx: &Cx,
    grant: &Grant<'_>,
    session_id: &str,
    session: &Session,
) -> Result<AuthenticationResultType, Error> {
    let groups = groups::of(cx, grant.user)?;
    let pool = grant.pool;
    let issuer = cx.deployment().issuer(&cx.caller.origin, &pool.region, &pool.id);
    let common = claims::Common {
        issuer: &issuer,
        client: grant.client,
        user: grant.user,
        names_session: grant.client.revokes() || pool.sessions.is_tracked,
        groups: &groups,
        device: session.device.as_deref(),
        methods: &session.methods,
        pool,
        session_id,
        event_id: &session.event_id,
        auth_time_s: session.signed_in_ms / 1000,
        now_s: cx.now_s(),
    };
    let Validity { access_s, id_s, .. } = grant.client.validity();
    let id = claims::id(&common, cx.random.uuid(), id_s);
    let access = claims::access(&common, cx.random.uuid(), access_s);
    let signing = keys::all(cx, pool)?;
    let id: String = jwt::sign(cx, keys::current(&signing, KeyUse::Id)?, &id)?;
    let access: String = jwt::sign(cx, keys::current(&signing, KeyUse::Access)?, &access)?;
    Ok(AuthenticationResultType {
        access_token: Some(access.into()),
        expires_in: i32::try_from(access_s).ok(),
        token_type: Some("Bearer".into()),
        refresh_token: None,
        id_token: Some(id.into()),
        new_device_metadata: None,
    })
}
