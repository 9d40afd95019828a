//! Workers of the operator's own that verify requests.

pub(super) mod create_verifier_key;
pub(super) mod delete_verifier_key;
pub(super) mod get_signing_key;
pub(super) mod list_verifier_keys;
