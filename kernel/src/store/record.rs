//! Records as typed values: how they are written, read back, and remembered once parsed.

use alloc::{rc::Rc, string::String, vec::Vec};
use core::{
    any::Any,
    cell::RefCell,
    marker::PhantomData,
    ops::{Deref, DerefMut},
};

use serde::{Serialize, de::DeserializeOwned};

use super::Recent;
use crate::{cx::Cx, error::Error};

/// A value kept in the store: one version byte, then JSON.
///
/// A later release must read what an earlier one wrote. Members may be added with
/// `#[serde(default)]`; any other change raises `VERSION` and teaches `upgrade` the older form.
pub(crate) trait Record: Serialize + DeserializeOwned + 'static {
    const VERSION: u8 = 1;

    /// Reads the body of a record that an earlier version wrote.
    fn upgrade(_version: u8, _body: &[u8]) -> Option<Self> {
        None
    }
}

pub(crate) fn encode<T: Record>(value: &T) -> Result<Vec<u8>, Error> {
    let mut bytes = alloc::vec![T::VERSION];
    let body = serde_json::to_vec(value).map_err(|_| Error::bug("a record does not serialise"))?;
    bytes.extend_from_slice(&body);
    Ok(bytes)
}

pub(crate) fn decode<T: Record>(bytes: &[u8]) -> Result<T, Error> {
    let read = match bytes.split_first() {
        Some((&version, body)) if version == T::VERSION => serde_json::from_slice(body).ok(),
        Some((&version, body)) => T::upgrade(version, body),
        None => None,
    };
    read.ok_or_else(|| Error::bug("a record does not parse"))
}

/// A record as read, to look at and to change. It borrows the [`Cx`], so none outlives a question
/// to the world: what was read before must be read again after it. It must have no `Drop`.
pub(crate) struct Row<'cx, T> {
    cx: &'cx Cx,
    key: String,
    value: T,
}

impl<'cx, T: Record> Row<'cx, T> {
    pub(crate) fn new(cx: &'cx Cx, key: String, value: T) -> Self {
        Self { cx, key, value }
    }

    /// The key under which it stands.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Puts the record, as it stands now, into the batch.
    pub(crate) fn save(&self) -> Result<(), Error> {
        self.cx.put(&self.key, &self.value)
    }

    /// Puts the removal of the record into the batch.
    pub(crate) fn delete(self) -> T {
        self.cx.delete(&self.key);
        self.value
    }

    /// The value on its own: a copy of what was true when it was read.
    pub(crate) fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Row<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Row<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/// A record that many calls read and few change, parsed once. To look at only.
pub(crate) struct Shared<'cx, T> {
    value: Rc<T>,
    cx: PhantomData<&'cx Cx>,
}

impl<T> Shared<'_, T> {
    pub(crate) fn new(value: Rc<T>) -> Self {
        Self { value, cx: PhantomData }
    }

    /// The value, which is the same allocation for as long as the record is unchanged.
    pub(crate) fn rc(&self) -> &Rc<T> {
        &self.value
    }
}

impl<T> Clone for Shared<'_, T> {
    fn clone(&self) -> Self {
        Self::new(self.value.clone())
    }
}

impl<T> Deref for Shared<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// Records that were parsed before, by the very bytes that they were parsed from.
pub(crate) struct Memo(RefCell<Recent<String, Parsed>>);

/// The bytes, and what was parsed from them.
type Parsed = (Rc<[u8]>, Rc<dyn Any>);

/// So many that configuration stays, and sessions for as long as they are busy.
const YOUNG_MAX: usize = 512;

impl Default for Memo {
    fn default() -> Self {
        Self(RefCell::new(Recent::new(YOUNG_MAX)))
    }
}

impl Memo {
    pub(crate) fn parse<T: Record>(&self, key: &str, bytes: &Rc<[u8]>) -> Result<Rc<T>, Error> {
        if let Some((known, value)) = self.0.borrow_mut().get(key)
            && Rc::ptr_eq(&known, bytes)
            && let Ok(value) = value.downcast::<T>()
        {
            return Ok(value);
        }
        let value: Rc<T> = Rc::new(decode(bytes)?);
        self.0.borrow_mut().put(String::from(key), (bytes.clone(), value.clone()));
        Ok(value)
    }
}
