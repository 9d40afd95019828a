//! How do plain Rust types move between JSON and Rust?

use alloc::{collections::BTreeMap, string::String, vec::Vec};
use core::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Json, Kind, Map, Shape, Wire};

/// What `Debug` shows in the place of a sensitive value.
pub(crate) const REDACTED: &str = "***";

/// The longest plain string that AWS takes, in characters.
const STRING_MAX: u32 = 131_072;

/// The members of a structure.
pub(crate) fn members(value: Json) -> Option<Map<String, Json>> {
    if let Json::Object(members) = value { Some(members) } else { None }
}

/// Takes one member out of a structure.
pub(crate) fn take<T: Wire>(members: &mut Map<String, Json>, name: &str) -> Option<T> {
    T::read(remove(members, name))
}

#[inline(never)]
fn remove(members: &mut Map<String, Json>, name: &str) -> Json {
    members.remove(name).unwrap_or_default()
}

/// Puts one member into a structure, unless it has nothing to say.
#[inline(never)]
pub(crate) fn put(members: &mut Map<String, Json>, name: &str, value: Json) {
    if !value.is_null() {
        members.insert(name.into(), value);
    }
}

/// A moment, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub u64);

/// Bytes, as base64 on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blob(pub Vec<u8>);

macro_rules! plain {
    ($($type:ty, $name:literal, $kind:expr, $read:expr, $write:expr;)*) => { $(
        impl Wire for $type {
            const SHAPE: &'static Shape = &Shape { name: $name, kind: $kind, sensitive: false };

            fn read(value: Json) -> Option<Self> {
                let read: fn(Json) -> Option<Self> = $read;
                read(value)
            }

            fn write(self) -> Json {
                let write: fn(Self) -> Json = $write;
                write(self)
            }
        }
    )* };
}

plain! {
    String, "String", Kind::Text { min: 0, max: STRING_MAX, pattern: "", matches: |_| true },
        |value| if let Json::String(text) = value { Some(text) } else { None }, Json::String;
    bool, "Boolean", Kind::Boolean, |value| value.as_bool(), Json::Bool;
    i32, "Integer", Kind::Integer { min: i32::MIN as i64, max: i32::MAX as i64 },
        |value| whole(&value)?.try_into().ok(), Json::from;
    i64, "Long", Kind::Long { min: i64::MIN, max: i64::MAX }, |value| whole(&value), Json::from;
    f64, "Double", Kind::Double, |value| value.as_f64(), Json::from;
    Json, "Document", Kind::Document, Some, |value| value;
    Timestamp, "Timestamp", Kind::Timestamp, |value| value.as_f64().map(Timestamp::from_seconds),
        |moment| Json::from(moment.seconds());
    Blob, "Blob", Kind::Blob { min: 0, max: u32::MAX },
        |value| STANDARD.decode(value.as_str()?).ok().map(Blob),
        |blob| Json::String(STANDARD.encode(blob.0));
}

/// A JSON number without a fraction. One too big for 64 bits becomes the nearest that fits.
#[expect(clippy::cast_possible_truncation, reason = "a cast from float saturates, as wanted")]
pub(super) fn whole(value: &Json) -> Option<i64> {
    let number = value.as_number()?;
    if let Some(whole) = number.as_i64() {
        return Some(whole);
    }
    if number.is_u64() {
        return Some(i64::MAX);
    }
    number.as_f64().filter(|float| float % 1.0 == 0.0).map(|float| float as i64)
}

impl Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "a cast from float saturates, as wanted")]
    #[expect(clippy::cast_sign_loss, reason = "what was before 1970 becomes 1970")]
    fn from_seconds(seconds: f64) -> Self {
        Self((seconds * 1000.0 + 0.5) as u64)
    }

    /// Seconds since 1970, with the milliseconds as a fraction.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.seconds().fmt(f)
    }
}

impl<T: Wire> Wire for Option<T> {
    const SHAPE: &'static Shape = T::SHAPE;
    const REQUIRED: bool = false;

    fn read(value: Json) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::read(value).map(Some) }
    }

    fn write(self) -> Json {
        self.map_or(Json::Null, T::write)
    }
}

impl<T: Wire> Wire for Vec<T> {
    const SHAPE: &'static Shape = &Shape {
        name: "List",
        kind: Kind::List { of: T::SHAPE, min: 0, max: u32::MAX },
        sensitive: false,
    };

    fn read(value: Json) -> Option<Self> {
        let Json::Array(items) = value else { return None };
        items.into_iter().filter(|item| !item.is_null()).map(T::read).collect()
    }

    fn write(self) -> Json {
        Json::Array(self.into_iter().map(T::write).collect())
    }
}

impl<K: Wire + Ord, V: Wire> Wire for BTreeMap<K, V> {
    const SHAPE: &'static Shape = &Shape {
        name: "Map",
        kind: Kind::Map { key: K::SHAPE, value: V::SHAPE, min: 0, max: u32::MAX },
        sensitive: false,
    };

    fn read(value: Json) -> Option<Self> {
        let entries = members(value)?.into_iter().filter(|(_, value)| !value.is_null());
        entries.map(|(key, value)| Some((K::read(Json::String(key))?, V::read(value)?))).collect()
    }

    fn write(self) -> Json {
        let mut entries = Map::new();
        for (key, value) in self {
            if let Json::String(key) = key.write() {
                put(&mut entries, &key, value.write());
            }
        }
        Json::Object(entries)
    }
}
