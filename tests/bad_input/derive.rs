//! Everything that breaks one constraint of a shape, in a request that keeps to all others.

use kernel::shape::{Kind, Shape};
use serde_json::{Value as Json, json};

use super::example::{entry_key, len, text, valid};

/// How a request is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    Fraction,
    Huge,
    Missing,
    Null,
    OutOfRange,
    TooFew,
    TooLong,
    TooMany,
    TooShort,
    UnknownWord,
    WrongPattern,
    WrongType,
}

impl Fault {
    pub(super) const ALL: [Self; 12] = [
        Self::Fraction,
        Self::Huge,
        Self::Missing,
        Self::Null,
        Self::OutOfRange,
        Self::TooFew,
        Self::TooLong,
        Self::TooMany,
        Self::TooShort,
        Self::UnknownWord,
        Self::WrongPattern,
        Self::WrongType,
    ];
}

/// One bad request.
pub(super) struct Bad {
    pub(super) fault: Fault,
    /// Where it is bad, for people.
    pub(super) at: String,
    pub(super) request: Json,
}

/// Beyond this many characters or items nothing new is learned.
const SIZE_MAX: usize = 200_000;

/// Every way to break a request that is a full one of its shape.
pub(super) fn all(shape: &'static Shape, full: &Json) -> Vec<Bad> {
    let mut found = Vec::new();
    walk(shape, full, String::new(), &mut |fault, at, part| {
        let mut request = full.clone();
        match part {
            Some(value) => *request.pointer_mut(at).unwrap() = value,
            None => {
                let (parent, name) = at.rsplit_once('/').unwrap();
                let parent = request.pointer_mut(parent).unwrap();
                parent.as_object_mut().unwrap().remove(name);
            }
        }
        found.push(Bad { fault, at: at.into(), request });
    });
    found
}

/// Gives each fault with the pointer to where it is and what stands there; nothing for a member
/// that is left out.
fn walk(shape: &Shape, value: &Json, at: String, give: &mut impl FnMut(Fault, &str, Option<Json>)) {
    for (fault, wrong) in own(shape) {
        // The request itself can't be another thing than an object, which `raw` tries.
        if !at.is_empty() {
            give(fault, &at, Some(wrong));
        }
    }
    match (&shape.kind, value) {
        (Kind::Structure { fields }, Json::Object(members)) => {
            for field in *fields {
                let Some(member) = members.get(field.name) else { continue };
                let at = format!("{at}/{}", field.name);
                if field.required {
                    give(Fault::Missing, &at, None);
                    give(Fault::Null, &at, Some(Json::Null));
                }
                walk(field.shape, member, at, give);
            }
        }
        (Kind::List { of, .. }, Json::Array(items)) => {
            if let Some(first) = items.first() {
                walk(of, first, format!("{at}/0"), give);
            }
        }
        (Kind::Map { value: of, .. }, Json::Object(entries)) => {
            if let Some((key, first)) = entries.iter().next() {
                let key = key.replace('~', "~0").replace('/', "~1");
                walk(of, first, format!("{at}/{key}"), give);
            }
        }
        _ => {}
    }
}

/// The values that break the shape itself, not a part of it.
fn own(shape: &Shape) -> Vec<(Fault, Json)> {
    let mut wrong = mistyped(shape);
    match shape.kind {
        Kind::Text { min, max, pattern, matches } => {
            let (min, max) = (len(min), len(max));
            if min > 0 {
                wrong.push((Fault::TooShort, json!("a".repeat(min - 1))));
            }
            if max < SIZE_MAX {
                wrong.push((Fault::TooLong, json!("a".repeat(max + 1))));
            }
            let spoilers = ["\u{0}", " ", "\n", "\"", "é\u{E000}", "a\u{200B}", "$%&/", ""];
            let start = text(shape, min, max);
            let spoiled = spoilers.iter().flat_map(|bad| [format!("{start}{bad}"), (*bad).into()]);
            let spoiled = spoiled.filter(|text| !pattern.is_empty() && !matches(text));
            wrong.extend(spoiled.map(|text| (Fault::WrongPattern, json!(text))));
        }
        Kind::Integer { min, max } => {
            wrong.push((Fault::OutOfRange, json!(min - 1)));
            wrong.push((Fault::OutOfRange, json!(max + 1)));
            wrong.push((Fault::Huge, json!(u64::MAX)));
            wrong.push((Fault::Huge, json!(1e300)));
            wrong.push((Fault::Fraction, json!(1.5)));
        }
        Kind::Long { .. } => {
            wrong.push((Fault::Huge, json!(1e300)));
            wrong.push((Fault::Fraction, json!(1.5)));
        }
        Kind::Choice { .. } => {
            for word in ["", "no such word", "\u{0}"] {
                wrong.push((Fault::UnknownWord, json!(word)));
            }
        }
        Kind::List { of, min, max } => {
            if min > 0 {
                wrong.push((Fault::TooFew, json!([])));
            }
            if len(max) < SIZE_MAX {
                wrong.push((Fault::TooMany, Json::Array(vec![valid(of, false); len(max) + 1])));
            }
        }
        Kind::Map { key, value, min, max } => {
            if min > 0 {
                wrong.push((Fault::TooFew, json!({})));
            }
            let count = len(max).saturating_add(1).min(SIZE_MAX);
            let many = (0..count.min(1_000)).map(|n| (entry_key(key, n), valid(value, false)));
            let many: Json = many.collect();
            // Where keys are few words or of one pattern, there are not as many.
            if many.as_object().is_some_and(|many| many.len() > len(max)) {
                wrong.push((Fault::TooMany, many));
            }
        }
        _ => {}
    }
    wrong
}

/// Values of every JSON type that the shape does not take.
fn mistyped(shape: &Shape) -> Vec<(Fault, Json)> {
    let every = [json!(true), json!(1), json!("not base64!"), json!([]), json!({})];
    let takes = |value: &Json| match shape.kind {
        Kind::Blob { .. } => false,
        Kind::Boolean => value.is_boolean(),
        Kind::Choice { .. } | Kind::Text { .. } => value.is_string(),
        Kind::Document => true,
        Kind::Double | Kind::Integer { .. } | Kind::Long { .. } | Kind::Timestamp => {
            value.is_number()
        }
        Kind::List { .. } => value.is_array(),
        Kind::Map { .. } | Kind::Structure { .. } => value.is_object(),
    };
    every.into_iter().filter(|value| !takes(value)).map(|value| (Fault::WrongType, value)).collect()
}
