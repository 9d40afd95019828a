//! Temporary credentials: who gets them, and whose are these?

pub(super) mod assume_role;
pub(super) mod assume_role_with_web_identity;
pub(super) mod get_caller_identity;
pub(super) mod get_session_token;
