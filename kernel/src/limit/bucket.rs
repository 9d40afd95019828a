//! Buckets of calls, by category and by user.

use alloc::{rc::Rc, string::String};
use core::cell::{Cell, RefCell};

use super::category::Category;
use crate::store::Recent;

/// So many users are remembered; who is forgotten begins with a full bucket.
const YOUNG_MAX: usize = 2_048;
const NS_PER_MS: u64 = 1_000_000;
const NS_PER_S: u64 = 1_000_000_000;

/// When a bucket will be full again: all that needs to be known of it (GCRA).
#[derive(Debug, Default)]
struct Bucket(Cell<u64>);

impl Bucket {
    /// Takes one call out of a bucket that holds a second's worth; otherwise gives the milliseconds
    /// after which there is one.
    fn take(&self, rate: i32, now_ms: u64) -> Result<(), u64> {
        let rate = u64::try_from(rate).unwrap_or(1).max(1);
        let now = now_ms.saturating_mul(NS_PER_MS);
        let full = self.0.get().max(now).saturating_add(NS_PER_S / rate);
        let over = full.saturating_sub(now.saturating_add(NS_PER_S));
        if over > 0 {
            return Err(over.div_ceil(NS_PER_MS));
        }
        self.0.set(full);
        Ok(())
    }
}

/// The buckets of one place.
pub(crate) struct Buckets {
    categories: [Bucket; Category::ALL.len()],
    /// Answers to challenges, which AWS counts apart from the sign-ins that they belong to.
    answers: Bucket,
    users: RefCell<Recent<String, Rc<[Bucket; 2]>>>,
}

impl Default for Buckets {
    fn default() -> Self {
        Self {
            categories: Default::default(),
            answers: Bucket::default(),
            users: RefCell::new(Recent::new(YOUNG_MAX)),
        }
    }
}

impl Buckets {
    /// # Errors
    /// The milliseconds to wait.
    pub(super) fn take(
        &self,
        category: Category,
        answers: bool,
        rate: i32,
        now_ms: u64,
    ) -> Result<(), u64> {
        if rate == super::UNLIMITED {
            return Ok(());
        }
        let bucket = match self.categories.get(category.index()) {
            Some(bucket) if !answers => bucket,
            _ => &self.answers,
        };
        bucket.take(rate, now_ms)
    }

    /// The same for one user's reads or writes.
    pub(super) fn take_for(
        &self,
        user: &str,
        writes: bool,
        rate: i32,
        now_ms: u64,
    ) -> Result<(), u64> {
        let mut users = self.users.borrow_mut();
        let buckets = users.get(user).unwrap_or_else(|| {
            let buckets = Rc::<[Bucket; 2]>::default();
            users.put(String::from(user), buckets.clone());
            buckets
        });
        let [reads, changes] = &*buckets;
        if writes { changes.take(rate, now_ms) } else { reads.take(rate, now_ms) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_holds_a_second_and_fills_at_its_rate() {
        let bucket = Bucket::default();
        let taken = |now_ms| (0..100).take_while(|_| bucket.take(10, now_ms).is_ok()).count();
        assert_eq!(taken(1_000_000), 10);
        assert_eq!(bucket.take(10, 1_000_000), Err(100));
        assert_eq!(taken(1_000_100), 1);
        assert_eq!(taken(1_000_350), 2);
        assert_eq!(taken(1_060_000), 10);
    }

    #[test]
    fn what_is_refused_costs_nothing() {
        let bucket = Bucket::default();
        for _ in 0..1_000 {
            let _ = bucket.take(1, 5_000);
        }
        assert_eq!(bucket.take(1, 6_000), Ok(()));
    }
}
