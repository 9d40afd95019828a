//! How much costly work was done in a world?

use super::World;
use crate::{Call, Engine};

/// How often the costly parts were gone to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Arithmetic of SRP: by far the dearest.
    pub proofs: u32,
    /// Secrets that were sealed, opened or derived.
    pub seals: u32,
    /// Signatures that were made or checked.
    pub signatures: u32,
}

impl Engine {
    pub(crate) fn worked(&self, part: impl FnOnce(&mut Work) -> &mut u32) {
        let mut work = self.work.get();
        *part(&mut work) += 1;
        self.work.set(work);
    }
}

impl World {
    /// Runs what goes on once a caller is answered.
    pub(super) fn finish_afterwards(&self, call: &mut Call) {
        if let Some(rest) = call.afterwards() {
            self.finish(rest);
        }
    }

    /// What a call costs.
    pub fn work_of<T>(&self, call: impl FnOnce() -> T) -> (T, Work) {
        self.engine.work.set(Work::default());
        (call(), self.engine.work.get())
    }
}
