//! A signed-in session: what a refresh token stands on.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::store::Record;

/// A session, as kept under `session/{id}`; its id is the tokens' `origin_jti`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    /// The key of the user.
    pub(crate) user: String,
    pub(crate) client_id: String,
    /// When the user signed in: the tokens' `auth_time`.
    pub(crate) signed_in_ms: u64,
    pub(crate) expires_ms: u64,
    /// The hash of the refresh token's secret.
    pub(crate) secret: [u8; 32],
    /// The hash that was replaced by rotation, and until when it is still taken.
    #[serde(default)]
    pub(crate) previous: Option<Previous>,
    /// When it was revoked: kept until the access tokens born from it have expired.
    #[serde(default)]
    pub(crate) revoked_ms: Option<u64>,
    /// Address and software of the last use.
    #[serde(default)]
    pub(crate) address: String,
    #[serde(default)]
    pub(crate) agent: String,
    #[serde(default)]
    pub(crate) used_ms: u64,
}

/// A refresh token's secret that was replaced.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Previous {
    pub(crate) secret: [u8; 32],
    pub(crate) until_ms: u64,
}

impl Record for Session {}
