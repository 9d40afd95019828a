//! Builds, runs and tests Cognate.

fn main() {}
