//! Does a request keep to its shape, and in which words does AWS say that it doesn't?
//!
//! A value of another JSON type ends the walk at once; everything else is collected, so that a
//! caller learns of all faults together.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Fault, Field, Json, Kind, Map, Shape, wire::whole};

/// Everything in which `value` departs from `shape`.
pub fn check(shape: &'static Shape, value: &Json) -> Result<(), Fault> {
    let mut walk = Walk { faults: Vec::new() };
    walk.value("", shape, value)?;
    if walk.faults.is_empty() { Ok(()) } else { Err(Fault::Broken(walk.faults)) }
}

/// All faults in the sentence that a caller gets: `2 validation errors detected: …; …`.
#[must_use]
pub fn summary(faults: &[String]) -> String {
    let plural = if faults.len() == 1 { "" } else { "s" };
    format!("{} validation error{plural} detected: {}", faults.len(), faults.join("; "))
}

struct Walk {
    faults: Vec<String>,
}

impl Walk {
    fn value(&mut self, path: &str, shape: &Shape, value: &Json) -> Result<(), Fault> {
        typed(shape, value)?;
        for rule in rules(&shape.kind).into_iter().flatten() {
            if !rule.holds(value) {
                self.fault(path, &shown(shape, value), &rule);
            }
        }
        match (&shape.kind, value) {
            (Kind::Structure { fields }, Json::Object(members)) => {
                self.members(path, fields, members)
            }
            (Kind::List { of, .. }, Json::Array(items)) => self.items(path, shape, of, items),
            (Kind::Map { key, value, .. }, Json::Object(entries)) => {
                self.entries(path, shape, (key, value), entries)
            }
            _ => Ok(()),
        }
    }

    fn members(
        &mut self,
        path: &str,
        fields: &[Field],
        members: &Map<String, Json>,
    ) -> Result<(), Fault> {
        for field in fields {
            let path = join(path, &lower_camel(field.name));
            match members.get(field.name) {
                None | Some(Json::Null) if field.required => {
                    let shown = if field.shape.sensitive { "" } else { " null" };
                    self.fault(&path, shown, &"not be null");
                }
                None | Some(Json::Null) => {}
                Some(value) => self.value(&path, field.shape, value)?,
            }
        }
        Ok(())
    }

    fn items(&mut self, path: &str, list: &Shape, of: &Shape, items: &[Json]) -> Result<(), Fault> {
        let mut all_hold = true;
        for (index, item) in items.iter().enumerate().filter(|(_, item)| !item.is_null()) {
            if of.is_scalar() {
                typed(of, item)?;
                all_hold &= holds(of, item);
            } else {
                self.value(&join(path, &format!("{}.member", index + 1)), of, item)?;
            }
        }
        if !all_hold {
            let whole = Json::Array(items.to_vec());
            self.fault(path, &shown(list, &whole), &format!("satisfy constraint: {}", every(of)));
        }
        Ok(())
    }

    fn entries(
        &mut self,
        path: &str,
        map: &Shape,
        (key_shape, value_shape): (&Shape, &Shape),
        entries: &Map<String, Json>,
    ) -> Result<(), Fault> {
        let (mut keys_hold, mut values_hold) = (true, true);
        for (key, value) in entries.iter().filter(|(_, value)| !value.is_null()) {
            keys_hold &= holds(key_shape, &Json::from(key.as_str()));
            if value_shape.is_scalar() {
                typed(value_shape, value)?;
                values_hold &= holds(value_shape, value);
            } else {
                self.value(&join(path, &format!("{key}.member")), value_shape, value)?;
            }
        }
        for (hold, what, shape) in
            [(keys_hold, "keys", key_shape), (values_hold, "value", value_shape)]
        {
            if !hold {
                let shown = shown(map, &Json::Object(entries.clone()));
                self.faults.push(format!(
                    "Value{shown} at '{path}' failed to satisfy constraint: Map {what} must satisfy \
                     constraint: {}",
                    every(shape)
                ));
            }
        }
        Ok(())
    }

    fn fault(&mut self, path: &str, shown: &str, must: &dyn fmt::Display) {
        self.faults.push(format!(
            "Value{shown} at '{path}' failed to satisfy constraint: Member must {must}"
        ));
    }
}

impl Shape {
    fn is_scalar(&self) -> bool {
        !matches!(self.kind, Kind::Structure { .. } | Kind::List { .. } | Kind::Map { .. })
    }
}

/// One thing that a value must do, in AWS's words.
enum Rule {
    LengthAtLeast(u32),
    LengthAtMost(u32),
    OneOf(&'static [&'static str]),
    Pattern(&'static str, fn(&str) -> bool),
    ValueAtLeast(i64),
    ValueAtMost(i64),
}

impl Rule {
    fn holds(&self, value: &Json) -> bool {
        match self {
            Self::LengthAtLeast(min) => length(value) >= *min as usize,
            Self::LengthAtMost(max) => length(value) <= *max as usize,
            Self::OneOf(values) => value.as_str().is_some_and(|word| values.contains(&word)),
            Self::Pattern(_, matches) => value.as_str().is_some_and(matches),
            Self::ValueAtLeast(min) => whole(value).is_some_and(|number| number >= *min),
            Self::ValueAtMost(max) => whole(value).is_some_and(|number| number <= *max),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LengthAtLeast(min) => write!(f, "have length greater than or equal to {min}"),
            Self::LengthAtMost(max) => write!(f, "have length less than or equal to {max}"),
            Self::OneOf(values) => write!(f, "satisfy enum value set: [{}]", values.join(", ")),
            Self::Pattern(pattern, _) => write!(f, "satisfy regular expression pattern: {pattern}"),
            Self::ValueAtLeast(min) => write!(f, "have value greater than or equal to {min}"),
            Self::ValueAtMost(max) => write!(f, "have value less than or equal to {max}"),
        }
    }
}

/// What a shape asks of its own values, leaving out what always holds.
fn rules(kind: &Kind) -> [Option<Rule>; 3] {
    let lengths = |min: u32, max: u32| {
        (
            (max < u32::MAX).then_some(Rule::LengthAtMost(max)),
            (min > 0).then_some(Rule::LengthAtLeast(min)),
        )
    };
    match *kind {
        Kind::Text { min, max, pattern, matches } => {
            let (at_most, at_least) = lengths(min, max);
            let pattern = (!pattern.is_empty()).then_some(Rule::Pattern(pattern, matches));
            [at_most, at_least, pattern]
        }
        Kind::Blob { min, max } | Kind::List { min, max, .. } | Kind::Map { min, max, .. } => {
            let (at_most, at_least) = lengths(min, max);
            [at_most, at_least, None]
        }
        Kind::Integer { min, max } | Kind::Long { min, max } => {
            [Some(Rule::ValueAtMost(max)), Some(Rule::ValueAtLeast(min)), None]
        }
        Kind::Choice { values } => [Some(Rule::OneOf(values)), None, None],
        Kind::Boolean
        | Kind::Document
        | Kind::Double
        | Kind::Structure { .. }
        | Kind::Timestamp => [None, None, None],
    }
}

fn holds(shape: &Shape, value: &Json) -> bool {
    rules(&shape.kind).iter().flatten().all(|rule| rule.holds(value))
}

/// All that a shape asks: AWS lists it whole when one item of a list or map falls short.
fn every(shape: &Shape) -> String {
    let rules: Vec<String> =
        rules(&shape.kind).iter().flatten().map(|rule| format!("Member must {rule}")).collect();
    format!("[{}]", rules.join(", "))
}

fn length(value: &Json) -> usize {
    match value {
        Json::String(text) => text.chars().count(),
        Json::Array(items) => items.len(),
        Json::Object(entries) => entries.len(),
        _ => 0,
    }
}

/// Whether a value has the JSON type of its shape.
fn typed(shape: &Shape, value: &Json) -> Result<(), Fault> {
    let wanted = match (&shape.kind, value) {
        (Kind::Text { .. } | Kind::Choice { .. }, Json::String(_))
        | (Kind::Boolean, Json::Bool(_))
        | (Kind::Double | Kind::Timestamp, Json::Number(_))
        | (Kind::List { .. }, Json::Array(_))
        | (Kind::Map { .. } | Kind::Structure { .. }, Json::Object(_))
        | (Kind::Document, _) => return Ok(()),
        (Kind::Integer { .. } | Kind::Long { .. }, Json::Number(_)) if whole(value).is_some() => {
            return Ok(());
        }
        (Kind::Blob { .. }, Json::String(text)) if STANDARD.decode(text).is_ok() => return Ok(()),
        (_, Json::Array(_)) => return mistyped("Start of list found where not expected"),
        (_, Json::Object(_)) => {
            return mistyped("Start of structure or map found where not expected.");
        }
        (Kind::List { .. }, _) => return mistyped("Expected list or null"),
        (Kind::Map { .. } | Kind::Structure { .. }, _) => return mistyped("Expected null"),
        (Kind::Text { .. } | Kind::Choice { .. }, _) => "a String",
        (Kind::Boolean, _) => "a Boolean",
        (Kind::Integer { .. }, _) => "an Integer",
        (Kind::Long { .. }, _) => "a Long",
        (Kind::Double, _) => "a Double",
        (Kind::Timestamp, _) => "milliseconds since epoch",
        (Kind::Blob { .. }, _) => "a Blob",
    };
    let found = match value {
        Json::Bool(true) => "TRUE_VALUE",
        Json::Bool(false) => "FALSE_VALUE",
        Json::Number(_) => "NUMBER_VALUE",
        _ => "STRING_VALUE",
    };
    mistyped(&format!("{found} can not be converted to {wanted}"))
}

fn mistyped(sentence: &str) -> Result<(), Fault> {
    Err(Fault::Mistyped(sentence.into()))
}

/// ` 'value'` as AWS shows it, or nothing for what is sensitive or has structures in it.
fn shown(shape: &Shape, value: &Json) -> String {
    plain(shape, value).map_or_else(String::new, |text| format!(" '{text}'"))
}

fn plain(shape: &Shape, value: &Json) -> Option<String> {
    if shape.sensitive {
        return None;
    }
    match (&shape.kind, value) {
        (Kind::Structure { .. }, _) => None,
        (Kind::List { of, .. }, Json::Array(items)) => {
            let items: Option<Vec<String>> = items.iter().map(|item| plain(of, item)).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        (Kind::Map { key: _, value: of, .. }, Json::Object(entries)) => {
            let entries =
                entries.iter().map(|(key, value)| Some(format!("{key}={}", plain(of, value)?)));
            Some(format!("{{{}}}", entries.collect::<Option<Vec<String>>>()?.join(", ")))
        }
        (_, Json::String(text)) => Some(text.clone()),
        (_, other) => Some(other.to_string()),
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.into() } else { format!("{path}.{name}") }
}

fn lower_camel(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
