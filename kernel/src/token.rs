//! Tokens: what they say, who signs them, how they are refreshed and checked.

mod claims;
mod groups;
mod issue;
pub(crate) mod json_web_key_set;
mod jwt;
mod keys;
pub(crate) mod openid_configuration;
pub(crate) mod refresh;

pub(crate) use claims::{ACCOUNT_SCOPE, AccessClaims};
pub(crate) use issue::{Grant, sign_in};
pub(crate) use jwt::verify;
pub(crate) use keys::ready;
