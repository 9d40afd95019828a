//! What users do with their own accounts.

pub(super) mod change_password;
pub(super) mod confirm_by_link;
pub(super) mod confirm_forgot_password;
pub(crate) mod confirm_sign_up;
pub(super) mod delete_user;
pub(super) mod delete_user_attributes;
pub(super) mod forgot_password;
pub(super) mod get_user;
pub(super) mod get_user_attribute_verification_code;
pub(crate) mod resend_confirmation_code;
pub(super) mod set_user_settings;
pub(crate) mod sign_up;
pub(super) mod update_user_attributes;
pub(super) mod verify_user_attribute;
