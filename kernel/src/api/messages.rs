//! What became of messages to people.

pub(super) mod list_delivery_failures;
pub(super) mod list_failures_here;
