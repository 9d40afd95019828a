//! A group of a pool.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::store::Record;

/// A group, as kept under `group/{name}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) name: String,
    /// Tells this group from a later one of the same name, whose members these are not.
    pub(crate) id: String,
    pub(crate) description: Option<String>,
    pub(crate) role_arn: Option<String>,
    /// Lower is better; none is worse than any.
    pub(crate) precedence: Option<i32>,
    pub(crate) created_ms: u64,
    pub(crate) modified_ms: u64,
}

impl Record for Group {}

/// The record of a membership; its key says all.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Member {}

impl Record for Member {}
