//! Of whom is something counted: of a user, or of a name that stands for nobody?
//!
//! Where users are hidden, names that nobody has are counted and limited as those of users are.
//! They are without number, so that what is kept of them is swept away by those who come later.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{
    cx::Cx,
    error::Error,
    store::{Record, keys},
};

/// Whoever something is counted of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject<'a> {
    /// A name, folded, that stands for nobody.
    Nobody(&'a str),
    /// A user, by key.
    User(&'a str),
}

impl<'a> Subject<'a> {
    /// The name or the key.
    pub(crate) const fn name(self) -> &'a str {
        match self {
            Self::Nobody(name) | Self::User(name) => name,
        }
    }

    /// Has the record under `key` forgotten once it is over, if the subject is nobody; `before_ms`
    /// is when the same record, as it stood before, was to be over. Whoever the subject is, some of
    /// the records that are over are swept away, so that both take as long.
    pub(crate) fn forget_later(
        self,
        cx: &Cx,
        key: &str,
        before_ms: Option<u64>,
        over_ms: u64,
    ) -> Result<(), Error> {
        let (from, to) = (keys::stranger(0, ""), keys::stranger(cx.now_ms(), ""));
        for stale in cx.scan::<Stranger>(from.as_str()..to.as_str(), SWEPT)? {
            cx.delete(&stale.delete().key);
        }
        if let Self::User(_) = self {
            return Ok(());
        }
        if let Some(before_ms) = before_ms {
            cx.delete(&keys::stranger(before_ms, key));
        }
        cx.put(&keys::stranger(over_ms, key), &Stranger { key: key.into() })
    }
}

/// What remembers to forget a record.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Stranger {
    /// The key of the record.
    key: String,
}

impl Record for Stranger {}

/// More than come at once, so that what is left of a flood of names grows less.
const SWEPT: usize = 4;
