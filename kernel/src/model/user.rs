//! A user of a pool.

mod settings;
pub(crate) mod shown;

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{credential::Credential, factor::Factors};
use crate::{
    error::{Code, Error},
    shapes::MFAOptionType,
    store::Record,
};

/// A user, as kept under `user/{id}`. What is empty is not written: SQLite keeps a record that is
/// longer than a quarter of a page on a page of its own besides.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct User {
    /// The username as it was given; in pools that sign in by e-mail or phone, the `sub`.
    pub(crate) username: String,
    /// The UUID that never changes.
    pub(crate) sub: String,
    /// Attributes by name, `sub` left out.
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) status: UserStatus,
    pub(crate) is_enabled: bool,
    pub(crate) created_ms: u64,
    pub(crate) modified_ms: u64,
    /// What a password is checked against; a user may have none.
    pub(crate) credential: Option<Credential>,
    /// The groups that the user was put in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) groups: Vec<Membership>,
    /// Tokens and sessions that began before this are dead.
    #[serde(default, skip_serializing_if = "is_never")]
    pub(crate) signed_out_ms: u64,
    /// New addresses, by attribute, that take the place of the present ones once they are proved.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) waiting: BTreeMap<String, String>,
    /// Where a second factor is sent, as it was told before there were preferences.
    #[serde(default, with = "crate::shape::stored", skip_serializing_if = "Vec::is_empty")]
    pub(crate) mfa_options: Vec<MFAOptionType>,
    /// Second factors.
    #[serde(default, skip_serializing_if = "Factors::are_none")]
    pub(crate) factors: Factors,
}

/// Whether a time is that at which nothing happened.
const fn is_never(ms: &u64) -> bool {
    *ms == 0
}

/// One membership. The id tells a group from a later one of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Membership {
    pub(crate) group: String,
    pub(crate) id: String,
}

/// Where a user stands (`UserStatusType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum UserStatus {
    Confirmed,
    ExternalProvider,
    ForceChangePassword,
    ResetRequired,
    Unconfirmed,
}

impl UserStatus {
    pub(crate) const ALL: [Self; 5] = [
        Self::Confirmed,
        Self::ExternalProvider,
        Self::ForceChangePassword,
        Self::ResetRequired,
        Self::Unconfirmed,
    ];

    /// AWS's word for it.
    pub(crate) const fn wire(self) -> &'static str {
        match self {
            Self::Confirmed => "CONFIRMED",
            Self::ExternalProvider => "EXTERNAL_PROVIDER",
            Self::ForceChangePassword => "FORCE_CHANGE_PASSWORD",
            Self::ResetRequired => "RESET_REQUIRED",
            Self::Unconfirmed => "UNCONFIRMED",
        }
    }
}

impl Record for User {}

/// Attributes whose `_verified` twin says whether they were proved.
pub(crate) const VERIFIABLE: [&str; 2] = ["email", "phone_number"];

impl User {
    /// A user who has no password yet.
    pub(crate) fn new(username: String, sub: String, status: UserStatus, now_ms: u64) -> Self {
        Self {
            username,
            sub,
            attributes: BTreeMap::new(),
            status,
            is_enabled: true,
            created_ms: now_ms,
            modified_ms: now_ms,
            credential: None,
            groups: Vec::new(),
            signed_out_ms: 0,
            waiting: BTreeMap::new(),
            mfa_options: Vec::new(),
            factors: Factors::default(),
        }
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        match name {
            "sub" => Some(&self.sub),
            _ => self.attributes.get(name).map(String::as_str),
        }
    }

    /// Whether `email` or `phone_number` was proved.
    pub(crate) fn is_verified(&self, attribute: &str) -> bool {
        let twin = alloc::format!("{attribute}_verified");
        self.attributes.get(&twin).is_some_and(|value| value == "true")
    }

    pub(crate) fn verify(&mut self, attribute: &str, is_verified: bool) {
        let twin = alloc::format!("{attribute}_verified");
        self.attributes.insert(twin, alloc::string::ToString::to_string(&is_verified));
    }

    /// Checks that the user waits to be confirmed.
    ///
    /// # Errors
    /// `NotAuthorizedException` if not.
    pub(crate) fn confirmable(&self) -> Result<(), Error> {
        if self.status == UserStatus::Unconfirmed {
            return Ok(());
        }
        let status = self.status.wire();
        let message = alloc::format!("User cannot be confirmed. Current status is {status}");
        Err(Error::saying(Code::NotAuthorized, message))
    }

    /// Checks that the user may choose another password by a code.
    ///
    /// # Errors
    /// `NotAuthorizedException` if the user is disabled, has yet to replace a temporary password, or
    /// has no account of their own.
    pub(crate) fn resettable(&self) -> Result<(), Error> {
        let message = match self.status {
            _ if !self.is_enabled => "User is disabled.",
            UserStatus::ExternalProvider | UserStatus::ForceChangePassword => {
                "User password cannot be reset in the current state."
            }
            UserStatus::Confirmed | UserStatus::ResetRequired | UserStatus::Unconfirmed => {
                return Ok(());
            }
        };
        Err(Error::saying(Code::NotAuthorized, message))
    }

    /// Ends every session and every access token that began so far.
    pub(crate) fn sign_out_everywhere(&mut self, now_ms: u64) {
        // Several sign-ins and sign-outs may share a millisecond: each sign-out is after them all.
        self.signed_out_ms = now_ms.max(self.signed_out_ms + 1);
    }

    /// All attributes, `sub` first, as they are listed.
    pub(crate) fn all_attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        let rest = self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        core::iter::once(("sub", self.sub.as_str())).chain(rest)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn an_ordinary_users_record_stays_short() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let attributes = json!([
            { "Name": "email", "Value": "ann.example@example.com" },
            { "Name": "email_verified", "Value": "true" },
            { "Name": "name", "Value": "Ann Example" },
        ]);
        world.user(&pool, "ann.example", attributes);
        let store = world.records(&world.home(&pool.id, "ann.example"));
        let record = store.get("user/ann.example").unwrap().unwrap();
        // Of a page of 4,096 bytes SQLite keeps 1,002 in place, key and all.
        assert!(record.len() < 930, "{}", record.len());
    }
}
