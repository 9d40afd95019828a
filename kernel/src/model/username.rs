//! What may a new user be called?

use alloc::string::String;

use super::{attribute, pool::Pool};
use crate::error::{Code, Error};

/// The name of a new user, and the attribute that it was given as, if any.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// The username as stored.
    pub(crate) username: String,
    /// Where names are e-mail addresses or phone numbers: which of them this one is.
    pub(crate) attribute: Option<&'static str>,
}

/// The name of a new user who is called `given` and whose `sub` is that.
///
/// # Errors
/// `InvalidParameterException` if the pool wants another form of name.
pub(crate) fn of_new_user(pool: &Pool, given: &str, sub: &str) -> Result<Name, Error> {
    let (by_email, by_phone) =
        (pool.has_username_attribute("email"), pool.has_username_attribute("phone_number"));
    if by_email && attribute::is_email(given) {
        return Ok(Name { username: sub.into(), attribute: Some("email") });
    }
    if by_phone && attribute::is_phone_number(given) {
        return Ok(Name { username: sub.into(), attribute: Some("phone_number") });
    }
    let fault = match (by_email, by_phone) {
        (true, true) => "Username should be either an email or a phone number.",
        (true, false) => "Username should be an email.",
        (false, true) => "Username should be a phone number.",
        (false, false) if pool.has_alias("email") && attribute::is_email(given) => {
            "Username cannot be of email format, since user pool is configured for email alias."
        }
        (false, false) if pool.has_alias("phone_number") && attribute::is_phone_number(given) => {
            "Username cannot be of phone number format, since user pool is configured for phone \
             number alias."
        }
        (false, false) => return Ok(Name { username: given.into(), attribute: None }),
    };
    Err(Error::saying(Code::InvalidParameter, fault))
}
