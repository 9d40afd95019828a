//! App clients.
