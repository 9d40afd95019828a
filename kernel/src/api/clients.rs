//! App clients.

pub(super) mod create_user_pool_client;
