//! Second factors: which does a user have, and which does a pool take?

pub(crate) mod passkey;
mod preference;
mod settings;
mod software_token;

pub(crate) use preference::Preferences;
pub(crate) use settings::FactorSettings;
pub(crate) use software_token::{SECRET_BYTES, SoftwareToken, Tried, open, seal, shown};

#[cfg(any(test, feature = "testing"))]
pub(crate) use software_token::code_at;

use alloc::{
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use passkey::Passkeys;

use super::{pool::Pool, session::Method, user::User};
use crate::{
    crypto::Sealed,
    cx::Cx,
    delivery::Medium,
    error::Error,
    shape::Choice,
    shapes::{AuthFactor, ChallengeName, UserPoolMfa},
};

/// What may prove a user beside the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Factor {
    /// A code in a text message.
    Sms,
    /// A code that an authenticator app shows.
    SoftwareToken,
    /// A code in a mail.
    Email,
}

impl Factor {
    pub(crate) const ALL: [Self; 3] = [Self::Sms, Self::SoftwareToken, Self::Email];

    /// The challenge that asks for it, whose name is the factor's on the wire.
    pub(crate) const fn challenge(self) -> ChallengeName {
        match self {
            Self::Sms => ChallengeName::SmsMfa,
            Self::SoftwareToken => ChallengeName::SoftwareTokenMfa,
            Self::Email => ChallengeName::EmailOtp,
        }
    }

    /// AWS's word for it.
    pub(crate) fn wire(self) -> &'static str {
        self.challenge().wire()
    }

    /// The factor of that name. AWS's prose has another name for mails.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let is_named = |factor: &Self| {
            factor.wire() == name || (*factor == Self::Email && name == "EMAIL_MFA")
        };
        Self::ALL.into_iter().find(is_named)
    }

    /// What a user who proved it was proved by.
    pub(crate) const fn method(self) -> Method {
        match self {
            Self::Sms => Method::Sms,
            Self::SoftwareToken => Method::SoftwareToken,
            Self::Email => Method::Email,
        }
    }

    /// How its code reaches the user, if it is sent.
    pub(crate) const fn medium(self) -> Option<Medium> {
        match self {
            Self::Sms => Some(Medium::Sms),
            Self::SoftwareToken => None,
            Self::Email => Some(Medium::Email),
        }
    }
}

/// The second factors of a user.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Factors {
    /// Those that the user, or an administrator, turned on.
    #[serde(default)]
    enabled: BTreeSet<Factor>,
    /// The one that is asked for without a choice.
    #[serde(default)]
    preferred: Option<Factor>,
    /// The authenticator app, once it showed a right code.
    #[serde(default)]
    pub(crate) token: Option<SoftwareToken>,
    /// The secret of one that has yet to.
    #[serde(default)]
    pub(crate) pending: Option<Sealed>,
    #[serde(default, skip_serializing_if = "Passkeys::are_none")]
    pub(crate) passkeys: Passkeys,
}

impl Factors {
    /// Whether nothing is known of any.
    pub(crate) fn are_none(&self) -> bool {
        *self == Self::default()
    }

    pub(crate) fn enable(&mut self, factor: Factor, is_enabled: bool) {
        if is_enabled {
            self.enabled.insert(factor);
            return;
        }
        self.enabled.remove(&factor);
        if self.preferred == Some(factor) {
            self.preferred = None;
        }
    }

    /// Forgets the authenticator app.
    pub(crate) fn drop_token(&mut self) {
        self.enable(Factor::SoftwareToken, false);
        self.token = None;
        self.pending = None;
    }
}

impl User {
    /// Whether a factor was turned on; text messages may have been in the older manner.
    fn has_enabled(&self, factor: Factor) -> bool {
        self.factors.enabled.contains(&factor)
            || (factor == Factor::Sms && !self.mfa_options.is_empty())
    }

    /// Whether a factor would work: there is an address, or an app.
    fn can_use(&self, factor: Factor) -> bool {
        match factor.medium() {
            Some(medium) => self.attribute(medium.attribute()).is_some(),
            None => self.factors.token.is_some(),
        }
    }

    /// A factor whose address is gone is gone with it.
    pub(crate) fn forget_addressless_factors(&mut self) {
        for factor in [Factor::Sms, Factor::Email] {
            if !self.can_use(factor) {
                self.factors.enable(factor, false);
            }
        }
        if !self.can_use(Factor::Sms) {
            self.mfa_options.clear();
        }
    }

    /// `UserMFASettingList`.
    pub(crate) fn factors_shown(&self) -> Option<Vec<String>> {
        let enabled = Factor::ALL.into_iter().filter(|factor| self.has_enabled(*factor));
        let names: Vec<String> = enabled.map(|factor| factor.wire().to_string()).collect();
        (!names.is_empty()).then_some(names)
    }

    /// `PreferredMfaSetting`.
    pub(crate) fn preferred_factor_shown(&self) -> Option<String> {
        self.factors.preferred.map(|factor| factor.wire().to_string())
    }

    /// The factors of which one is asked for when the user signs in, the preferred one alone if
    /// there is one.
    pub(crate) fn second_factors(&self, pool: &Pool) -> Vec<Factor> {
        let usable = self.usable_factors(pool);
        match self.factors.preferred.filter(|factor| usable.contains(factor)) {
            Some(preferred) => [preferred].into(),
            None => usable,
        }
    }

    /// All factors that the user may sign in with. Where the pool wants one and the user turned
    /// none on, whatever would work counts.
    pub(crate) fn usable_factors(&self, pool: &Pool) -> Vec<Factor> {
        let works = |factor: &Factor| self.works(pool, *factor);
        let chosen: Vec<Factor> = Factor::ALL
            .into_iter()
            .filter(|factor| self.has_enabled(*factor) && works(factor))
            .collect();
        match pool.mfa() {
            UserPoolMfa::Off => Vec::new(),
            UserPoolMfa::On if chosen.is_empty() => Factor::ALL.into_iter().filter(works).collect(),
            UserPoolMfa::On | UserPoolMfa::Optional => chosen,
        }
    }

    /// The factors by which the user could be proved beyond what is wanted of every sign-in: those
    /// that work, whether they were turned on or not, but no address that nobody has proved.
    pub(crate) fn further_factors(&self, pool: &Pool) -> Vec<Factor> {
        if pool.mfa() == UserPoolMfa::Off {
            return Vec::new();
        }
        let is_proved = |factor: Factor| {
            factor.medium().is_none_or(|medium| self.is_verified(medium.attribute()))
        };
        let works = |factor: &Factor| self.works(pool, *factor) && is_proved(*factor);
        Factor::ALL.into_iter().filter(works).collect()
    }

    /// An app keeps working in a pool that takes no new ones.
    fn works(&self, pool: &Pool, factor: Factor) -> bool {
        self.can_use(factor) && (pool.offers(factor) || factor == Factor::SoftwareToken)
    }

    /// Everything that the user may sign in with.
    pub(crate) fn all_factors(&self, cx: &Cx, pool: &Pool) -> Result<Vec<AuthFactor>, Error> {
        let token = self.factors.token.as_ref().map(|_| AuthFactor::SoftwareToken);
        Ok(self.first_factors(cx, pool)?.into_iter().chain(token).collect())
    }

    /// What the user may begin a sign-in with, in AWS's order.
    pub(crate) fn first_factors(&self, cx: &Cx, pool: &Pool) -> Result<Vec<AuthFactor>, Error> {
        let allowed = pool.first_factors();
        let has =
            |attribute: &str| self.is_verified(attribute) && self.attribute(attribute).is_some();
        let mut factors = Vec::new();
        if self.credential.is_some() {
            factors.push(AuthFactor::Password);
        }
        let codes = [(AuthFactor::EmailOtp, "email"), (AuthFactor::SmsOtp, "phone_number")];
        for (factor, attribute) in codes {
            if allowed.contains(&factor) && has(attribute) {
                factors.push(factor);
            }
        }
        if self.has_passkey(cx, pool)? {
            factors.push(AuthFactor::WebAuthn);
        }
        Ok(factors)
    }
}
