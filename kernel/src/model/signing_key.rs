//! The keys that sign a pool's tokens.

use alloc::{string::String, vec::Vec};

use jsonwebtoken::jwk::Jwk;
use serde::{Deserialize, Serialize};

use crate::{
    crypto::{KeyAlgorithm, Sealed},
    store::Record,
};

/// What a key signs: ID and access tokens have different keys, as at Cognito.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum KeyUse {
    Access,
    Id,
}

/// A key as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SigningKey {
    pub(crate) kid: String,
    pub(crate) algorithm: KeyAlgorithm,
    pub(crate) key_use: KeyUse,
    /// Sealed; bound to `kid`.
    pub(crate) private: Sealed,
    /// With `kid`, `alg` and `use`, as published.
    pub(crate) public: Jwk,
    pub(crate) created_ms: u64,
}

/// All keys of a pool, newest last; the last of each use signs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct SigningKeys {
    pub(crate) keys: Vec<SigningKey>,
}

impl Record for SigningKeys {}
