//! Does a value fit its attribute?

use alloc::{format, string::String};

use crate::{
    error::{Code, Error},
    shapes::{AttributeDataType, SchemaAttributeType},
};

/// Cognito's quota, whatever the schema says.
const BYTES_MAX: usize = 2048;

/// What is wrong with the value of an attribute, by its schema and its name.
///
/// # Errors
/// `InvalidParameterException` where Cognito says what is wrong without speaking of the schema.
pub(super) fn fault(
    schema: &SchemaAttributeType,
    name: &str,
    value: &mut str,
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
    if value.len() > BYTES_MAX {
        return Ok(Some(format!("Attribute value cannot have more than {BYTES_MAX} bytes")));
    }
    Ok(match schema.attribute_data_type {
        Some(AttributeDataType::Boolean) => boolean(value),
        Some(AttributeDataType::DateTime) => date_time(value),
        Some(AttributeDataType::Number) => number(schema, value),
        Some(AttributeDataType::String) | None => string(schema, value),
    })
}

/// A truth value in any case, which is stored in lower case.
fn boolean(value: &mut str) -> Option<String> {
    value.make_ascii_lowercase();
    (!matches!(&*value, "true" | "false")).then(|| "Value must be true or false".into())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::{NumberAttributeConstraintsType, StringAttributeConstraintsType};

    fn of(data_type: AttributeDataType) -> SchemaAttributeType {
        SchemaAttributeType {
            attribute_data_type: Some(data_type),
            ..SchemaAttributeType::default()
        }
    }

    /// Whether a value fits an attribute.
    fn fits(schema: &SchemaAttributeType, name: &str, value: &str) -> bool {
        fault(schema, name, &mut String::from(value)).is_ok_and(|fault| fault.is_none())
    }

    #[test]
    fn e_mail_addresses_have_a_name_and_a_host() {
        for good in
            ["a@b", "ann@example.com", "a.b+c@x.example.com", "o'neil@example.com", "é@exämple.com"]
        {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "ann",
            "@",
            "ann@",
            "@example.com",
            "a b@example.com",
            ".a@example.com",
            "a..b@example.com",
            "a@example..com",
            "a@-example.com",
            "a@b@example.com",
            "a@exam_ple.com",
            "a@example.com\n",
            "<a>@example.com",
            "a,b@example.com",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn phone_numbers_are_e_164() {
        for good in ["+12065550100", "+1", "+123456789012345"] {
            assert!(is_phone_number(good), "{good}");
        }
        for bad in
            ["", "+", "12065550100", "+0206555", "+1 206", "+1234567890123456", "+1a", "+１２"]
        {
            assert!(!is_phone_number(bad), "{bad}");
        }
    }

    #[test]
    fn addresses_have_messages_of_their_own() {
        let message = |name: &str| {
            let fault = fault(&of(AttributeDataType::String), name, &mut String::from("nope"));
            fault.unwrap_err().message
        };
        assert_eq!(message("email"), "Invalid email address format.");
        assert_eq!(message("phone_number"), "Invalid phone number format.");
    }

    #[test]
    fn a_birthdate_is_a_day_of_the_calendar() {
        let schema = of(AttributeDataType::String);
        assert!(fits(&schema, "birthdate", "2000-02-29"));
        for bad in ["2001-02-29", "2000-13-01", "20000229", "29/02/2000", "2000-2-9", "nineteen99"]
        {
            assert!(!fits(&schema, "birthdate", bad), "{bad}");
        }
        assert!(fits(&schema, "custom:birthdate", "nineteen99"));
    }

    #[test]
    fn strings_are_bounded_in_characters() {
        let bounds = StringAttributeConstraintsType {
            min_length: Some("2".into()),
            max_length: Some("3".into()),
        };
        let schema = SchemaAttributeType {
            string_attribute_constraints: Some(bounds),
            ..of(AttributeDataType::String)
        };
        for (value, expected) in [("a", false), ("ab", true), ("äöü", true), ("abcd", false)] {
            assert_eq!(fits(&schema, "custom:x", value), expected, "{value}");
        }
    }

    #[test]
    fn numbers_are_bounded_by_value() {
        let bounds = NumberAttributeConstraintsType {
            min_value: Some("-1".into()),
            max_value: Some("150".into()),
        };
        let schema = SchemaAttributeType {
            number_attribute_constraints: Some(bounds),
            ..of(AttributeDataType::Number)
        };
        for good in ["-1", "0", "007", "1.5", "150", "150.0"] {
            assert!(fits(&schema, "custom:x", good), "{good}");
        }
        for bad in ["-2", "151", "150.1", "", "-", "1.", ".5", "1e2", "0x1", "NaN", "inf", "1 "] {
            assert!(!fits(&schema, "custom:x", bad), "{bad}");
        }
    }

    #[test]
    fn truth_values_and_moments_have_their_forms() {
        let truth = of(AttributeDataType::Boolean);
        for (value, expected) in [("true", true), ("FALSE", true), ("1", false), ("yes", false)] {
            assert_eq!(fits(&truth, "custom:x", value), expected, "{value}");
        }
        let moment = of(AttributeDataType::DateTime);
        for good in
            ["1795000000", "2026-11-23", "2026-11-23T10:00:00Z", "2026-11-23T10:00:00+01:00"]
        {
            assert!(fits(&moment, "custom:x", good), "{good}");
        }
        for bad in ["soon", "2026-02-30", "-1", "2026-11-23 10:00"] {
            assert!(!fits(&moment, "custom:x", bad), "{bad}");
        }
    }
}
