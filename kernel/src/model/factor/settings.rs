//! Which second factors does a pool take?

use serde::{Deserialize, Serialize};

use super::Factor;
use crate::{
    error::{Code, Error},
    model::pool::{Pool, rules},
    shapes::{
        EmailMfaConfigType, SmsMfaConfigType, SoftwareTokenMfaConfigType, UserPoolMfa,
        WebAuthnConfigurationType,
    },
};

/// What a pool says of factors beyond its description, as a part of its record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct FactorSettings {
    /// Whether authenticator apps are taken.
    #[serde(default)]
    pub(crate) software_token: Option<bool>,
    /// How codes are mailed, if they are.
    #[serde(default, with = "crate::shape::stored")]
    pub(crate) email: Option<EmailMfaConfigType>,
    #[serde(default, with = "crate::shape::stored")]
    pub(crate) web_authn: Option<WebAuthnConfigurationType>,
}

impl FactorSettings {
    /// Whether there is a factor that needs no text messages.
    pub(crate) fn has_any(&self) -> bool {
        self.software_token == Some(true) || self.email.is_some()
    }
}

impl Pool {
    /// Whether a second factor is wanted.
    pub(crate) fn mfa(&self) -> UserPoolMfa {
        self.description.mfa_configuration.unwrap_or(UserPoolMfa::Off)
    }

    /// Whether a factor may be set up and used.
    pub(crate) fn offers(&self, factor: Factor) -> bool {
        match factor {
            Factor::Sms => {
                self.description.sms_configuration.as_ref().is_some_and(rules::sends_text)
            }
            Factor::SoftwareToken => self.factors.software_token == Some(true),
            Factor::Email => self.factors.email.is_some(),
        }
    }

    /// How codes are texted, as it is told.
    pub(crate) fn sms_mfa_shown(&self) -> Option<SmsMfaConfigType> {
        let description = &self.description;
        let shown = SmsMfaConfigType {
            sms_authentication_message: description.sms_authentication_message.clone(),
            sms_configuration: description.sms_configuration.clone(),
        };
        (shown != SmsMfaConfigType::default()).then_some(shown)
    }

    /// Whether authenticator apps are taken, if that was said.
    pub(crate) fn software_token_mfa_shown(&self) -> Option<SoftwareTokenMfaConfigType> {
        let enabled = self.factors.software_token;
        enabled.map(|enabled| SoftwareTokenMfaConfigType { enabled: Some(enabled) })
    }

    /// # Errors
    /// `SoftwareTokenMFANotFoundException` unless authenticator apps may be set up.
    pub(crate) fn require_software_tokens(&self) -> Result<(), Error> {
        let is_offered = self.mfa() != UserPoolMfa::Off && self.offers(Factor::SoftwareToken);
        is_offered.then_some(()).ok_or_else(|| Code::SoftwareTokenMfaNotFound.into())
    }
}
