//! What users do with their own accounts.

pub(super) mod change_password;
pub(super) mod confirm_forgot_password;
pub(crate) mod confirm_sign_up;
pub(super) mod forgot_password;
pub(super) mod get_user;
pub(crate) mod resend_confirmation_code;
pub(crate) mod sign_up;
