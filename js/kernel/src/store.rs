//! Where do the records of a place live? In memory; each batch is written down as it is applied.

use std::{cell::RefCell, ops::Range, rc::Rc};

use kernel::{Memory, Page, Store, Unavailable, Write};

use crate::journal;

/// What was written down and not taken yet, by all places.
pub(crate) type Journal = Rc<RefCell<Vec<u8>>>;

/// The records of one place.
pub(crate) struct Records {
    place: String,
    memory: Memory,
    journal: Journal,
}

/// After every key.
const END: &str = "\u{10ffff}";

impl Records {
    pub(crate) fn new(place: String, journal: Journal) -> Self {
        Self { place, memory: Memory::default(), journal }
    }

    /// Applies what was written down earlier.
    pub(crate) fn apply(&self, batch: Vec<Write>) -> Result<(), Unavailable> {
        self.memory.commit(batch)
    }

    /// Appends all records as one entry, if there are any.
    pub(crate) fn write_all(&self, out: &mut Vec<u8>) -> Result<(), Unavailable> {
        let page = self.memory.scan(""..END, usize::MAX)?;
        let batch: Vec<_> =
            page.into_iter().map(|(key, value)| Write::Put(key, value.to_vec())).collect();
        if batch.is_empty() {
            return Ok(());
        }
        journal::write(out, &self.place, &batch).ok_or_else(too_long)
    }
}

impl Store for Records {
    fn get(&self, key: &str) -> Result<Option<Rc<[u8]>>, Unavailable> {
        self.memory.get(key)
    }

    fn scan(&self, range: Range<&str>, limit: usize) -> Result<Page, Unavailable> {
        self.memory.scan(range, limit)
    }

    fn commit(&self, batch: Vec<Write>) -> Result<(), Unavailable> {
        let mut journal = self.journal.borrow_mut();
        let length = journal.len();
        if journal::write(&mut journal, &self.place, &batch).is_none() {
            journal.truncate(length);
            return Err(too_long());
        }
        self.memory.commit(batch)
    }
}

fn too_long() -> Unavailable {
    Unavailable("a record is too long".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_applied_and_written_down() {
        let journal = Journal::default();
        let records = Records::new("account".into(), journal.clone());
        let batch = vec![Write::Put("a".into(), b"1".to_vec())];
        records.commit(batch.clone()).unwrap();
        assert_eq!(records.get("a").unwrap().as_deref(), Some(&b"1"[..]));
        let entry = journal::read(&mut &journal.borrow()[..]).unwrap().unwrap();
        assert_eq!((entry.place.as_str(), entry.batch), ("account", batch));
    }

    #[test]
    fn all_records_make_one_entry_from_which_they_come_again() {
        let records = Records::new("outbox".into(), Journal::default());
        let put = |key: &str| Write::Put(key.into(), key.as_bytes().to_vec());
        records
            .commit(vec![put("b"), put("a"), Write::Delete("b".into()), put("\u{10fffe}")])
            .unwrap();
        let mut all = Vec::new();
        records.write_all(&mut all).unwrap();
        let entry = journal::read(&mut &all[..]).unwrap().unwrap();
        assert_eq!(entry.batch, [put("a"), put("\u{10fffe}")]);
    }
}
