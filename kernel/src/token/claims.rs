//! The claims of ID and access tokens, exactly as Cognito's.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{
    model::{
        client::Client,
        pool::Pool,
        session::{Method, assurance, references},
        user::User,
    },
    shape::{Json, Map},
    trigger::pre_token_generation::Groups,
};

/// What both tokens of one issuing say.
pub(super) struct Common<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a Client,
    pub(super) user: &'a User,
    pub(super) groups: &'a Groups,
    pub(super) pool: &'a Pool,
    pub(super) device: Option<&'a str>,
    /// By what the user was proved.
    pub(super) methods: &'a [Method],
    /// Whether that is told of a password alone, too.
    pub(super) tells_level: bool,
    /// Whether tokens carry `origin_jti` and `jti`, so that they can be revoked.
    pub(super) names_session: bool,
    /// The session: `origin_jti`.
    pub(super) session_id: &'a str,
    pub(super) event_id: &'a str,
    pub(super) auth_time_s: u64,
    pub(super) now_s: u64,
}

/// The claims of an access token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AccessClaims {
    pub(crate) sub: String,
    #[serde(rename = "cognito:groups", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) groups: Vec<String>,
    pub(crate) iss: String,
    pub(crate) client_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) origin_jti: Option<String>,
    pub(crate) event_id: String,
    pub(crate) token_use: String,
    /// Space-separated.
    pub(crate) scope: String,
    pub(crate) auth_time: u64,
    pub(crate) exp: u64,
    pub(crate) iat: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) jti: Option<String>,
    pub(crate) username: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) device_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) acr: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) amr: Vec<String>,
}

impl Common<'_> {
    /// `acr` and `amr`. Of a password alone Cognito's tokens say neither, unless that was asked.
    fn proof(&self) -> Option<(String, Vec<String>)> {
        let is_plain = matches!(self.methods, [] | [Method::Password]) && !self.tells_level;
        (!is_plain).then(|| (assurance(self.pool, self.methods), references(self.methods)))
    }
}

/// The scope of tokens that an SDK signed in for: the user's own account.
pub(crate) const ACCOUNT_SCOPE: &str = "aws.cognito.signin.user.admin";

/// `jti` is there only where tokens can be revoked.
pub(super) fn access(common: &Common<'_>, jti: String, lives_s: u64) -> AccessClaims {
    let names_session = common.names_session;
    let (acr, amr) = common.proof().unzip();
    AccessClaims {
        sub: common.user.sub.clone(),
        groups: common.groups.names.clone(),
        iss: common.issuer.into(),
        client_id: common.client.id.clone(),
        origin_jti: names_session.then(|| common.session_id.into()),
        event_id: common.event_id.into(),
        token_use: "access".into(),
        scope: ACCOUNT_SCOPE.into(),
        auth_time: common.auth_time_s,
        exp: common.now_s + lives_s,
        iat: common.now_s,
        jti: names_session.then_some(jti),
        username: common.user.username.clone(),
        device_key: common.device.map(String::from),
        acr,
        amr: amr.unwrap_or_default(),
    }
}

/// The attributes that the client may read, as claims, and all that is said of the sign-in.
pub(super) fn id(common: &Common<'_>, jti: String, lives_s: u64) -> Map<String, Json> {
    let mut claims = Map::new();
    let mut say = |name: &str, value: Json| drop(claims.insert(name.into(), value));
    say("sub", common.user.sub.as_str().into());
    for (name, value) in common.user.all_attributes().skip(1) {
        if !common.client.reads(name) {
            continue;
        }
        match name {
            "email_verified" | "phone_number_verified" => say(name, Json::Bool(value == "true")),
            _ => say(name, value.into()),
        }
    }
    if !common.groups.names.is_empty() {
        say("cognito:groups", common.groups.names.clone().into());
    }
    if !common.groups.roles.is_empty() {
        say("cognito:roles", common.groups.roles.clone().into());
    }
    if let Some(role) = &common.groups.preferred {
        say("cognito:preferred_role", role.as_str().into());
    }
    if let Some((acr, amr)) = common.proof() {
        say("acr", acr.into());
        say("amr", amr.into());
    }
    say("iss", common.issuer.into());
    say("cognito:username", common.user.username.as_str().into());
    if common.names_session {
        say("origin_jti", common.session_id.into());
        say("jti", jti.into());
    }
    say("aud", common.client.id.as_str().into());
    say("event_id", common.event_id.into());
    say("token_use", "id".into());
    say("auth_time", common.auth_time_s.into());
    say("exp", (common.now_s + lives_s).into());
    say("iat", common.now_s.into());
    claims
}
