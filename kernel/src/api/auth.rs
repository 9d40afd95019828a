//! Signing in, refreshing, signing out.

pub(super) mod admin_initiate_auth;
pub(super) mod admin_respond_to_auth_challenge;
pub(super) mod get_client_token;
pub(super) mod get_tokens_from_refresh_token;
pub(super) mod global_sign_out;
pub(super) mod initiate_auth;
pub(super) mod respond_to_auth_challenge;
pub(super) mod revoke_token;
