//! Does every operation refuse bad input with an error that it declares, and change nothing?
//!
//! Requests are derived from the shapes of each operation: first one that keeps to them all, then
//! everything that breaks one of them. A new operation is covered the day it appears.
#![expect(clippy::unwrap_used, reason = "a test ends here")]

mod bad_input {
    mod derive;
    mod example;
    mod judge;
    mod query;
    mod refused;
}
