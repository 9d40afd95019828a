//! What was used lately? A map of bounded size that forgets what was not.

use alloc::collections::BTreeMap;
use core::{borrow::Borrow, mem};

/// Two generations: what is used moves into the young one, which becomes the old one when it is
/// full; what was not used since is forgotten.
pub(crate) struct Recent<K, V> {
    young: BTreeMap<K, V>,
    old: BTreeMap<K, V>,
    young_max: usize,
}

impl<K: Ord, V: Clone> Recent<K, V> {
    /// A map of at most twice so many entries.
    pub(crate) const fn new(young_max: usize) -> Self {
        Self { young: BTreeMap::new(), old: BTreeMap::new(), young_max }
    }

    pub(crate) fn get<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        if let Some(value) = self.young.get(key) {
            return Some(value.clone());
        }
        let (key, value) = self.old.remove_entry(key)?;
        self.put(key, value.clone());
        Some(value)
    }

    pub(crate) fn put(&mut self, key: K, value: V) {
        if self.young.len() >= self.young_max {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }

    pub(crate) fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_is_forgotten() {
        let mut recent = Recent::new(10);
        recent.put(0, "kept");
        for n in 1..100 {
            recent.put(n, "passing");
            assert_eq!(recent.get(&0), Some("kept"), "{n}");
        }
        assert_eq!(recent.get(&1), None);
        assert!(recent.young.len() + recent.old.len() <= 20);
    }

    #[test]
    fn a_key_has_its_newest_value() {
        let mut recent = Recent::new(1);
        recent.put(1, "old");
        recent.put(2, "other");
        recent.put(1, "new");
        assert_eq!(recent.get(&1), Some("new"));
        recent.clear();
        assert_eq!(recent.get(&1), None);
    }
}
