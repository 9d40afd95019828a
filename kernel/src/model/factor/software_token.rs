//! An authenticator app: time-based one-time passwords (RFC 6238) of six digits, a new one each
//! thirty seconds, by HMAC-SHA-1.
//!
//! A clock may be one step off, and no step's code is taken twice.

use alloc::{format, string::String, vec::Vec};

use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};

use crate::{
    crypto::{Purpose, Sealed, hmac_sha1, same},
    cx::Cx,
    error::Error,
    model::user::User,
};

/// As long as the hash (RFC 4226 §4, R6).
pub(crate) const SECRET_BYTES: usize = 20;
const STEP_S: u64 = 30;
const NAME_CHARS_MAX: usize = 128;

/// The app of a user, as a part of the user's record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SoftwareToken {
    /// Bound to the user's `sub`.
    secret: Sealed,
    /// What the user calls the app or the phone.
    pub(crate) name: Option<String>,
    /// The step of the last code that was taken.
    last_step: u64,
}

/// What became of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    Right,
    /// It was right, and taken before.
    Used,
    Wrong,
}

impl SoftwareToken {
    /// The app that holds that secret, if it shows that code.
    pub(crate) fn new(
        cx: &Cx,
        user: &User,
        secret: &[u8],
        (code, name): (&str, Option<&str>),
    ) -> Result<Option<Self>, Error> {
        let Some(last_step) = step_of(secret, code, cx.now_s()) else { return Ok(None) };
        let name = name.map(|name| name.chars().take(NAME_CHARS_MAX).collect());
        Ok(Some(Self { secret: seal(cx, user, secret)?, name, last_step }))
    }

    /// Takes a code, if it is right.
    pub(crate) fn take(&mut self, cx: &Cx, user: &User, code: &str) -> Result<Tried, Error> {
        let secret = open(cx, user, &self.secret)?;
        match step_of(&secret, code, cx.now_s()) {
            None => Ok(Tried::Wrong),
            Some(step) if step <= self.last_step => Ok(Tried::Used),
            Some(step) => {
                self.last_step = step;
                Ok(Tried::Right)
            }
        }
    }

    /// The secret as people copy it, for the way to another deployment.
    pub(crate) fn reveal(&self, cx: &Cx, user: &User) -> Result<String, Error> {
        Ok(shown(&open(cx, user, &self.secret)?))
    }

    /// The same app in another deployment; nothing if that is no secret.
    pub(crate) fn here(self, cx: &Cx, user: &User, secret: &str) -> Result<Option<Self>, Error> {
        let Ok(secret) = BASE32_NOPAD.decode(secret.as_bytes()) else { return Ok(None) };
        Ok(Some(Self { secret: seal(cx, user, &secret)?, ..self }))
    }
}

/// A secret as it stands at rest.
pub(crate) fn seal(cx: &Cx, user: &User, secret: &[u8]) -> Result<Sealed, Error> {
    cx.vault()?.seal(Purpose::SoftwareToken, &user.sub, secret, &cx.random)
}

/// The secret that [`seal`] was given.
pub(crate) fn open(cx: &Cx, user: &User, sealed: &Sealed) -> Result<Vec<u8>, Error> {
    cx.vault()?.open(Purpose::SoftwareToken, &user.sub, sealed)
}

/// A secret as an app takes it: base32 (RFC 4648 §6) without padding.
pub(crate) fn shown(secret: &[u8]) -> String {
    BASE32_NOPAD.encode(secret)
}

/// The step around now whose code that is. Every one is compared, so that time does not tell which.
fn step_of(secret: &[u8], code: &str, now_s: u64) -> Option<u64> {
    let now = now_s / STEP_S;
    let steps = now.saturating_sub(1)..=now + 1;
    let is_right = |step: &u64| same(code_at(secret, *step).as_bytes(), code.as_bytes());
    steps.filter(is_right).fold(None, |_, step| Some(step))
}

/// The code of a step (RFC 4226 §5.3).
pub(crate) fn code_at(secret: &[u8], step: u64) -> String {
    let hash = hmac_sha1(secret, &step.to_be_bytes());
    let at = usize::from(hash[19] & 0x0f);
    let four = hash.get(at..at + 4).and_then(|four| <[u8; 4]>::try_from(four).ok());
    let number = u32::from_be_bytes(four.unwrap_or_default()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, whose codes have eight digits: these are the last six.
        for (time_s, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(b"12345678901234567890", time_s / STEP_S), code, "{time_s}");
        }
    }

    #[test]
    fn a_clock_may_be_a_step_off_and_no_more() {
        let secret = b"12345678901234567890";
        let now_s = 1_111_111_111;
        let step = now_s / STEP_S;
        for off in [step - 1, step, step + 1] {
            assert_eq!(step_of(secret, &code_at(secret, off), now_s), Some(off));
        }
        for off in [step - 2, step + 2] {
            assert_eq!(step_of(secret, &code_at(secret, off), now_s), None);
        }
        for none in ["", "05047", "0050471", "abcdef"] {
            assert_eq!(step_of(secret, none, now_s), None);
        }
    }

    #[test]
    fn a_secret_is_shown_as_apps_take_it() {
        // RFC 4648 §10.
        for (plain, text) in [("f", "MY"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(shown(plain.as_bytes()), text);
        }
    }
}
