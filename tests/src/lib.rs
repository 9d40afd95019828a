//! Judges of Cognate live in `tests/`; this crate has nothing else.
