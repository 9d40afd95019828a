//! The nouns and their laws, without I/O.

pub(crate) mod attribute;
pub(crate) mod client;
pub(crate) mod code;
pub(crate) mod credential;
pub(crate) mod device;
pub(crate) mod domain;
pub(crate) mod export;
pub(crate) mod factor;
pub(crate) mod group;
pub(crate) mod identity_pool;
pub(crate) mod import;
pub(crate) mod log_delivery;
pub(crate) mod password;
pub(crate) mod pool;
pub(crate) mod query;
pub(crate) mod quota;
pub(crate) mod resource_server;
pub(crate) mod session;
pub(crate) mod signing_key;
pub(crate) mod subject;
pub(crate) mod user;
pub(crate) mod username;
