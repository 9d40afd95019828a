//! Who holds these credentials?

pub(super) mod get_caller_identity;
