//! What became of messages to people.

pub(super) mod delete_message_templates;
pub(super) mod list_delivery_failures;
pub(super) mod list_failures_here;
pub(super) mod list_message_templates;
pub(super) mod put_message_templates;
