//! One line of a file of users: which user is it?

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    ImportJob,
    csv::{self, MFA_ENABLED, PASSWORD_HASH, USERNAME},
};
use crate::{
    cx::Cx,
    error::{Code, Error},
    model::{
        attribute::{self, Writer},
        credential::{Credential, PasswordHash},
        pool::Pool,
        user::{User, UserStatus, VERIFIABLE},
        username,
    },
    shape::{Json, Wire, check},
    shapes::{AttributeType, AuthFactor, DeliveryMedium, MFAOptionType, Username},
};

/// The values of a line, by column.
struct Values<'a>(Vec<(&'a str, String)>);

impl Values<'_> {
    fn get(&self, column: &str) -> &str {
        let found = self.0.iter().find(|(name, _)| *name == column);
        found.map_or("", |(_, value)| value.as_str())
    }
}

/// The user of a line.
///
/// # Errors
/// What is wrong with the line, as `InvalidParameterException`.
pub(crate) fn user(cx: &Cx, pool: &Pool, job: &ImportJob, line: &str) -> Result<User, Error> {
    let values = csv::split(line);
    if values.len() != job.columns.len() {
        return Err(fault("The number of values does not match the header."));
    }
    let values = Values(job.columns.iter().map(String::as_str).zip(values).collect());
    let given = values.get(USERNAME);
    if check(Username::SHAPE, &Json::from(given)).is_err() {
        return Err(fault("The value of cognito:username is invalid."));
    }
    let sub = cx.uuid_here();
    let name = username::of_new_user(pool, given, &sub)?;
    let lent = name.attribute.map(|attribute| (attribute, given));
    let attributes = attribute::of_new_user(pool, Writer::Administrator, written(&values)?, lent)?;
    attribute::complete(pool, &attributes)?;
    let mut user = User::new(name.username, sub, UserStatus::ResetRequired, cx.now_ms());
    user.attributes = attributes;
    verified(pool, &user)?;
    second_factor(&mut user, values.get(MFA_ENABLED))?;
    user.credential = credential(cx, pool, job, (&user, values.get(PASSWORD_HASH)))?;
    if user.credential.is_some() || has_factor(pool, &user) {
        user.status = UserStatus::Confirmed;
    }
    Ok(user)
}

/// The attributes of a line. A file has days as people of some countries write them.
fn written(values: &Values<'_>) -> Result<Vec<AttributeType>, Error> {
    let is_attribute = |name: &&str| !matches!(*name, USERNAME | MFA_ENABLED | PASSWORD_HASH);
    let given = values.0.iter().filter(|(name, value)| is_attribute(name) && !value.is_empty());
    given
        .map(|(name, value)| {
            let value = match *name {
                "birthdate" => day(value).ok_or_else(|| {
                    fault("The value of birthdate is no date of the form mm/dd/yyyy.")
                })?,
                _ => value.clone(),
            };
            Ok(AttributeType { name: (*name).into(), value: Some(value.into()) })
        })
        .collect()
}

/// `12/31/1990` as the schema has it.
fn day(text: &str) -> Option<String> {
    let mut parts = text.split('/');
    let (Some(month), Some(day), Some(year), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let has_form = (month.len(), day.len(), year.len()) == (2, 2, 4);
    has_form.then(|| format!("{year}-{month}-{day}"))
}

/// Checks that one of the addresses that the pool verifies is verified.
fn verified(pool: &Pool, user: &User) -> Result<(), Error> {
    let counts = |name: &&str| pool.auto_verifies(name);
    match VERIFIABLE.iter().filter(|name| counts(name)).any(|name| user.is_verified(name)) {
        true => Ok(()),
        false => Err(fault(
            "The User Record does not set any of the auto verified attributes to true. (Example: \
             email_verified to true).",
        )),
    }
}

fn second_factor(user: &mut User, is_enabled: &str) -> Result<(), Error> {
    match is_enabled.to_ascii_lowercase().as_str() {
        "" | "false" => Ok(()),
        "true" => {
            let text = MFAOptionType {
                delivery_medium: Some(DeliveryMedium::Sms),
                attribute_name: Some("phone_number".into()),
            };
            user.set_mfa_options([text].into())
        }
        _ => Err(fault("The value of cognito:mfa_enabled is neither true nor false.")),
    }
}

fn credential(
    cx: &Cx,
    pool: &Pool,
    job: &ImportJob,
    (user, hash): (&User, &str),
) -> Result<Option<Credential>, Error> {
    if hash.is_empty() {
        return Ok(None);
    }
    let is_wanted = |hash: &PasswordHash| Some(hash.algorithm()) == job.algorithm;
    if !PasswordHash::parse(hash).is_some_and(|hash| is_wanted(&hash)) {
        let message = "The value of password_hash is no hash of the algorithm of the import job.";
        return Err(fault(message));
    }
    Credential::imported(cx, pool.owner(user), hash)
}

/// Whether the user can sign in without a password at once.
fn has_factor(pool: &Pool, user: &User) -> bool {
    pool.first_factors().iter().any(|factor| match factor {
        AuthFactor::EmailOtp => user.is_verified("email"),
        AuthFactor::SmsOtp => user.is_verified("phone_number"),
        _ => false,
    })
}

fn fault(message: &'static str) -> Error {
    Error::saying(Code::InvalidParameter, message)
}

/// Whether an error says that a line is wrong, and not that something else is.
pub(crate) fn is_fault(error: &Error) -> bool {
    !matches!(error.code, Code::Internal | Code::InternalServer | Code::ServiceUnavailable)
}

/// Why a line failed; nothing of what it holds.
pub(crate) fn reason(error: &Error) -> String {
    error.message.to_string()
}
