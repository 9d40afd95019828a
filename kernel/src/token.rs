//! Tokens: what they say, who signs them, how they are refreshed and checked.

mod claims;
mod groups;
mod issue;
pub(crate) mod json_web_key_set;
mod jwt;
mod keys;
mod known;
pub(crate) mod machine;
pub(crate) mod openid_configuration;
pub(crate) mod refresh;
pub(crate) mod sessions;

pub(crate) use claims::ACCOUNT_SCOPE;
pub(crate) use issue::{Grant, sign_in};
pub(crate) use keys::{make, ready};
pub(crate) use known::{Known, access_claims};
