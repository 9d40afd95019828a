//! An app client: which flows it may use, how long its tokens live, what it may see.

pub(crate) mod defaults;
mod redirect;
pub(crate) mod rules;

use alloc::{format, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{
    crypto::Sealed,
    shape::{Bounded, Text},
    shapes::{
        ClientSSOSessionConfigType, ExplicitAuthFlow, Feature, PreventUserExistenceErrors,
        TimeUnits, UserPoolClientType,
    },
    store::Record,
};

/// An app client, as kept under `client/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Client {
    pub(crate) id: String,
    /// Everything that `DescribeUserPoolClient` shows, but for the secret.
    #[serde(with = "crate::shape::stored")]
    pub(crate) description: UserPoolClientType,
    /// Any of them will do; oldest first.
    pub(crate) secrets: Vec<Secret>,
    /// For how many minutes a sign-in of managed login is taken up in silence, if that was said.
    #[serde(default)]
    pub(crate) sso_minutes: Option<i32>,
}

/// What is kept of a secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Secret {
    pub(crate) id: String,
    /// Bound to the client's id.
    pub(crate) sealed: Sealed,
    pub(crate) created_ms: u64,
}

/// The id of a secret that a client was given at that time.
pub(crate) fn secret_id(client_id: &str, created_ms: u64) -> String {
    format!("{client_id}--{created_ms}")
}

impl Record for Client {
    const VERSION: u8 = 2;

    /// The first form had one secret at most, as old as the client.
    fn upgrade(version: u8, body: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct First {
            id: String,
            #[serde(with = "crate::shape::stored")]
            description: UserPoolClientType,
            secret: Option<Sealed>,
            #[serde(default)]
            sso_minutes: Option<i32>,
        }
        let First { id, description, secret, sso_minutes } =
            (version == 1).then(|| serde_json::from_slice(body).ok()).flatten()?;
        let created_ms = description.creation_date.map_or(0, |created| created.0);
        let secret =
            secret.map(|sealed| Secret { id: secret_id(&id, created_ms), sealed, created_ms });
        Some(Self { id, description, secrets: secret.into_iter().collect(), sso_minutes })
    }
}

/// How long tokens live, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    pub(crate) access_s: u64,
    pub(crate) id_s: u64,
    pub(crate) refresh_s: u64,
}

/// Unless a client says otherwise.
const SSO_MINUTES: i32 = 60;
const HOUR_S: u64 = 3_600;
const DAY_S: u64 = 24 * HOUR_S;

impl Client {
    /// Whether `ExplicitAuthFlows` has one of these.
    pub(crate) fn allows(&self, flows: &[ExplicitAuthFlow]) -> bool {
        let listed = self.description.explicit_auth_flows.as_deref().unwrap_or_default();
        listed.iter().any(|listed| flows.contains(listed))
    }

    /// Whether callers must know a secret.
    pub(crate) fn has_secret(&self) -> bool {
        !self.secrets.is_empty()
    }

    /// Whether unknown users are answered as known ones with a wrong password are.
    pub(crate) fn hides_users(&self) -> bool {
        self.description.prevent_user_existence_errors == Some(PreventUserExistenceErrors::Enabled)
    }

    /// Whether tokens can be revoked, and so carry `origin_jti` and `jti`.
    pub(crate) fn revokes(&self) -> bool {
        self.description.enable_token_revocation.unwrap_or(true)
    }

    /// Whether each refresh gives a new refresh token; if so, for how many seconds the old one is
    /// still taken.
    pub(crate) fn rotation_grace_s(&self) -> Option<u64> {
        let rotation = self.description.refresh_token_rotation.as_ref()?;
        (rotation.feature == Feature::Enabled).then(|| {
            let grace = rotation.retry_grace_period_seconds.map_or(0, Bounded::get);
            u64::try_from(grace).unwrap_or(0)
        })
    }

    /// For how long a sign-in of managed login is taken up in silence.
    pub(crate) fn sso_session(&self) -> ClientSSOSessionConfigType {
        ClientSSOSessionConfigType {
            max_validity_minutes: self.sso_minutes.unwrap_or(SSO_MINUTES).into(),
        }
    }

    /// For how many seconds a challenge may be answered.
    pub(crate) fn challenge_s(&self) -> u64 {
        let minutes = self.description.auth_session_validity.map_or(3, Bounded::get);
        60 * u64::try_from(minutes).unwrap_or(3)
    }

    pub(crate) fn validity(&self) -> Validity {
        Validity::of(&self.description)
    }

    /// Whether the client may read that attribute; without a list it reads all standard ones.
    pub(crate) fn reads(&self, attribute: &str) -> bool {
        match &self.description.read_attributes {
            Some(listed) => {
                attribute == "sub" || listed.iter().any(|listed| listed.as_str() == attribute)
            }
            None => true,
        }
    }

    /// Whether the client may write that attribute; without a list it writes all but what only
    /// the service proves.
    pub(crate) fn writes(&self, attribute: &str) -> bool {
        match &self.description.write_attributes {
            Some(listed) => listed.iter().any(|listed| listed.as_str() == attribute),
            None => !matches!(attribute, "email_verified" | "phone_number_verified"),
        }
    }
}

impl Validity {
    /// What a client's settings come to. A refresh token of 0 stands for the usual one.
    fn of(description: &UserPoolClientType) -> Self {
        let units = description.token_validity_units.as_ref();
        let seconds = |value: Option<i32>, unit: Option<TimeUnits>, usual: TimeUnits, default| {
            let value = value.and_then(|value| u64::try_from(value).ok()).filter(|n| *n > 0);
            value.map_or(default, |value| value * unit_s(unit.unwrap_or(usual)))
        };
        Self {
            access_s: seconds(
                description.access_token_validity.map(Bounded::get),
                units.and_then(|units| units.access_token),
                TimeUnits::Hours,
                HOUR_S,
            ),
            id_s: seconds(
                description.id_token_validity.map(Bounded::get),
                units.and_then(|units| units.id_token),
                TimeUnits::Hours,
                HOUR_S,
            ),
            refresh_s: seconds(
                description.refresh_token_validity.map(Bounded::get),
                units.and_then(|units| units.refresh_token),
                TimeUnits::Days,
                30 * DAY_S,
            ),
        }
    }
}

const fn unit_s(unit: TimeUnits) -> u64 {
    match unit {
        TimeUnits::Seconds => 1,
        TimeUnits::Minutes => 60,
        TimeUnits::Hours => HOUR_S,
        TimeUnits::Days => DAY_S,
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use serde_json::json;

    use super::*;
    use crate::store::decode;

    #[test]
    fn a_client_of_the_first_form_keeps_its_secret() {
        let first = |secret: serde_json::Value| {
            let description = json!({ "ClientId": "abc", "CreationDate": 1_795_000_000.5 });
            let mut bytes = vec![1];
            let record = json!({ "id": "abc", "description": description, "secret": secret });
            bytes.extend(serde_json::to_vec(&record).unwrap());
            decode::<Client>(&bytes).unwrap()
        };
        let client = first(json!("c2VhbGVk"));
        let [secret] = client.secrets.as_slice() else { panic!("one secret") };
        assert_eq!(secret.id, "abc--1795000000500");
        assert_eq!(secret.created_ms, 1_795_000_000_500);
        assert_eq!(serde_json::to_value(&secret.sealed).unwrap(), "c2VhbGVk");
        assert!(!first(json!(null)).has_secret());
    }
}
