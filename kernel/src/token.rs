//! Tokens: what they say, who signs them, how they are refreshed and checked.

pub(crate) mod check_id_token;
mod claims;
mod groups;
pub(crate) mod identity_configuration;
pub(crate) mod identity_key_set;
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
pub(crate) use jwt::{claims_signed_by, sign};
pub(crate) use keys::{current, make, ready, signing_key};
pub(crate) use known::{Known, access_claims};
