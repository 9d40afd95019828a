//! Randomness of one call: the host's seed, expanded. A call can be replayed exactly.

use alloc::string::String;
use core::cell::RefCell;

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};

/// A stream of random bytes from a seed of the host's CSPRNG.
pub(crate) struct Random(RefCell<ChaCha20Rng>);

impl Random {
    pub(crate) fn new(seed: [u8; 32]) -> Self {
        Self(RefCell::new(ChaCha20Rng::from_seed(seed)))
    }

    /// Another stream from the same seed, for a call that runs beside this one.
    pub(crate) fn beside(&self) -> Self {
        let mut rng = ChaCha20Rng::from_seed(self.0.borrow().get_seed());
        rng.set_stream(1);
        Self(RefCell::new(rng))
    }

    /// Where the stream is now.
    pub(crate) fn mark(&self) -> ChaCha20Rng {
        self.0.borrow().clone()
    }

    /// Goes back to there.
    pub(crate) fn rewind(&self, mark: &ChaCha20Rng) {
        self.0.replace(mark.clone());
    }

    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.borrow_mut().fill_bytes(&mut bytes);
        bytes
    }

    /// A number below `bound`, each as likely as any other. `bound` must not be 0.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        let zone = u64::MAX - u64::MAX % bound.max(1);
        loop {
            let n = self.0.borrow_mut().next_u64();
            if n < zone {
                return n % bound.max(1);
            }
        }
    }

    /// `len` characters, each drawn from `alphabet`.
    pub(crate) fn text(&self, alphabet: &str, len: usize) -> String {
        let count = u64::try_from(alphabet.len()).unwrap_or(1);
        let pick = || alphabet.as_bytes().get(usize::try_from(self.below(count)).unwrap_or(0));
        (0..len).filter_map(|_| pick().map(|byte| char::from(*byte))).collect()
    }

    /// Decimal digits, such as a code that is sent to a person.
    pub(crate) fn digits(&self, len: usize) -> String {
        self.text("0123456789", len)
    }

    /// A random UUID (RFC 9562 §5.4).
    pub(crate) fn uuid(&self) -> String {
        alloc::string::ToString::to_string(
            &uuid::Builder::from_random_bytes(self.bytes()).into_uuid(),
        )
    }
}
