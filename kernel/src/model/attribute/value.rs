//! Does a value fit its attribute?

use alloc::{format, string::String};

use crate::{
    error::{Code, Error},
    shapes::{AttributeDataType, SchemaAttributeType},
};

/// What is wrong with the value of an attribute, by its schema and its name.
///
/// # Errors
/// `InvalidParameterException` where Cognito says what is wrong without speaking of the schema.
pub(super) fn fault(
    schema: &SchemaAttributeType,
    name: &str,
    value: &mut String,
) -> Result<Option<String>, Error> {
    match name {
        "email" if !is_email(value) => {
            return Err(Error::saying(Code::InvalidParameter, "Invalid email address format."));
        }
        "phone_number" if !is_phone_number(value) => {
            return Err(Error::saying(Code::InvalidParameter, "Invalid phone number format."));
        }
        "birthdate" if !is_date(value) => {
            return Ok(Some("Birthdate must be a date of the form YYYY-MM-DD".into()));
        }
        _ => {}
    }
    Ok(match schema.attribute_data_type {
        Some(AttributeDataType::Boolean) => boolean(value),
        Some(AttributeDataType::DateTime) => date_time(value),
        Some(AttributeDataType::Number) => number(schema, value),
        Some(AttributeDataType::String) | None => string(schema, value),
    })
}

/// A truth value in any case, which is stored in lower case.
pub(super) fn boolean(value: &mut String) -> Option<String> {
    value.make_ascii_lowercase();
    (!matches!(value.as_str(), "true" | "false")).then(|| "Value must be true or false".into())
}

/// Something, `@`, something with nothing but what e-mail addresses hold (RFC 5321 §4.1.2, without
/// quoted names; letters of every script, RFC 6531 §3.3).
pub(crate) fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let is_atom =
        |c: char| c.is_alphanumeric() || !c.is_ascii() || "!#$%&'*+/=?^_`{|}~-".contains(c);
    let is_label = |label: &str| {
        let is_part = |c: char| c.is_alphanumeric() || c == '-' || !c.is_ascii();
        !label.is_empty() && label.chars().all(is_part) && !label.starts_with('-')
    };
    let has_space = text.chars().any(|c| c.is_whitespace() || c.is_control());
    !has_space
        && name.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom))
        && host.split('.').all(is_label)
}

/// E.164: `+`, then at most 15 digits, of which the first is not 0.
pub(crate) fn is_phone_number(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else { return false };
    (1..=15).contains(&digits.len())
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && !digits.starts_with('0')
}

/// A day of the calendar as `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let form = time::macros::format_description!("[year]-[month]-[day]");
    text.len() == 10 && time::Date::parse(text, form).is_ok()
}

/// Seconds since 1970, a day, or a moment of RFC 3339.
fn date_time(value: &str) -> Option<String> {
    let is_epoch = !value.is_empty() && value.bytes().all(|digit| digit.is_ascii_digit());
    let rfc3339 = &time::format_description::well_known::Rfc3339;
    let is_moment = time::OffsetDateTime::parse(value, rfc3339).is_ok();
    (!(is_epoch || is_moment || is_date(value))).then(|| "Value must be a date and time".into())
}

fn number(schema: &SchemaAttributeType, value: &str) -> Option<String> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    if !are_digits(whole) || !are_digits(part) {
        return Some("Value must be a number".into());
    }
    let read = |text: &str| text.parse::<f64>().ok();
    let bounds = schema.number_attribute_constraints.as_ref();
    let least = bounds.and_then(|bounds| bounds.min_value.as_deref()).and_then(read);
    let most = bounds.and_then(|bounds| bounds.max_value.as_deref()).and_then(read);
    let value = read(value)?;
    match (least, most) {
        (Some(least), _) if value < least => {
            Some(format!("Number must be greater than or equal to {least}"))
        }
        (_, Some(most)) if value > most => {
            Some(format!("Number must be less than or equal to {most}"))
        }
        _ => None,
    }
}

fn string(schema: &SchemaAttributeType, value: &str) -> Option<String> {
    let read = |text: &str| text.parse::<usize>().ok();
    let bounds = schema.string_attribute_constraints.as_ref();
    let least = bounds.and_then(|bounds| bounds.min_length.as_deref()).and_then(read);
    let most = bounds.and_then(|bounds| bounds.max_length.as_deref()).and_then(read);
    let len = value.chars().count();
    match (least, most) {
        (Some(least), _) if len < least => {
            Some(format!("String must have at least {least} characters"))
        }
        (_, Some(most)) if len > most => {
            Some(format!("String must have at most {most} characters"))
        }
        _ => None,
    }
}
