//! Which records are at hand? Those read or written lately by any object of the isolate, which all
//! share one budget. A key known to be absent is remembered too.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap},
    hash::{BuildHasher, DefaultHasher, Hasher},
    mem,
    ops::Range,
    rc::Rc,
};

/// A record, or that there is none.
type Known = Option<Rc<[u8]>>;

/// What all objects of an isolate keep at most, in bytes, out of its 128 MB.
const BYTES_MAX: usize = 16 << 20;
/// A larger record is a piece of a file, which is read once: it would push out everything else.
const RECORD_BYTES_MAX: usize = 64 << 10;
/// What an entry weighs beside its key and value, roughly.
const ENTRY_BYTES: usize = 96;

thread_local! {
    static CACHE: RefCell<Cache> = RefCell::new(Cache::new(BYTES_MAX, Seed::random()));
    static LAST_OBJECT: Cell<u32> = const { Cell::new(0) };
}

/// The part of the cache that is one object's; it goes with it.
pub(super) struct Cached(u32);

impl Cached {
    pub(super) fn new() -> Self {
        let object = LAST_OBJECT.get().wrapping_add(1);
        LAST_OBJECT.set(object);
        Self(object)
    }

    pub(super) fn get(&self, key: &str) -> Option<Known> {
        CACHE.with_borrow_mut(|cache| cache.get(self.0, key))
    }

    pub(super) fn put(&self, key: String, record: Known) {
        CACHE.with_borrow_mut(|cache| cache.put(self.0, key, record));
    }

    /// What was written. Most of what nobody asked for is never asked for: entries of an index.
    pub(super) fn replace(&self, key: String, record: Known) {
        CACHE.with_borrow_mut(|cache| {
            if cache.has(self.0, &key) {
                cache.put(self.0, key, record);
            }
        });
    }

    pub(super) fn forget(&self, range: &Range<String>) {
        CACHE.with_borrow_mut(|cache| cache.retain(self.0, |key| !range.contains(key)));
    }

    pub(super) fn clear(&self) {
        CACHE.with_borrow_mut(|cache| cache.retain(self.0, |_| false));
    }
}

impl Drop for Cached {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Two generations: what is used moves into the young one; when that holds half the budget it
/// becomes the old one, and what was not used since the last time is forgotten.
struct Cache {
    seed: Seed,
    objects: BTreeMap<u32, Generations>,
    young_bytes: usize,
    young_bytes_max: usize,
}

struct Generations {
    young: Generation,
    old: Generation,
}

type Generation = HashMap<String, Known, Seed>;

/// Keys hold what callers chose, who must not know which of them meet in a table.
#[derive(Clone, Copy, Default)]
struct Seed([u8; 16]);

impl Seed {
    fn random() -> Self {
        let mut seed = [0; 16];
        // Without randomness nothing is answered, so that nothing is kept either.
        let _ = getrandom::fill(&mut seed);
        Self(seed)
    }
}

impl BuildHasher for Seed {
    type Hasher = DefaultHasher;

    fn build_hasher(&self) -> DefaultHasher {
        let mut hasher = DefaultHasher::new();
        hasher.write(&self.0);
        hasher
    }
}

impl Generations {
    fn new(seed: Seed) -> Self {
        Self { young: HashMap::with_hasher(seed), old: HashMap::with_hasher(seed) }
    }
}

impl Cache {
    const fn new(bytes_max: usize, seed: Seed) -> Self {
        Self { seed, objects: BTreeMap::new(), young_bytes: 0, young_bytes_max: bytes_max / 2 }
    }

    fn has(&self, object: u32, key: &str) -> bool {
        self.objects.get(&object).is_some_and(|generations| {
            generations.young.contains_key(key) || generations.old.contains_key(key)
        })
    }

    fn get(&mut self, object: u32, key: &str) -> Option<Known> {
        let generations = self.objects.get_mut(&object)?;
        if let Some(record) = generations.young.get(key) {
            return Some(record.clone());
        }
        let (key, record) = generations.old.remove_entry(key)?;
        self.put(object, key, record.clone());
        Some(record)
    }

    fn put(&mut self, object: u32, key: String, record: Known) {
        if record.as_ref().is_some_and(|bytes| bytes.len() > RECORD_BYTES_MAX) {
            return self.retain(object, |other| *other != key);
        }
        let generations = self.objects.entry(object);
        let generations = generations.or_insert_with(|| Generations::new(self.seed));
        generations.old.remove(&key);
        let bytes = weight(&key, &record);
        if let Some((key, replaced)) = generations.young.remove_entry(&key) {
            self.young_bytes -= weight(&key, &replaced);
        }
        generations.young.insert(key, record);
        self.young_bytes += bytes;
        if self.young_bytes > self.young_bytes_max {
            self.age();
        }
    }

    fn age(&mut self) {
        self.young_bytes = 0;
        self.objects.retain(|_, generations| {
            mem::swap(&mut generations.old, &mut generations.young);
            generations.young.clear();
            !generations.old.is_empty()
        });
    }

    fn retain(&mut self, object: u32, is_kept: impl Fn(&String) -> bool) {
        let Some(generations) = self.objects.get_mut(&object) else { return };
        generations.old.retain(|key, _| is_kept(key));
        let young_bytes = &mut self.young_bytes;
        generations.young.retain(|key, record| {
            let is_kept = is_kept(key);
            if !is_kept {
                *young_bytes -= weight(key, record);
            }
            is_kept
        });
    }
}

fn weight(key: &str, record: &Known) -> usize {
    key.len() + record.as_ref().map_or(0, |bytes| bytes.len()) + ENTRY_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(byte: u8) -> Known {
        Some(vec![byte; 100].into())
    }

    fn cache_of(bytes_max: usize) -> Cache {
        Cache::new(bytes_max, Seed::default())
    }

    #[test]
    fn a_record_is_the_same_allocation_again() {
        let mut cache = cache_of(10_000);
        let first = record(1);
        cache.put(1, "a".into(), first.clone());
        let second = cache.get(1, "a").unwrap();
        assert!(Rc::ptr_eq(&first.unwrap(), &second.unwrap()));
    }

    #[test]
    fn what_nobody_asked_for_is_not_kept_when_it_is_written() {
        let (asked, other) = (Cached::new(), Cached::new());
        asked.put("a".into(), None);
        asked.replace("a".into(), record(1));
        asked.replace("b".into(), record(1));
        other.replace("a".into(), record(2));
        assert_eq!(asked.get("a"), Some(record(1)));
        assert_eq!((asked.get("b"), other.get("a")), (None, None));
    }

    #[test]
    fn a_piece_of_a_file_is_not_kept() {
        let mut cache = cache_of(10_000_000);
        cache.put(1, "a".into(), record(1));
        cache.put(1, "a".into(), Some(vec![0; RECORD_BYTES_MAX + 1].into()));
        assert_eq!(cache.get(1, "a"), None);
        assert_eq!(cache.young_bytes, 0);
    }

    #[test]
    fn objects_do_not_see_each_other() {
        let mut cache = cache_of(10_000);
        cache.put(1, "a".into(), record(1));
        assert_eq!(cache.get(2, "a"), None);
        cache.put(2, "a".into(), None);
        assert_eq!(cache.get(2, "a"), Some(None));
        cache.retain(2, |_| false);
        assert_eq!(cache.get(1, "a"), Some(record(1)));
    }

    #[test]
    fn what_is_used_stays_and_the_rest_goes_within_the_budget() {
        let mut cache = cache_of(20_000);
        cache.put(1, "config".into(), record(0));
        for n in 0..1_000 {
            cache.put(1, format!("user/{n}"), record(1));
            assert_eq!(cache.get(1, "config"), Some(record(0)), "{n}");
        }
        let held = cache.objects.values().map(|g| g.young.len() + g.old.len()).sum::<usize>();
        assert!(held > 50 && held * 200 < 20_000, "{held}");
        assert_eq!(cache.get(1, "user/0"), None);
    }

    #[test]
    fn bytes_are_counted_right_whatever_happens() {
        let mut cache = cache_of(1_000);
        for n in 0..500_u32 {
            cache.put(n % 3, format!("{}", n % 7), (n % 2 == 0).then(|| vec![0; 40].into()));
            cache.get(n % 3, &format!("{}", n % 5));
            if n % 11 == 0 {
                cache.retain(n % 3, |key| key != "1");
            }
            let young = cache.objects.values().flat_map(|g| &g.young);
            assert_eq!(cache.young_bytes, young.map(|(k, v)| weight(k, v)).sum::<usize>());
        }
    }

    #[test]
    fn a_removed_range_is_no_longer_known() {
        let mut cache = cache_of(10_000);
        for key in ["a", "b", "c"] {
            cache.put(1, key.into(), record(1));
        }
        cache.retain(1, |key| !("b".to_owned().."c".to_owned()).contains(key));
        assert_eq!(cache.get(1, "b"), None);
        assert_eq!(cache.get(1, "c"), Some(record(1)));
    }
}
