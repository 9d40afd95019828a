//! A signed-in session: what a refresh token stands on.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::store::Record;

/// A session, as kept under `session/{id}`; its id is the tokens' `origin_jti`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    /// The key of the user.
    pub(crate) user: String,
    pub(crate) client_id: String,
    /// The tokens' `event_id`.
    pub(crate) event_id: String,
    /// When the user signed in: the tokens' `auth_time`.
    pub(crate) signed_in_ms: u64,
    pub(crate) expires_ms: u64,
    /// The refresh tokens that were given for it, newest last.
    pub(crate) secrets: Vec<RefreshSecret>,
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

/// What is kept of a refresh token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefreshSecret {
    pub(crate) hash: [u8; 32],
    /// Rotation replaced it; until then it is still taken.
    #[serde(default)]
    pub(crate) replaced_until_ms: Option<u64>,
}

impl Record for Session {}
