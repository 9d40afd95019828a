//! Sign-in: the steps that several operations share.
