//! What places do by themselves, and what outlives their hosts, in tests.

use alloc::vec::Vec;

use super::World;
use crate::{Alarm, Place};

impl World {
    /// Starts all places anew, as when their host stops and starts: only records are left.
    pub fn restart(&self) {
        for (place, (store, kernel)) in self.places.borrow_mut().iter_mut() {
            *kernel = self.engine.open(place.clone(), store.clone());
        }
    }

    /// When the first place is to be woken, if one is.
    #[must_use]
    pub fn next_wake_ms(&self) -> Option<u64> {
        self.alarms().into_iter().map(|(_, at_ms)| at_ms).min()
    }

    /// Wakes one place of those that are due, as a host does; says whether there was one.
    pub fn wake(&self) -> bool {
        let due = self.alarms().into_iter().find(|(_, at_ms)| *at_ms <= self.now_ms());
        let Some((place, _)) = due else { return false };
        self.alarms.borrow_mut().remove(&place);
        let (_, kernel) = self.open(&place);
        let Ok(Some(call)) = kernel.wake(self.now_ms(), self.seed()) else { return false };
        self.finish(call);
        true
    }

    /// Lets time pass and wakes places until none is due within that many seconds; says how often
    /// one was woken.
    pub fn sleep_s(&self, seconds: u64) -> usize {
        let end_ms = self.now_ms() + seconds * 1000;
        let mut woken = 0;
        while let Some(at_ms) = self.next_wake_ms().filter(|at_ms| *at_ms <= end_ms) {
            self.now_ms.set(self.now_ms().max(at_ms));
            woken += usize::from(self.wake());
        }
        self.now_ms.set(end_ms);
        woken
    }

    /// The alarms of all places, as their hosts were told.
    fn alarms(&self) -> Vec<(Place, u64)> {
        let places: Vec<_> = self.places.borrow().keys().cloned().collect();
        for place in places {
            let alarm = self.open(&place).1.new_alarm();
            let mut alarms = self.alarms.borrow_mut();
            match alarm {
                Some(Alarm::At(at_ms)) => drop(alarms.insert(place, at_ms)),
                Some(Alarm::Never) => drop(alarms.remove(&place)),
                None => {}
            }
        }
        self.alarms.borrow().iter().map(|(place, at_ms)| (place.clone(), *at_ms)).collect()
    }
}
