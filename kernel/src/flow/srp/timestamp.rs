//! The timestamp of an SRP proof: `EEE MMM d HH:mm:ss z yyyy`, in English.

use alloc::{format, string::String};

use crate::error::{Code, Error};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The same moment as it is signed: names capitalised, the day without a leading zero.
///
/// # Errors
/// `InvalidParameterException` for any other form.
pub(super) fn canonical(given: &str) -> Result<String, Error> {
    parse(given).ok_or_else(|| {
        let message = "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.";
        Error::saying(Code::InvalidParameter, message)
    })
}

fn parse(given: &str) -> Option<String> {
    let mut parts = given.split(' ');
    let weekday = named(&DAYS, parts.next()?)?;
    let month = named(&MONTHS, parts.next()?)?;
    let day = number(parts.next()?, 1..=2, 31).filter(|day| *day > 0)?;
    let mut clock = parts.next()?.split(':');
    let hour = number(clock.next()?, 2..=2, 23)?;
    let minute = number(clock.next()?, 2..=2, 59)?;
    let second = number(clock.next()?, 2..=2, 60)?;
    let zone = parts.next().filter(|zone| matches!(*zone, "UTC" | "GMT"))?;
    let year = number(parts.next()?, 4..=4, 9999)?;
    if clock.next().is_some() || parts.next().is_some() {
        return None;
    }
    Some(format!("{weekday} {month} {day} {hour:02}:{minute:02}:{second:02} {zone} {year:04}"))
}

fn named<'a>(names: &[&'a str], given: &str) -> Option<&'a str> {
    names.iter().copied().find(|name| name.eq_ignore_ascii_case(given))
}

fn number(given: &str, digits: core::ops::RangeInclusive<usize>, max: u32) -> Option<u32> {
    let is_number = digits.contains(&given.len()) && given.bytes().all(|c| c.is_ascii_digit());
    given.parse().ok().filter(|number| is_number && *number <= max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sdks_send_is_taken_and_rendered_as_it_is_signed() {
        for (given, canonical_form) in [
            ("Tue Nov 3 08:05:09 UTC 2026", "Tue Nov 3 08:05:09 UTC 2026"),
            ("tue NOV 03 08:05:09 GMT 2026", "Tue Nov 3 08:05:09 GMT 2026"),
        ] {
            assert_eq!(canonical(given).unwrap(), canonical_form);
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for given in [
            "",
            "2026-11-03T08:05:09Z",
            "Tue Nov 3 08:05:09 utc 2026",
            "Tue Nov 3 08:05:09 UTC 26",
            "Tue Nov 32 08:05:09 UTC 2026",
            "Tue Nov 3 8:05:09 UTC 2026",
            "Di Nov 3 08:05:09 UTC 2026",
            "Tue Nov +3 08:05:09 UTC 2026",
            "Tue Nov 3 08:05:09 UTC 2026 ",
        ] {
            assert_eq!(canonical(given).unwrap_err().code, Code::InvalidParameter, "{given}");
        }
    }
}
