//! OpenID Connect providers, as IAM knows them: whose tokens does the account take?

pub(super) mod add_client_id_to_open_id_connect_provider;
pub(super) mod create_open_id_connect_provider;
pub(super) mod delete_open_id_connect_provider;
pub(super) mod get_open_id_connect_provider;
pub(super) mod list_open_id_connect_providers;
pub(super) mod remove_client_id_from_open_id_connect_provider;
pub(super) mod show_open_id_provider;
