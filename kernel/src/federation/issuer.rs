//! We as an issuer: tokens that say which identity somebody is (OpenID Connect Core 1.0 §2).
//!
//! Each identity pool has an issuer of its own, with keys that are made when they are first needed.

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::login::{Login, audiences, check_time, invalid, unsupported};
use super::{keys as provider_keys, text};
use crate::{
    access::credentials::Facts,
    crypto::KeyAlgorithm,
    cx::Cx,
    deployment::{Deployment, IssuerForm},
    error::{Code, Error},
    model::{
        identity_pool::{IdentityPool, provider::OURSELVES},
        signing_key::{KeyUse, SigningKeys},
    },
    shape::{Json, Map, Text},
    shapes::PrincipalTags,
    store::keys,
    token,
};

/// The claim under which AWS reads tags of a session.
const TAGS_CLAIM: &str = "https://aws.amazon.com/tags";

/// The path below which the documents of an identity pool's issuer stand.
pub(crate) const ROOM: &str = "identity";

/// The issuer of an identity pool's tokens, for a call that came to `origin`.
pub(crate) fn issuer(deployment: &Deployment, origin: &str, pool_id: &str) -> String {
    match deployment.issuer {
        IssuerForm::Aws => format!("https://{OURSELVES}"),
        IssuerForm::Own => {
            let url = deployment.public_url.as_deref().unwrap_or(origin);
            let uuid = pool_id.split_once(':').map_or(pool_id, |(_, uuid)| uuid);
            format!("{url}/{ROOM}/{uuid}")
        }
    }
}

/// Whether a token that names that issuer says to be of the identity pool whose id ends so: in any of
/// the forms that it has, at whatever origin the token was asked for.
pub(crate) fn is_of(named: &str, uuid: &str) -> bool {
    named == format!("https://{OURSELVES}")
        || named.strip_suffix(uuid).is_some_and(|rest| rest.ends_with(&format!("/{ROOM}/")))
}

/// Sees to it that the pool has a key. It may ask, so it comes before all reads of a handler.
///
/// # Errors
/// An internal one if no key can be made.
pub(crate) async fn ready(cx: &mut Cx) -> Result<(), Error> {
    // What does not exist needs no key; the handler says so.
    if cx.has(keys::SIGNING_KEYS)? || !cx.has(keys::IDENTITY_POOL)? {
        return Ok(());
    }
    let algorithm = KeyAlgorithm::RS256;
    let pair = cx.make_key(algorithm).await?;
    // Another call may have been as quick, or the pool may be gone.
    if cx.has(keys::SIGNING_KEYS)? || !cx.has(keys::IDENTITY_POOL)? {
        return Ok(());
    }
    let key = token::signing_key(cx, algorithm, KeyUse::Id, pair)?;
    cx.put(keys::SIGNING_KEYS, &SigningKeys { keys: [key].into() })?;
    cx.commit()
}

/// What a token says of an identity.
pub(crate) struct Statement<'a> {
    pub(crate) pool_id: &'a str,
    pub(crate) identity: &'a str,
    pub(crate) methods: Vec<String>,
    pub(crate) tags: &'a BTreeMap<String, String>,
    pub(crate) lives_s: u64,
}

/// A token that [`ready`] saw to the key of.
///
/// # Errors
/// An internal one if there is no key or it does not sign.
pub(crate) fn sign(cx: &Cx, statement: Statement<'_>) -> Result<String, Error> {
    let Statement { pool_id, identity, methods, tags, lives_s } = statement;
    let keys = cx.shared::<SigningKeys>(keys::SIGNING_KEYS)?;
    let keys = keys.ok_or_else(|| Error::bug("an identity pool has no key"))?;
    let mut claims = Map::new();
    let mut say = |name: &str, value: Json| drop(claims.insert(name.into(), value));
    say("sub", identity.into());
    say("aud", pool_id.into());
    say("amr", methods.into());
    if !tags.is_empty() {
        let tags: Map<String, Json> =
            tags.iter().map(|(key, value)| (key.clone(), serde_json::json!([value]))).collect();
        say(TAGS_CLAIM, serde_json::json!({ "principal_tags": tags }));
    }
    say("iss", issuer(cx.deployment(), &cx.caller.origin, pool_id).into());
    say("exp", (cx.now_s() + lives_s).into());
    say("iat", cx.now_s().into());
    token::sign(cx, token::current(&keys, KeyUse::Id)?, &claims)
}

/// What `amr` says of somebody for whom these logins vouch.
pub(crate) fn methods(logins: &[Login]) -> Vec<String> {
    let mut methods = Vec::new();
    match logins.is_empty() {
        true => methods.push("unauthenticated".to_string()),
        false => methods.push("authenticated".to_string()),
    }
    methods
        .extend(logins.iter().filter(|login| login.provider != OURSELVES).flat_map(Login::methods));
    for login in logins.iter().filter(|login| login.provider == OURSELVES) {
        let said = login.claims.get("amr").and_then(Json::as_array).into_iter().flatten();
        let said = said.filter_map(Json::as_str).filter(|method| *method != "authenticated");
        methods.extend(said.map(ToString::to_string));
    }
    methods
}

/// What policies may ask about an identity of that pool, for which these logins vouch.
pub(crate) fn facts(pool_id: &str, identity: &str, logins: &[Login]) -> Facts {
    let ours = [
        ("sub", [identity.to_string()].into()),
        ("aud", [pool_id.to_string()].into()),
        ("amr", methods(logins)),
    ];
    let mut facts: Facts =
        ours.map(|(name, values)| (format!("{OURSELVES}:{name}"), values)).into();
    facts.insert("aws:FederatedProvider".into(), [OURSELVES.to_string()].into());
    facts
}

/// Tags as plain text.
pub(crate) fn plain(tags: &PrincipalTags) -> BTreeMap<String, String> {
    tags.iter().map(|(key, value)| (key.as_str().into(), value.as_str().into())).collect()
}

/// The tags that a token of ours carries.
pub(crate) fn tags_in(claims: &Map<String, Json>) -> BTreeMap<String, String> {
    let tags = claims.get(TAGS_CLAIM).and_then(|tags| tags.get("principal_tags")?.as_object());
    let tags = tags.into_iter().flatten();
    tags.filter_map(|(key, values)| {
        let value = values.as_array()?.first()?.as_str()?;
        Some((key.clone(), value.to_string()))
    })
    .collect()
}

/// The tags in a token that sessions have as well that are begun from the first.
pub(crate) fn transitive_tags_in(claims: &Map<String, Json>) -> Vec<String> {
    let keys = claims.get(TAGS_CLAIM).and_then(|tags| tags.get("transitive_tag_keys")?.as_array());
    keys.into_iter().flatten().filter_map(Json::as_str).map(ToString::to_string).collect()
}

/// The claims of a token that this pool's own key signed.
///
/// # Errors
/// `NotAuthorizedException` if it did not, or if the token is not good now.
pub(crate) fn own_claims(cx: &Cx, pool_id: &str, token: &str) -> Result<Map<String, Json>, Error> {
    let signing = cx.shared::<SigningKeys>(keys::SIGNING_KEYS)?;
    let signing = signing.ok_or_else(|| invalid("Couldn't verify signed token."))?;
    let public: Vec<_> = signing.keys.iter().map(|key| key.public.clone()).collect();
    let claims = provider_keys::claims(cx, &public, token)?;
    if audiences(&claims) != [pool_id] {
        return Err(invalid("Incorrect token audience."));
    }
    check_time(cx, &claims)?;
    Ok(claims)
}

/// Verifies a token that was made for a user of a developer's own system.
pub(super) fn developer_login(cx: &Cx, pool: &IdentityPool, token: &str) -> Result<Login, Error> {
    let Some(developer) = &pool.description.developer_provider_name else {
        return Err(unsupported());
    };
    let claims = own_claims(cx, &pool.id, token)?;
    let methods = claims.get("amr").and_then(Json::as_array).into_iter().flatten();
    if !methods.filter_map(Json::as_str).any(|method| method == developer.as_str()) {
        return Err(unsupported());
    }
    let identity = text(&claims, "sub").to_string();
    if identity.is_empty() {
        return Err(Error::from(Code::NotAuthorized));
    }
    Ok(Login {
        provider: OURSELVES.into(),
        subject: identity.clone(),
        audience: pool.id.clone(),
        means: String::new(),
        claims,
        identity: Some(identity),
    })
}
