//! Nothing but what `cargo bench --package signatures` measures.
