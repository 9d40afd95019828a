//! Second factors of users: set up, turned on and off, listed.

pub(super) mod admin_delete_software_token;
pub(super) mod admin_get_user_auth_factors;
pub(super) mod admin_set_user_mfa_preference;
pub(super) mod associate_software_token;
pub(super) mod get_user_auth_factors;
pub(super) mod set_user_mfa_preference;
pub(super) mod verify_software_token;
