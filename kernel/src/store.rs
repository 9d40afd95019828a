//! Where records live: an ordered map that is read at once and written in one batch.

pub(crate) mod keys;
mod memory;
mod overlay;
mod page;
mod recent;
mod record;

pub use memory::Memory;
pub(crate) use overlay::Overlay;
pub(crate) use page::{last_of_page, page, page_size, page_token};
pub(crate) use recent::Recent;
pub(crate) use record::{Memo, Record, Row, Shared, decode, encode};

use alloc::{rc::Rc, string::String, vec::Vec};
use core::{
    fmt,
    ops::{Bound, Range},
};

/// One change in a batch.
#[derive(Clone, PartialEq, Eq)]
pub enum Write {
    /// Removes one record; absent is fine.
    Delete(String),
    /// Removes every record whose key is in `from..to`.
    DeleteRange(Range<String>),
    /// Puts a record, replacing what stood there.
    Put(String, Vec<u8>),
}

// Keys name users, and records say all about them.
impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Delete(_) => "Delete",
            Self::DeleteRange(_) => "DeleteRange",
            Self::Put(..) => "Put",
        })
    }
}

/// The store could not be read or written; the sentence is for the operator's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unavailable(pub String);

/// A page of records in key order.
pub type Page = Vec<(String, Rc<[u8]>)>;

/// An ordered map of records. Reads are immediate; a batch lands whole or not at all.
///
/// While a record is unchanged, `get` should give the same allocation again: what is parsed from it
/// is remembered by that.
pub trait Store {
    /// The record under `key`.
    fn get(&self, key: &str) -> Result<Option<Rc<[u8]>>, Unavailable>;
    /// At most `limit` records of `range`, in key order (by bytes).
    fn scan(&self, range: Range<&str>, limit: usize) -> Result<Page, Unavailable>;
    /// Applies the changes in their order; after an error none of them stands.
    fn commit(&self, batch: Vec<Write>) -> Result<(), Unavailable>;
}

/// A range as ordered maps of strings take it.
fn bounds<'a>(range: &Range<&'a str>) -> (Bound<&'a str>, Bound<&'a str>) {
    (Bound::Included(range.start), Bound::Excluded(range.end))
}
