//! A signed-in session: what a refresh token stands on.

mod device;
mod method;

pub(crate) use method::{Method, assurance, level, level_named, references};

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use super::user::User;
use crate::{
    error::{Code, Error},
    place::{digits, number},
    shape::{Bounded, Text, Timestamp},
    shapes::{
        MaxSessionsPerUser, SessionDescriptionType, SessionId, SessionType,
        UserPoolTokenSessionConfigType, UserSessionTracking,
    },
    store::Record,
};

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
    /// When it was revoked: kept for as long as it would have lived, so that its refresh token is
    /// told what became of it.
    #[serde(default)]
    pub(crate) revoked_ms: Option<u64>,
    /// Address and software of the last use.
    #[serde(default)]
    pub(crate) address: String,
    #[serde(default)]
    pub(crate) agent: String,
    /// The last use: the sign-in or a refresh. What is done with an access token is none, as at
    /// Cognito: no read becomes a write by it.
    #[serde(default)]
    pub(crate) used_ms: u64,
    /// By what the user was proved.
    #[serde(default)]
    pub(crate) methods: Vec<Method>,
    /// Whether it was asked how sure the sign-in is: tokens say so then, whatever it came to.
    #[serde(default)]
    pub(crate) tells_level: bool,
    /// The key of the device, where devices are tracked.
    #[serde(default)]
    pub(crate) device: Option<String>,
    /// Whether the user forgot that device: its refresh tokens died with that.
    #[serde(default)]
    pub(crate) is_device_forgotten: bool,
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

impl Session {
    /// Whether it was neither revoked nor ended by a sign-out everywhere.
    pub(crate) fn is_live(&self, user: &User) -> bool {
        self.revoked_ms.is_none() && self.signed_in_ms > user.signed_out_ms
    }

    /// The session as it is listed. Where its address is nobody knows.
    pub(crate) fn described(&self, id: &str, current: Option<&str>) -> SessionDescriptionType {
        SessionDescriptionType {
            session_id: shown_id(id).map(Into::into),
            session_type: Some(SessionType::Token),
            client_id: Some(self.client_id.as_str().into()),
            create_date: Some(Timestamp(self.signed_in_ms)),
            last_active_date: Some(Timestamp(self.used_ms)),
            device_type: Some(device::described(&self.agent).into()),
            last_ip_address: (!self.address.is_empty()).then(|| self.address.as_str().into()),
            last_location: None,
            origin_session_id: None,
            is_current_session: Some(current == Some(id)),
        }
    }
}

const TOKEN_PREFIX: &str = "tkn";
const BASE36: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
/// 36^25 > 2^128.
const DIGITS: usize = 25;

/// A session's id, a UUID, as it is listed: the same number in other digits.
fn shown_id(id: &str) -> Option<String> {
    let id = uuid::Uuid::try_parse(id).ok()?.as_u128();
    Some([TOKEN_PREFIX, &digits(id, BASE36, DIGITS)].concat())
}

/// The id of a session that is called so in a list; nothing if none can be.
pub(crate) fn id_of(shown: &SessionId) -> Option<String> {
    let text = shown.as_str().strip_prefix(TOKEN_PREFIX)?;
    Some(uuid::Uuid::from_u128(number(text, BASE36)?).to_string())
}

/// How a pool treats sessions. Without tracking they are kept all the same, since refresh tokens
/// stand on them, but neither listed nor counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SessionSettings {
    pub(crate) is_tracked: bool,
    pub(crate) per_user_max: i32,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self { is_tracked: false, per_user_max: 20 }
    }
}

impl SessionSettings {
    pub(crate) fn new(tracking: UserSessionTracking, max: MaxSessionsPerUser) -> Self {
        Self { is_tracked: tracking == UserSessionTracking::Enabled, per_user_max: max.get() }
    }

    pub(crate) fn tracking(self) -> UserSessionTracking {
        match self.is_tracked {
            true => UserSessionTracking::Enabled,
            false => UserSessionTracking::Disabled,
        }
    }

    pub(crate) fn token_session(self) -> UserPoolTokenSessionConfigType {
        UserPoolTokenSessionConfigType { max_per_user: self.per_user_max.into() }
    }

    /// How many sessions a user may have at once, if that is counted.
    pub(crate) fn max(self) -> Option<usize> {
        self.is_tracked.then(|| usize::try_from(self.per_user_max).unwrap_or(1))
    }

    /// # Errors
    /// `OperationNotEnabledException` where sessions are not tracked.
    pub(crate) fn require_tracking(self) -> Result<(), Error> {
        let message = "User session tracking is not enabled for the user pool.";
        self.is_tracked.then_some(()).ok_or(Error::saying(Code::OperationNotEnabled, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Kind, Wire};

    #[test]
    fn a_listed_id_is_of_awss_form_and_leads_back() {
        let Kind::Text { matches, .. } = SessionId::SHAPE.kind else { panic!("no text") };
        for id in [
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "6f1e2d3c-4b5a-4978-8695-a4b3c2d1e0ff",
        ] {
            let shown = shown_id(id).unwrap();
            assert!(matches(&shown), "{shown}");
            assert_eq!(id_of(&shown.into()).as_deref(), Some(id));
        }
    }

    #[test]
    fn what_was_never_listed_leads_nowhere() {
        let last = "z".repeat(DIGITS);
        for shown in ["sso0000000000000000000000000", &["tkn", &last].concat(), "tkn", "", "tknÉ"]
        {
            assert_eq!(id_of(&shown.into()), None, "{shown}");
        }
        assert_eq!(shown_id("x"), None);
    }
}
