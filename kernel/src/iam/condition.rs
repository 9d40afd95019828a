//! Conditions of statements.

use alloc::{string::String, vec::Vec};
use core::net::IpAddr;

use time::{
    Date, OffsetDateTime, PrimitiveDateTime, format_description::well_known::Rfc3339,
    macros::format_description,
};

use super::{Context, pattern};

/// One key and what is asked of its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    set: Option<SetOperator>,
    test: Test,
    is_negated: bool,
    if_exists: bool,
    key: String,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SetOperator {
    ForAllValues,
    ForAnyValue,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    Address,
    Arn,
    Binary,
    Boolean,
    Date(Order),
    Equals,
    EqualsIgnoringCase,
    Like,
    Null,
    Number(Order),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Equals,
    Less,
    LessOrEquals,
    More,
    MoreOrEquals,
}

impl Condition {
    /// Reads `{set}:{operator}{IfExists}`.
    pub(super) fn new(operator: &str, key: &str, values: Vec<String>) -> Option<Self> {
        let (set, operator) = match operator.split_once(':') {
            Some(("ForAllValues", operator)) => (Some(SetOperator::ForAllValues), operator),
            Some(("ForAnyValue", operator)) => (Some(SetOperator::ForAnyValue), operator),
            Some(_) => return None,
            None => (None, operator),
        };
        let (operator, if_exists) = match operator.strip_suffix("IfExists") {
            Some(operator) => (operator, true),
            None => (operator, false),
        };
        let (test, is_negated) = test(operator)?;
        if test == Test::Null && if_exists {
            return None;
        }
        Some(Self { set, test, is_negated, if_exists, key: key.into(), values })
    }

    pub(super) fn is_met(&self, context: &Context) -> bool {
        let found = context.values(&self.key).filter(|values| !values.is_empty());
        if self.test == Test::Null {
            let wanted = self.values.iter().any(|value| value.eq_ignore_ascii_case("true"));
            return found.is_none() == wanted;
        }
        let Some(found) = found else {
            return self.if_exists
                || match self.set {
                    Some(SetOperator::ForAllValues) => true,
                    Some(SetOperator::ForAnyValue) => false,
                    None => self.is_negated,
                };
        };
        let passes = |value: &String| self.matches_one(value, context) != self.is_negated;
        match self.set {
            Some(SetOperator::ForAnyValue) => found.iter().any(passes),
            Some(SetOperator::ForAllValues) => found.iter().all(passes),
            // Of several values none may be what must not be, and one is enough to be what must.
            None if self.is_negated => found.iter().all(passes),
            None => found.iter().any(passes),
        }
    }

    fn matches_one(&self, value: &str, context: &Context) -> bool {
        self.values.iter().any(|wanted| self.test.is_met(value, wanted, context))
    }
}

fn test(operator: &str) -> Option<(Test, bool)> {
    Some(match operator {
        "ArnEquals" | "ArnLike" => (Test::Arn, false),
        "ArnNotEquals" | "ArnNotLike" => (Test::Arn, true),
        "BinaryEquals" => (Test::Binary, false),
        "Bool" => (Test::Boolean, false),
        "IpAddress" => (Test::Address, false),
        "NotIpAddress" => (Test::Address, true),
        "Null" => (Test::Null, false),
        "StringEquals" => (Test::Equals, false),
        "StringEqualsIgnoreCase" => (Test::EqualsIgnoringCase, false),
        "StringLike" => (Test::Like, false),
        "StringNotEquals" => (Test::Equals, true),
        "StringNotEqualsIgnoreCase" => (Test::EqualsIgnoringCase, true),
        "StringNotLike" => (Test::Like, true),
        _ => {
            if let Some(order) = operator.strip_prefix("Date") {
                let (order, is_negated) = order_of(order)?;
                (Test::Date(order), is_negated)
            } else {
                let (order, is_negated) = order_of(operator.strip_prefix("Numeric")?)?;
                (Test::Number(order), is_negated)
            }
        }
    })
}

fn order_of(word: &str) -> Option<(Order, bool)> {
    Some(match word {
        "Equals" => (Order::Equals, false),
        "NotEquals" => (Order::Equals, true),
        "LessThan" => (Order::Less, false),
        "LessThanEquals" => (Order::LessOrEquals, false),
        "GreaterThan" => (Order::More, false),
        "GreaterThanEquals" => (Order::MoreOrEquals, false),
        _ => return None,
    })
}

impl Order {
    fn holds<T: PartialOrd>(self, value: &T, wanted: &T) -> bool {
        match self {
            Self::Equals => value == wanted,
            Self::Less => value < wanted,
            Self::LessOrEquals => value <= wanted,
            Self::More => value > wanted,
            Self::MoreOrEquals => value >= wanted,
        }
    }
}

impl Test {
    fn is_met(self, value: &str, wanted: &str, context: &Context) -> bool {
        let expanded = || pattern::expanded(wanted, context);
        match self {
            Self::Arn => is_arn_like(value, wanted, context),
            Self::Address => is_within(value, wanted),
            Self::Binary => value == wanted,
            Self::Boolean => value.eq_ignore_ascii_case(wanted),
            Self::Date(order) => moment(value)
                .zip(moment(wanted))
                .is_some_and(|(value, wanted)| order.holds(&value, &wanted)),
            Self::Equals => expanded().is_some_and(|wanted| wanted == value),
            Self::EqualsIgnoringCase => {
                expanded().is_some_and(|wanted| wanted.to_lowercase() == value.to_lowercase())
            }
            Self::Like => pattern::matches(wanted, value, context),
            Self::Null => false,
            Self::Number(order) => {
                let number = |text: &str| text.parse::<f64>().ok().filter(|n| n.is_finite());
                number(value)
                    .zip(number(wanted))
                    .is_some_and(|(value, wanted)| order.holds(&value, &wanted))
            }
        }
    }
}

/// Whether each of the six parts of an ARN matches that of the other.
pub(super) fn is_arn_like(value: &str, wanted: &str, context: &Context) -> bool {
    if wanted == "*" {
        return true;
    }
    let (Some(value), Some(wanted)) = (parts(value, false), parts(wanted, true)) else {
        return false;
    };
    wanted.iter().zip(&value).all(|(wanted, value)| pattern::matches(wanted, value, context))
}

/// The six parts of an ARN; a colon in a variable's name parts nothing.
fn parts(arn: &str, has_variables: bool) -> Option<Vec<&str>> {
    let (mut parts, mut start, mut is_inside) = (Vec::new(), 0, false);
    for (at, char) in arn.char_indices() {
        let opens = arn.get(at..).is_some_and(|rest| rest.starts_with("${"));
        is_inside = has_variables && (opens || (is_inside && char != '}'));
        if char == ':' && !is_inside && parts.len() < 5 {
            parts.push(arn.get(start..at)?);
            start = at + 1;
        }
    }
    parts.push(arn.get(start..)?);
    (parts.len() == 6).then_some(parts)
}

/// Whether an address is within a range such as `203.0.113.0/24`, or is that very one.
fn is_within(value: &str, range: &str) -> bool {
    let (network, length) = match range.split_once('/') {
        Some((network, length)) => (network, length.parse::<u32>().ok()),
        None => (range, Some(128)),
    };
    let (Ok(value), Ok(network), Some(length)) =
        (value.parse::<IpAddr>(), network.parse::<IpAddr>(), length)
    else {
        return false;
    };
    let top = |bits: u128, width: u32| {
        let kept = length.min(width);
        bits.checked_shr(width - kept).unwrap_or(0)
    };
    match (value, network) {
        (IpAddr::V4(value), IpAddr::V4(network)) => {
            let bits = |address: core::net::Ipv4Addr| u128::from(u32::from(address));
            top(bits(value), 32) == top(bits(network), 32)
        }
        (IpAddr::V6(value), IpAddr::V6(network)) => {
            top(u128::from(value), 128) == top(u128::from(network), 128)
        }
        _ => false,
    }
}

/// Seconds since 1970, from a number or from an ISO 8601 date.
fn moment(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse::<i64>() {
        return Some(seconds);
    }
    if let Ok(moment) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(moment.unix_timestamp());
    }
    let day = format_description!("[year]-[month]-[day]");
    let minute = format_description!("[year]-[month]-[day]T[hour]:[minute]Z");
    let date = Date::parse(text, &day).map(|date| date.midnight().assume_utc());
    let date = date
        .or_else(|_| PrimitiveDateTime::parse(text, &minute).map(PrimitiveDateTime::assume_utc));
    date.ok().map(OffsetDateTime::unix_timestamp)
}
