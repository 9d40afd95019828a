//! Which of their factors does a user want to be asked for?

use alloc::format;

use super::Factor;
use crate::{
    error::{Code, Error},
    model::{pool::Pool, user::User},
    shapes::{
        EmailMfaSettingsType, SMSMfaSettingsType, SoftwareTokenMfaSettingsType,
        WebAuthnMfaSettingsType,
    },
};

/// What is wanted of each factor; of one that is left out, nothing changes.
pub(crate) struct Preferences {
    pub(crate) sms: Option<SMSMfaSettingsType>,
    pub(crate) software_token: Option<SoftwareTokenMfaSettingsType>,
    pub(crate) email: Option<EmailMfaSettingsType>,
    pub(crate) web_authn: Option<WebAuthnMfaSettingsType>,
}

/// What is wanted of one factor.
#[derive(Clone, Copy)]
struct Wanted {
    factor: Factor,
    is_enabled: bool,
    is_preferred: Option<bool>,
}

impl Preferences {
    fn wanted(&self) -> impl Iterator<Item = Wanted> {
        let each = [
            (Factor::Sms, self.sms.as_ref().map(|s| (s.enabled, s.preferred_mfa))),
            (
                Factor::SoftwareToken,
                self.software_token.as_ref().map(|s| (s.enabled, s.preferred_mfa)),
            ),
            (Factor::Email, self.email.as_ref().map(|s| (s.enabled, s.preferred_mfa))),
        ];
        each.into_iter().filter_map(|(factor, said)| {
            let (is_enabled, is_preferred) = said?;
            Some(Wanted { factor, is_enabled: is_enabled.unwrap_or(false), is_preferred })
        })
    }
}

impl User {
    /// Turns factors on and off, and prefers one of them.
    ///
    /// # Errors
    /// `InvalidParameterException` for a factor that the user has not set up or the pool does not
    /// take, for one that is preferred and off, and for two that are preferred.
    pub(crate) fn prefer(&mut self, pool: &Pool, preferences: &Preferences) -> Result<(), Error> {
        let preferred = preferences.wanted().filter(|wanted| wanted.is_preferred == Some(true));
        if preferred.count() > 1 {
            return refused("Only one MFA method can be preferred.".into());
        }
        for Wanted { factor, is_enabled, is_preferred } in preferences.wanted() {
            let name = factor.wire();
            if !is_enabled && is_preferred == Some(true) {
                return refused(format!("{name} can not be preferred while it is disabled."));
            }
            if is_enabled {
                self.require_set_up(pool, factor)?;
            } else if factor == Factor::Sms {
                self.mfa_options.clear();
            }
            self.factors.enable(factor, is_enabled);
            match is_preferred {
                Some(true) => self.factors.preferred = Some(factor),
                Some(false) if self.factors.preferred == Some(factor) => {
                    self.factors.preferred = None;
                }
                Some(false) | None => {}
            }
        }
        self.prefer_passkey(pool, preferences.web_authn.as_ref())
    }

    /// Turns the passkey on or off as two factors in one. Whoever lost the only one could not get
    /// in any more, so that another second factor must be there.
    fn prefer_passkey(
        &mut self,
        pool: &Pool,
        wanted: Option<&WebAuthnMfaSettingsType>,
    ) -> Result<(), Error> {
        let Some(wanted) = wanted else { return Ok(()) };
        let is_enabled = wanted.enabled.unwrap_or(false);
        if is_enabled && !pool.takes_passkeys_for_two_factors() {
            return refused("The user pool does not take a passkey for two factors.".into());
        }
        if is_enabled && self.factors.passkeys.count() == 0 {
            return refused("User does not have a passkey to turn on as a second factor.".into());
        }
        if is_enabled && self.usable_factors(pool).is_empty() {
            let message = "User must have another MFA method to turn on passkey MFA.";
            return refused(message.into());
        }
        self.factors.passkeys.is_second_factor = Some(is_enabled);
        Ok(())
    }

    fn require_set_up(&self, pool: &Pool, factor: Factor) -> Result<(), Error> {
        match factor {
            Factor::SoftwareToken if self.factors.token.is_none() => {
                refused("User has not verified software token mfa".into())
            }
            Factor::SoftwareToken => Ok(()),
            Factor::Sms | Factor::Email if self.can_use(factor) && pool.offers(factor) => Ok(()),
            Factor::Sms | Factor::Email => {
                let name = factor.wire();
                refused(format!("User does not have delivery config set to turn on {name}"))
            }
        }
    }
}

fn refused<T>(message: alloc::string::String) -> Result<T, Error> {
    Err(Error::saying(Code::InvalidParameter, message))
}
