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
    shape::{Json, Map},
    shapes::{AuthenticationResultType, NewDeviceMetadataType},
    store,
    trigger::{
        self, Occasion,
        pre_token_generation::{self, Changes, Groups, Tokens},
    },
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
    let after = cx.steering.said().tokens_after.unwrap_or("Authentication");
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
        tells_level: passed.target.is_some(),
        device: passed.device.clone().filter(|_| tracks_devices).or_else(|| new_device.clone()),
        is_device_forgotten: false,
    };
    sessions::forget_expired(cx, &session.user)?;
    Whose { pool: grant.pool, user: grant.user }.make_room(cx)?;
    cx.put(&store::keys::session(&id), &session)?;
    let index = store::keys::user_session(&session.user, session.expires_ms, &id);
    cx.put(&index, &refresh::Index {})?;
    let mut result = tokens(cx, grant, &id, (&session, after))?;
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
    (session, after): (&Session, &'static str),
) -> Result<AuthenticationResultType, Error> {
    let pool = grant.pool;
    let mut groups = groups::of(cx, grant.user)?;
    let changes = changes(cx, grant, &groups, after)?;
    if let Some(instead) = changes.as_ref().and_then(|changes| changes.groups.clone()) {
        groups = instead;
    }
    let issuer = cx.deployment().issuer(&cx.caller.origin, &pool.region, &pool.id);
    let common = claims::Common {
        issuer: &issuer,
        client: grant.client,
        user: grant.user,
        names_session: grant.client.revokes() || pool.sessions.is_tracked,
        groups: &groups,
        device: session.device.as_deref(),
        methods: &session.methods,
        tells_level: session.tells_level,
        pool,
        session_id,
        event_id: &session.event_id,
        auth_time_s: session.signed_in_ms / 1000,
        now_s: cx.now_s(),
    };
    let Validity { access_s, id_s, .. } = grant.client.validity();
    let mut id = claims::id(&common, cx.random.uuid(), id_s);
    let access = claims::access(&common, cx.random.uuid(), access_s);
    let signing = keys::all(cx, pool)?;
    let access_key = keys::current(&signing, KeyUse::Access)?;
    let access: String = match &changes {
        None => jwt::sign(cx, access_key, &access)?,
        Some(changes) => {
            changes.id.apply(&grant.client.id, &mut id);
            jwt::sign(cx, access_key, &changed(&access, &grant.client.id, changes)?)?
        }
    };
    let id: String = jwt::sign(cx, keys::current(&signing, KeyUse::Id)?, &id)?;
    Ok(AuthenticationResultType {
        access_token: Some(access.into()),
        expires_in: i32::try_from(access_s).ok(),
        token_type: Some("Bearer".into()),
        refresh_token: None,
        id_token: Some(id.into()),
        new_device_metadata: None,
    })
}

/// What the trigger makes of the tokens.
fn changes(
    cx: &Cx,
    Grant { pool, client, user }: &Grant<'_>,
    groups: &Groups,
    source: &'static str,
) -> Result<Option<Changes>, Error> {
    let occasion = Occasion { pool, client: Some(client), username: &user.username };
    let tokens = Tokens {
        source,
        attributes: trigger::attributes(user),
        groups: Some(groups),
        scopes: &[claims::ACCOUNT_SCOPE],
    };
    pre_token_generation::ask(cx, &occasion, tokens)
}

/// The claims of an access token as the trigger changes them.
fn changed(
    access: &claims::AccessClaims,
    client_id: &str,
    changes: &Changes,
) -> Result<Map<String, Json>, Error> {
    let Ok(Json::Object(mut claims)) = serde_json::to_value(access) else {
        return Err(Error::bug("claims do not serialise"));
    };
    claims.insert("scope".into(), changes.scopes(&access.scope).into());
    changes.access.apply(client_id, &mut claims);
    Ok(claims)
}
