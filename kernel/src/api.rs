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
    // groups
    // pools
    // users
    // internal
    outbox::deposit::OPERATION,
    outbox::list_messages::OPERATION,
];
