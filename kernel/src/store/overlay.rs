//! What a running operation has written and not yet committed; reads see through it.

use alloc::{collections::BTreeMap, rc::Rc, string::String, vec::Vec};
use core::ops::Range;

use super::{Page, Store, Unavailable, Write, bounds};

/// Pending changes: ranges removed first, then single records on top of them.
#[derive(Default)]
pub(crate) struct Overlay {
    cleared: Vec<Range<String>>,
    records: BTreeMap<String, Pending>,
    /// What the records were before each change since the mark, if there is one.
    undo: Option<Vec<(String, Option<Pending>)>>,
}

/// What a record will be: bytes, or none.
type Pending = Option<Rc<[u8]>>;

impl Overlay {
    pub(crate) fn is_empty(&self) -> bool {
        self.cleared.is_empty() && self.records.is_empty()
    }

    pub(crate) fn put(&mut self, key: String, value: Vec<u8>) {
        self.set(key, Some(value.into()));
    }

    pub(crate) fn delete(&mut self, key: String) {
        self.set(key, None);
    }

    fn set(&mut self, key: String, value: Pending) {
        let before = self.records.insert(key.clone(), value);
        if let Some(undo) = &mut self.undo {
            undo.push((key, before));
        }
    }

    /// From here on, changes of single records can be taken back.
    pub(crate) fn mark(&mut self) {
        self.undo = Some(Vec::new());
    }

    /// Lets the changes since the mark stand, or takes them back.
    pub(crate) fn settle(&mut self, stand: bool) {
        let undo = self.undo.take().unwrap_or_default();
        if stand {
            return;
        }
        for (key, before) in undo.into_iter().rev() {
            match before {
                Some(before) => drop(self.records.insert(key, before)),
                None => drop(self.records.remove(&key)),
            }
        }
    }

    pub(crate) fn delete_range(&mut self, range: Range<String>) {
        self.records.retain(|key, _| !range.contains(key));
        self.cleared.push(range);
    }

    /// Whether this overlay decides what `key` holds, whatever the store says.
    pub(crate) fn covers(&self, key: &str) -> bool {
        self.records.contains_key(key) || self.is_cleared(key)
    }

    pub(crate) fn get(
        &self,
        store: &dyn Store,
        key: &str,
    ) -> Result<Option<Rc<[u8]>>, Unavailable> {
        match self.records.get(key) {
            Some(pending) => Ok(pending.clone()),
            None if self.is_cleared(key) => Ok(None),
            None => store.get(key),
        }
    }

    pub(crate) fn scan(
        &self,
        store: &dyn Store,
        range: Range<&str>,
        limit: usize,
    ) -> Result<Page, Unavailable> {
        if self.is_empty() || range.start >= range.end {
            return store.scan(range, limit);
        }
        let mut pending = self.records.range::<str, _>(bounds(&range)).peekable();
        let mut page = Page::new();
        let mut from = String::from(range.start);
        loop {
            let stored = store.scan(from.as_str()..range.end, limit)?;
            let is_last = stored.len() < limit;
            for (key, value) in stored {
                while let Some((earlier, change)) = pending.next_if(|(k, _)| **k < key) {
                    page.extend(change.clone().map(|value| (earlier.clone(), value)));
                }
                from.clone_from(&key);
                match pending.next_if(|(k, _)| **k == key) {
                    Some((_, change)) => page.extend(change.clone().map(|value| (key, value))),
                    None if self.is_cleared(&key) => {}
                    None => page.push((key, value)),
                }
            }
            if page.len() >= limit || is_last {
                break;
            }
            from.push('\u{1}');
        }
        let rest = pending.filter_map(|(k, change)| Some((k.clone(), change.clone()?)));
        page.extend(rest);
        page.truncate(limit);
        Ok(page)
    }

    /// The batch, in the order in which it must be applied.
    pub(crate) fn into_batch(self) -> Vec<Write> {
        let cleared = self.cleared.into_iter().map(Write::DeleteRange);
        let records = self.records.into_iter().map(|(key, value)| match value {
            Some(value) => Write::Put(key, value.to_vec()),
            None => Write::Delete(key),
        });
        cleared.chain(records).collect()
    }

    fn is_cleared(&self, key: &str) -> bool {
        self.cleared.iter().any(|range| range.start.as_str() <= key && key < range.end.as_str())
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::ToString, vec};

    use super::*;
    use crate::store::Memory;

    fn keys(page: &Page) -> Vec<&str> {
        page.iter().map(|(key, _)| key.as_str()).collect()
    }

    fn store_of(keys: &[&str]) -> Memory {
        let store = Memory::default();
        let puts = keys.iter().map(|key| Write::Put((*key).to_string(), vec![1]));
        store.commit(puts.collect()).unwrap();
        store
    }

    #[test]
    fn a_scan_sees_pending_puts_and_deletes_in_order() {
        let store = store_of(&["a/1", "a/3", "a/5", "b/1"]);
        let mut overlay = Overlay::default();
        overlay.put("a/2".into(), vec![2]);
        overlay.put("a/9".into(), vec![2]);
        overlay.delete("a/3".into());
        let page = overlay.scan(&store, "a/".."a0", 10).unwrap();
        assert_eq!(keys(&page), ["a/1", "a/2", "a/5", "a/9"]);
    }

    #[test]
    fn a_scan_over_many_deleted_records_still_fills_its_page() {
        let all: Vec<String> = (0..50).map(|n| format!("a/{n:02}")).collect();
        let store = store_of(&all.iter().map(String::as_str).collect::<Vec<_>>());
        let mut overlay = Overlay::default();
        overlay.delete_range("a/00".to_string().."a/40".to_string());
        overlay.put("a/05".into(), vec![2]);
        let page = overlay.scan(&store, "a/".."a0", 3).unwrap();
        assert_eq!(keys(&page), ["a/05", "a/40", "a/41"]);
    }

    #[test]
    fn what_was_tried_and_failed_is_taken_back() {
        let store = store_of(&["a/1"]);
        let mut overlay = Overlay::default();
        overlay.put("a/2".into(), vec![2]);
        for stand in [false, true] {
            overlay.mark();
            overlay.delete("a/1".into());
            overlay.delete("a/2".into());
            overlay.put("a/2".into(), vec![3]);
            overlay.put("a/3".into(), vec![3]);
            overlay.settle(stand);
            let page = overlay.scan(&store, "a/".."a0", 9).unwrap();
            let expected: &[_] = if stand { &["a/2", "a/3"] } else { &["a/1", "a/2"] };
            assert_eq!(keys(&page), expected);
        }
        assert_eq!(overlay.get(&store, "a/2").unwrap().as_deref(), Some(&[3][..]));
    }

    #[test]
    fn a_put_after_a_cleared_range_survives_the_batch() {
        let store = store_of(&["a/1", "a/2"]);
        let mut overlay = Overlay::default();
        overlay.put("a/1".into(), vec![7]);
        overlay.delete_range("a/".to_string().."a0".to_string());
        overlay.put("a/2".into(), vec![8]);
        store.commit(overlay.into_batch()).unwrap();
        assert_eq!(store.get("a/1").unwrap(), None);
        assert_eq!(store.get("a/2").unwrap().as_deref(), Some(&[8][..]));
    }
}
