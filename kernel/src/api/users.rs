//! Users, as administrators see them.

pub(crate) mod admin_confirm_sign_up;
pub(crate) mod admin_create_user;
pub(crate) mod admin_delete_user;
pub(super) mod admin_delete_user_attributes;
pub(super) mod admin_disable_user;
pub(super) mod admin_enable_user;
pub(crate) mod admin_get_user;
pub(crate) mod admin_reset_user_password;
pub(crate) mod admin_set_user_password;
pub(super) mod admin_set_user_settings;
pub(super) mod admin_update_user_attributes;
pub(crate) mod admin_user_global_sign_out;
pub(crate) mod list_users;
pub(super) mod search_users;
