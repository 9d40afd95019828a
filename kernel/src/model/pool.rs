//! A user pool: its configuration, and what follows from it for names and aliases.

pub(crate) mod defaults;
pub(crate) mod entry;
pub(crate) mod names;
pub(crate) mod rules;
pub(crate) mod schema;
pub(crate) mod tags;

use alloc::{borrow::Cow, collections::BTreeSet, string::String};

use serde::{Deserialize, Serialize};

use super::{credential::Owner, factor::FactorSettings, session::SessionSettings, user::User};
use crate::{
    crypto::KeyAlgorithm,
    shape::Choice,
    shapes::{AuthFactor, PasswordPolicyType, SchemaAttributeType, UserPoolType},
    store::Record,
};

/// A user pool, as kept under `pool`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pool {
    pub(crate) id: String,
    pub(crate) region: String,
    /// Everything that `DescribeUserPool` shows, but for what is counted.
    #[serde(with = "crate::shape::stored")]
    pub(crate) description: UserPoolType,
    /// What new signing keys are made for.
    #[serde(default)]
    pub(crate) token_algorithm: KeyAlgorithm,
    #[serde(default)]
    pub(crate) sessions: SessionSettings,
    #[serde(default)]
    pub(crate) factors: FactorSettings,
    /// Custom attributes that are being removed: nobody writes them any more.
    #[serde(default)]
    pub(crate) departing: BTreeSet<String>,
    /// What is left of other settings for names.
    #[serde(default)]
    pub(crate) former_names: names::FormerNames,
}

impl Record for Pool {}

/// How many users a pool has, as kept under `count`.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct UserCount {
    pub(crate) users: u64,
}

impl Record for UserCount {}

impl Pool {
    /// Whether `Ann` and `ann` are two names.
    pub(crate) fn is_case_sensitive(&self) -> bool {
        self.description.username_configuration.as_ref().is_none_or(|names| names.case_sensitive)
    }

    /// A username or alias as it is looked up.
    pub(crate) fn fold<'a>(&self, name: &'a str) -> Cow<'a, str> {
        if self.is_case_sensitive() || !name.chars().any(char::is_uppercase) {
            Cow::Borrowed(name)
        } else {
            Cow::Owned(name.to_lowercase())
        }
    }

    /// Whether users sign in by that attribute in the place of a username.
    pub(crate) fn has_username_attribute(&self, attribute: &str) -> bool {
        let listed = self.description.username_attributes.as_deref().unwrap_or_default();
        listed.iter().any(|listed| listed.wire() == attribute)
    }

    /// Whether usernames are e-mail addresses or phone numbers, the stored one being the `sub`.
    pub(crate) fn has_username_attributes(&self) -> bool {
        !self.description.username_attributes.as_deref().unwrap_or_default().is_empty()
    }

    /// Whether users sign in by that attribute beside their username.
    pub(crate) fn has_alias(&self, attribute: &str) -> bool {
        let listed = self.description.alias_attributes.as_deref().unwrap_or_default();
        listed.iter().any(|listed| listed.wire() == attribute)
    }

    /// Whether the pool sends codes to verify that attribute.
    pub(crate) fn auto_verifies(&self, attribute: &str) -> bool {
        let listed = self.description.auto_verified_attributes.as_deref().unwrap_or_default();
        listed.iter().any(|listed| listed.wire() == attribute)
    }

    /// Whether a new value of that attribute waits until it is proved.
    pub(crate) fn proves_first(&self, attribute: &str) -> bool {
        let settings = self.description.user_attribute_update_settings.as_ref();
        let listed = settings
            .and_then(|settings| settings.attributes_require_verification_before_update.as_deref());
        listed.unwrap_or_default().iter().any(|listed| listed.wire() == attribute)
    }

    /// The attribute of that name in the pool's schema.
    pub(crate) fn schema(&self, attribute: &str) -> Option<&SchemaAttributeType> {
        if self.departing.contains(attribute) {
            return None;
        }
        let schema = self.description.schema_attributes.as_deref()?;
        schema.iter().find(|known| {
            known.name.as_ref().is_some_and(|name| crate::shape::Text::as_str(name) == attribute)
        })
    }

    /// Whether users may begin to sign in without a password.
    pub(crate) fn is_passwordless(&self) -> bool {
        let is_enough = |factor: &AuthFactor| {
            matches!(factor, AuthFactor::EmailOtp | AuthFactor::SmsOtp | AuthFactor::WebAuthn)
        };
        self.first_factors().iter().any(is_enough)
    }

    /// What users may begin to sign in with, if the pool says so.
    pub(crate) fn first_factors(&self) -> &[AuthFactor] {
        let policy = self.description.policies.as_ref();
        let policy = policy.and_then(|policies| policies.sign_in_policy.as_ref());
        let factors = policy.and_then(|policy| policy.allowed_first_auth_factors.as_ref());
        factors.map_or(&[], |factors| factors.as_slice())
    }

    pub(crate) fn password_policy(&self) -> Option<&PasswordPolicyType> {
        self.description.policies.as_ref()?.password_policy.as_ref()
    }

    /// Whose password it is, for SRP.
    pub(crate) fn owner<'a>(&'a self, user: &'a User) -> Owner<'a> {
        Owner { pool_id: &self.id, username: &user.username }
    }
}
