//! A store in memory, for tests and for pages.

use alloc::{collections::BTreeMap, rc::Rc, string::String, vec::Vec};
use core::{cell::RefCell, fmt, ops::Range};

use super::{Page, Store, Unavailable, Write, bounds};

/// An ordered map in memory. It forgets everything when it is dropped.
#[derive(Default)]
pub struct Memory(RefCell<BTreeMap<String, Rc<[u8]>>>);

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memory({} records)", self.0.borrow().len())
    }
}

impl Store for Memory {
    fn get(&self, key: &str) -> Result<Option<Rc<[u8]>>, Unavailable> {
        Ok(self.0.borrow().get(key).cloned())
    }

    fn scan(&self, range: Range<&str>, limit: usize) -> Result<Page, Unavailable> {
        if range.start >= range.end {
            return Ok(Vec::new());
        }
        let map = self.0.borrow();
        let records = map.range::<str, _>(bounds(&range)).take(limit);
        Ok(records.map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    fn commit(&self, batch: Vec<Write>) -> Result<(), Unavailable> {
        let mut map = self.0.borrow_mut();
        for write in batch {
            match write {
                Write::Delete(key) => drop(map.remove(&key)),
                Write::DeleteRange(range) => map.retain(|key, _| !range.contains(key)),
                Write::Put(key, value) => drop(map.insert(key, value.into())),
            }
        }
        Ok(())
    }
}
