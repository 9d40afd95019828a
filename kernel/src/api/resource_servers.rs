//! Resource servers: the APIs that tokens are for, and the scopes that they know.

pub(super) mod create_resource_server;
pub(super) mod delete_resource_server;
pub(super) mod describe_resource_server;
pub(super) mod list_resource_servers;
pub(super) mod update_resource_server;
