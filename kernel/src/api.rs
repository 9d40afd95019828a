//! The operations, one file each, by resource.

mod account;
mod auth;
mod clients;
mod groups;
mod pools;
mod users;

use crate::{operation::Operation, outbox};

/// Every operation of the deployment, by resource; internal ones last.
pub static OPERATIONS: &[Operation] = &[
    // account
    // auth
    // clients
    clients::create_user_pool_client::OPERATION,
    // groups
    // pools
    pools::create_user_pool::OPERATION,
    // users
    users::admin_create_user::OPERATION,
    users::admin_get_user::OPERATION,
    users::admin_set_user_password::OPERATION,
    // internal
    pools::enlist_pool::OPERATION,
    outbox::deposit::OPERATION,
    outbox::list_messages::OPERATION,
];
