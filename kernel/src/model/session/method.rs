//! By what was a user proved? The values of `amr` (RFC 8176) and, from them, the level of `acr`.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::model::pool::{Pool, rules};

/// One of the means by which a user was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Method {
    #[serde(rename = "email_otp")]
    Email,
    /// A passkey that stays where it was made.
    #[serde(rename = "hwk")]
    HardwareKey,
    #[serde(rename = "pwd")]
    Password,
    #[serde(rename = "sms")]
    Sms,
    /// A passkey that its keeper copies from device to device.
    #[serde(rename = "swk")]
    SoftwareKey,
    #[serde(rename = "otp")]
    SoftwareToken,
}

impl Method {
    const fn wire(self) -> &'static str {
        match self {
            Self::Email => "email_otp",
            Self::HardwareKey => "hwk",
            Self::Password => "pwd",
            Self::Sms => "sms",
            Self::SoftwareKey => "swk",
            Self::SoftwareToken => "otp",
        }
    }
}

/// `amr`.
pub(crate) fn references(methods: &[Method]) -> Vec<String> {
    let each = methods.iter().map(|method| method.wire());
    each.chain((methods.len() > 1).then_some("mfa")).map(String::from).collect()
}

/// `acr`: how sure a sign-in by these is, as the pool calls that level.
pub(crate) fn assurance(pool: &Pool, methods: &[Method]) -> String {
    name_of(pool, level(methods))
}

/// The highest of the levels.
pub(crate) const LEVEL_MAX: u8 = 4;

/// AWS's levels: a password alone; a code alone; a passkey, or a password and a code that was sent;
/// a password and an authenticator app.
pub(crate) fn level(methods: &[Method]) -> u8 {
    let has = |method| methods.contains(&method);
    match methods {
        _ if has(Method::Password) && has(Method::SoftwareToken) => 4,
        [_, _, ..] => 3,
        [Method::HardwareKey | Method::SoftwareKey] => 3,
        [Method::Password] | [] => 1,
        [_] => 2,
    }
}

/// The level that a pool calls so.
pub(crate) fn level_named(pool: &Pool, name: &str) -> Option<u8> {
    (1..=LEVEL_MAX).find(|level| name_of(pool, *level) == name)
}

fn name_of(pool: &Pool, level: u8) -> String {
    let names = pool.description.acr_configuration.as_ref();
    let named = names.and_then(|names| rules::name_of_level(names, level));
    named.unwrap_or_else(|| rules::level_name(level))
}
