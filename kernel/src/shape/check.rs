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
    walk.value(&Place { step: Step::Root, is_hidden: false }, shape, value)?;
    if walk.faults.is_empty() { Ok(()) } else { Err(Fault::Broken(walk.faults)) }
}

/// All faults in the sentence that a caller gets: `2 validation errors detected: …; …`.
#[must_use]
pub fn summary(faults: &[String]) -> String {
    let plural = if faults.len() == 1 { "" } else { "s" };
    format!("{} validation error{plural} detected: {}", faults.len(), faults.join("; "))
}

/// Where in a request the walk is; spelled out only when there is a fault to report.
struct Place<'a> {
    step: Step<'a>,
    /// Whether this is inside something sensitive.
    is_hidden: bool,
}

enum Step<'a> {
    Entry(&'a Place<'a>, &'a str),
    Item(&'a Place<'a>, usize),
    Member(&'a Place<'a>, &'a str),
    Root,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            Step::Entry(parent, key) => write!(f, "{parent}.{key}.member"),
            Step::Item(parent, index) => write!(f, "{parent}.{}.member", index + 1),
            Step::Member(parent, name) if matches!(parent.step, Step::Root) => {
                f.write_str(&lower_camel(name))
            }
            Step::Member(parent, name) => write!(f, "{parent}.{}", lower_camel(name)),
            Step::Root => Ok(()),
        }
    }
}

struct Walk {
    faults: Vec<String>,
}

impl Walk {
    fn value(&mut self, place: &Place, shape: &Shape, value: &Json) -> Result<(), Fault> {
        typed(shape, value)?;
        for rule in rules(&shape.kind).into_iter().flatten() {
            if !rule.holds(value) {
                self.fault(place, &shown(place, shape, value), format_args!("Member must {rule}"));
            }
        }
        match (&shape.kind, value) {
            (Kind::Structure { fields }, Json::Object(members)) => {
                self.members(place, shape.sensitive, fields, members)
            }
            (Kind::List { of, .. }, Json::Array(items)) => {
                if !self.items(place, of, items)? {
                    self.parts(place, (shape, value), "Member", of);
                }
                Ok(())
            }
            (Kind::Map { key, value: of, .. }, Json::Object(entries)) => {
                let (keys_hold, values_hold) = self.entries(place, key, of, entries)?;
                if !keys_hold {
                    self.parts(place, (shape, value), "Map keys", key);
                }
                if !values_hold {
                    self.parts(place, (shape, value), "Map value", of);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn members(
        &mut self,
        parent: &Place,
        is_sensitive: bool,
        fields: &[Field],
        members: &Map<String, Json>,
    ) -> Result<(), Fault> {
        let is_hidden = parent.is_hidden || is_sensitive;
        for field in fields {
            let place = Place { step: Step::Member(parent, field.name), is_hidden };
            match members.get(field.name) {
                None | Some(Json::Null) if field.required => {
                    let is_hidden = is_hidden || field.shape.sensitive;
                    let shown = if is_hidden { "" } else { " null" };
                    self.fault(&place, shown, format_args!("Member must not be null"));
                }
                None | Some(Json::Null) => {}
                Some(value) => self.value(&place, field.shape, value)?,
            }
        }
        Ok(())
    }

    /// Walks structures in a list; of plain items, tells whether all keep the rules.
    fn items(&mut self, parent: &Place, of: &Shape, items: &[Json]) -> Result<bool, Fault> {
        let mut all_hold = true;
        for (index, item) in items.iter().enumerate().filter(|(_, item)| !item.is_null()) {
            let place = Place { step: Step::Item(parent, index), is_hidden: parent.is_hidden };
            all_hold &= self.part(&place, of, item)?;
        }
        Ok(all_hold)
    }

    /// The same for a map: whether all keys and all values keep the rules.
    fn entries(
        &mut self,
        parent: &Place,
        key_shape: &Shape,
        of: &Shape,
        entries: &Map<String, Json>,
    ) -> Result<(bool, bool), Fault> {
        let (mut keys_hold, mut values_hold) = (true, true);
        for (key, value) in entries.iter().filter(|(_, value)| !value.is_null()) {
            let place = Place { step: Step::Entry(parent, key), is_hidden: parent.is_hidden };
            keys_hold &= holds(key_shape, &Json::from(key.as_str()));
            values_hold &= self.part(&place, of, value)?;
        }
        Ok((keys_hold, values_hold))
    }

    fn part(&mut self, place: &Place, of: &Shape, value: &Json) -> Result<bool, Fault> {
        if matches!(of.kind, Kind::Structure { .. } | Kind::List { .. } | Kind::Map { .. }) {
            self.value(place, of, value)?;
            return Ok(true);
        }
        typed(of, value)?;
        Ok(holds(of, value))
    }

    /// AWS reports plain items at their list or map, with all that it asks of each.
    fn parts(&mut self, place: &Place, (shape, value): (&Shape, &Json), what: &str, of: &Shape) {
        let shown = shown(place, shape, value);
        self.fault(place, &shown, format_args!("{what} must satisfy constraint: {}", every(of)));
    }

    fn fault(&mut self, place: &Place, shown: &str, constraint: fmt::Arguments) {
        self.faults
            .push(format!("Value{shown} at '{place}' failed to satisfy constraint: {constraint}"));
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
fn shown(place: &Place, shape: &Shape, value: &Json) -> String {
    let text = if place.is_hidden { None } else { plain(shape, value) };
    text.map_or_else(String::new, |text| format!(" '{text}'"))
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
        (Kind::Map { value: of, .. }, Json::Object(entries)) => {
            let entries: Option<Vec<String>> = entries
                .iter()
                .map(|(key, value)| Some(format!("{key}={}", plain(of, value)?)))
                .collect();
            Some(format!("{{{}}}", entries?.join(", ")))
        }
        (_, Json::String(text)) => Some(text.clone()),
        (_, other) => Some(other.to_string()),
    }
}

fn lower_camel(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
