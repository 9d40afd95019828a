//! What do operations about second factors carry?

use super::{
    choice::{AuthFactor, UserVerification, WebAuthnFactorConfiguration},
    message::SmsConfigurationType,
    text::{EmailMfaSubject, EmailVerificationMessage, RelyingPartyId, SmsVerificationMessage},
};
use crate::shape::{list, shape};

shape! {
    /// How a pool sends second factors as text messages.
    #[derive(Default)]
    pub(crate) SmsMfaConfigType {
        SmsAuthenticationMessage sms_authentication_message: Option<SmsVerificationMessage>,
        SmsConfiguration sms_configuration: Option<SmsConfigurationType>,
    }
}

shape! {
    /// Whether a pool takes the codes of authenticator apps.
    #[derive(Default)]
    pub(crate) SoftwareTokenMfaConfigType {
        Enabled enabled: Option<bool>,
    }
}

shape! {
    /// How a pool sends second factors as mails.
    #[derive(Default)]
    pub(crate) EmailMfaConfigType {
        Message message: Option<EmailVerificationMessage>,
        Subject subject: Option<EmailMfaSubject>,
    }
}

shape! {
    /// Which passkeys a pool takes.
    #[derive(Default)]
    pub(crate) WebAuthnConfigurationType {
        RelyingPartyId relying_party_id: Option<RelyingPartyId>,
        UserVerification user_verification: Option<UserVerification>,
        FactorConfiguration factor_configuration: Option<WebAuthnFactorConfiguration>,
    }
}

shape! {
    /// What a user wants of text messages.
    #[derive(Default)]
    pub(crate) SMSMfaSettingsType {
        Enabled enabled: Option<bool>,
        PreferredMfa preferred_mfa: Option<bool>,
    }
}

shape! {
    /// What a user wants of an authenticator app.
    #[derive(Default)]
    pub(crate) SoftwareTokenMfaSettingsType {
        Enabled enabled: Option<bool>,
        PreferredMfa preferred_mfa: Option<bool>,
    }
}

shape! {
    /// What a user wants of mails.
    #[derive(Default)]
    pub(crate) EmailMfaSettingsType {
        Enabled enabled: Option<bool>,
        PreferredMfa preferred_mfa: Option<bool>,
    }
}

shape! {
    /// Whether a user's passkey is a second factor.
    #[derive(Default)]
    pub(crate) WebAuthnMfaSettingsType {
        Enabled enabled: Option<bool>,
    }
}

list! {
    /// What a user may sign in with.
    ConfiguredUserAuthFactors: 0..=8 of AuthFactor;
}
