//! What does AWS JSON allow, and what does a request break? Shapes as data, one walker over them.
//!
//! A shape is declared once, by the macros below, and gives three things: a Rust type, its row in
//! a table that [`check`] walks (not generic, so that one copy serves every operation), and the
//! moves between JSON and Rust ([`Wire`]). The tables are what `tests/surface.rs` compares with
//! AWS's model. Nothing here knows Cognito.

mod check;
mod declare;
pub(crate) mod stored;
#[cfg(test)]
mod tests;
mod wire;

use alloc::{string::String, vec::Vec};

pub use check::{check, summary};
pub(crate) use declare::{choice, integer, list, map, shape, text};
pub use serde_json::{Map, Value as Json};
pub use wire::{Blob, Timestamp};
pub(crate) use wire::{REDACTED, members, put, take};

/// A named shape: what a value of it looks like and whether it may be shown.
#[derive(Debug)]
pub struct Shape {
    /// Its name in Rust, which is AWS's without `Type` where that says nothing.
    pub name: &'static str,
    /// What values it allows.
    pub kind: Kind,
    /// Whether its values are kept out of messages and `Debug`.
    pub sensitive: bool,
}

/// What values a shape allows. A bound that AWS doesn't set is the type's own end.
#[derive(Debug)]
pub enum Kind {
    /// Bytes, as base64 on the wire. Bounds are in bytes.
    Blob {
        /// The fewest bytes.
        min: u32,
        /// The most bytes.
        max: u32,
    },
    /// `true` or `false`.
    Boolean,
    /// One of a few words.
    Choice {
        /// The words, in AWS's order.
        values: &'static [&'static str],
    },
    /// Any JSON.
    Document,
    /// A floating-point number.
    Double,
    /// A whole number of 32 bits.
    Integer {
        /// The least value.
        min: i64,
        /// The greatest value.
        max: i64,
    },
    /// Values of one shape, in order.
    List {
        /// The shape of each.
        of: &'static Shape,
        /// The fewest.
        min: u32,
        /// The most.
        max: u32,
    },
    /// A whole number of 64 bits.
    Long {
        /// The least value.
        min: i64,
        /// The greatest value.
        max: i64,
    },
    /// Values by key.
    Map {
        /// The shape of each key: a text or a choice.
        key: &'static Shape,
        /// The shape of each value.
        value: &'static Shape,
        /// The fewest entries.
        min: u32,
        /// The most entries.
        max: u32,
    },
    /// Named members.
    Structure {
        /// The members, in AWS's order.
        fields: &'static [Field],
    },
    /// A string. Bounds are in Unicode characters.
    Text {
        /// The fewest characters.
        min: u32,
        /// The most characters.
        max: u32,
        /// What all of it must match, as AWS words it in messages; empty for anything.
        pattern: &'static str,
        /// Whether all of a string matches `pattern`.
        matches: fn(&str) -> bool,
    },
    /// A moment, as seconds since 1970 on the wire.
    Timestamp,
}

/// One member of a structure.
#[derive(Debug)]
pub struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// Whether it must be there. `null` is not there.
    pub required: bool,
    /// What it holds.
    pub shape: &'static Shape,
}

/// What is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A value is of another JSON type than its shape. Holds AWS's sentence, which names no member.
    Mistyped(String),
    /// Every constraint that is not met, each in AWS's words.
    Broken(Vec<String>),
}

/// A type that moves between JSON and Rust.
///
/// `read` of what `write` gave is the same value: records are stored through it as well.
pub trait Wire: Sized + 'static {
    /// The row that [`check`] walks.
    const SHAPE: &'static Shape;
    /// Whether a member of this type must be there: all but `Option`.
    const REQUIRED: bool = true;
    /// The value, or nothing when the JSON is of another form. Bounds are not looked at.
    fn read(value: Json) -> Option<Self>;
    /// The JSON of it; `null` when there is nothing to say.
    fn write(self) -> Json;
}

/// A string with a name of its own, declared by `text!`.
pub trait Text: Sized {
    /// Its characters.
    fn as_str(&self) -> &str;
    /// Its characters, as a plain string.
    fn into_string(self) -> String;
}

/// One of a few words, declared by `choice!`.
pub trait Choice: Copy + 'static {
    /// Every value, in AWS's order.
    const ALL: &'static [Self];
    /// The word on the wire.
    fn wire(self) -> &'static str;

    /// The value that a word stands for.
    fn from_wire(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.wire() == word)
    }
}

/// A whole number with bounds, declared by `integer!`.
pub trait Bounded: Copy {
    /// The number.
    fn get(self) -> i32;
}
