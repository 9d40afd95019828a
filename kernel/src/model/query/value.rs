//! Values that are compared.

use alloc::string::String;
use core::cmp::Ordering;

use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::Kind;

/// A value, of one kind.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Value {
    Flag(bool),
    /// Milliseconds since 1970; what was before is 1970.
    Moment(u64),
    Number(Decimal),
    Text(String),
}

/// So much of a text says where it stands in an order.
const RANK_CHARS: usize = 128;

impl Value {
    /// What a text stands for, if it is no text that is wanted.
    pub(crate) fn read(kind: Kind, text: &str) -> Option<Self> {
        match kind {
            Kind::Flag => match text {
                "true" => Some(Self::Flag(true)),
                "false" => Some(Self::Flag(false)),
                _ => None,
            },
            Kind::Moment => moment(text).map(Self::Moment),
            Kind::Number => Decimal::read(text).map(Self::Number),
            Kind::Text => Some(Self::Text(text.into())),
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Flag(_) => Kind::Flag,
            Self::Moment(_) => Kind::Moment,
            Self::Number(_) => Kind::Number,
            Self::Text(_) => Kind::Text,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// As much of it as says where it stands in an order.
    pub(super) fn shortened(self) -> Self {
        match self {
            Self::Text(text) => Self::Text(text.chars().take(RANK_CHARS).collect()),
            value => value,
        }
    }
}

/// A moment of RFC 3339, a day, or seconds since 1970.
fn moment(text: &str) -> Option<u64> {
    if let Ok(seconds) = text.parse::<u64>() {
        return seconds.checked_mul(1000);
    }
    let day = time::macros::format_description!("[year]-[month]-[day]");
    let at = OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| time::Date::parse(text, day).map(|date| date.midnight().assume_utc()));
    let ms = at.ok()?.unix_timestamp_nanos() / 1_000_000;
    Some(u64::try_from(ms).unwrap_or(0))
}

/// A number as it was written, so that none is too large or too fine to be compared.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Decimal {
    is_negative: bool,
    /// Without zeros before it.
    whole: String,
    /// Without zeros after it.
    part: String,
}

impl Decimal {
    fn read(text: &str) -> Option<Self> {
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        if !are_digits(whole) || !are_digits(part) {
            return None;
        }
        let whole = String::from(whole.trim_start_matches('0'));
        let part = String::from(part.trim_end_matches('0'));
        // Nothing is not below nothing.
        let is_negative = is_negative && !(whole.is_empty() && part.is_empty());
        Some(Self { is_negative, whole, part })
    }

    fn size(&self) -> (usize, &str, &str) {
        (self.whole.len(), &self.whole, &self.part)
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_negative, other.is_negative) {
            (false, false) => self.size().cmp(&other.size()),
            (true, true) => other.size().cmp(&self.size()),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::Random;

    fn number(text: &str) -> Value {
        Value::read(Kind::Number, text).unwrap()
    }

    #[test]
    fn numbers_compare_as_numbers_do_however_they_are_written() {
        let ascending = ["-10.5", "-10", "-9", "-0.1", "0", "0.05", "0.5", "1", "9", "10", "10.25"];
        for pair in ascending.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{pair:?}");
        }
        for (one, same) in [("007", "7"), ("-0", "0"), ("1.50", "1.5"), ("2.0", "2")] {
            assert!(number(one) == number(same), "{one}");
        }
        let large = "123456789012345678901234567890";
        assert!(number(large) < number(&[large, ".000000000000000000001"].concat()));
        for none in ["", "-", ".", "1.", ".5", "1e3", "+1", "1 ", "٣"] {
            assert!(Value::read(Kind::Number, none).is_none(), "{none}");
        }
    }

    #[test]
    fn numbers_that_floats_can_tell_apart_stand_as_floats_do() {
        let random = Random::new([7; 32]);
        let draw = || {
            let sign = if random.below(2) == 0 { "-" } else { "" };
            let [whole, part] = [random.below(2_000), random.below(100)];
            alloc::format!("{sign}{whole}.{part:02}")
        };
        for _ in 0..2_000 {
            let (one, other) = (draw(), draw());
            let floats = [&one, &other].map(|text| text.parse::<f64>().unwrap());
            let order = number(&one).cmp(&number(&other));
            assert_eq!(Some(order), floats[0].partial_cmp(&floats[1]), "{one} {other}");
        }
    }

    #[test]
    fn a_moment_is_the_same_however_it_is_written() {
        let read = |text| moment(text);
        let same =
            ["2026-11-25T00:00:00Z", "2026-11-25T01:00:00+01:00", "2026-11-25", "1795564800"];
        for text in same {
            assert_eq!(read(text), Some(1_795_564_800_000), "{text}");
        }
        assert_eq!(read("2026-11-25T00:00:00.25Z"), Some(1_795_564_800_250));
        assert_eq!(read("1969-01-01"), Some(0));
        for none in ["", "yesterday", "2026-13-01", "2026-11-25T00:00:00", "99999999999999999999"] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
