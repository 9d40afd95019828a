//! What users do with their own accounts.

pub(crate) mod confirm_sign_up;
pub(super) mod get_user;
pub(crate) mod resend_confirmation_code;
pub(crate) mod sign_up;
