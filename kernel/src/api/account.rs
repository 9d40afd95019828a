//! What users do with their own accounts.

pub(super) mod get_user;
