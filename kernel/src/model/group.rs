//! A group of a pool.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{shape::Timestamp, shapes::GroupType, store::Record};

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

impl Group {
    /// The group, as it is shown.
    pub(crate) fn described(&self, pool_id: &str) -> GroupType {
        GroupType {
            group_name: Some(self.name.as_str().into()),
            user_pool_id: Some(pool_id.into()),
            description: self.description.as_deref().map(Into::into),
            role_arn: self.role_arn.as_deref().map(Into::into),
            precedence: self.precedence.map(Into::into),
            last_modified_date: Some(Timestamp(self.modified_ms)),
            creation_date: Some(Timestamp(self.created_ms)),
        }
    }
}

/// How many groups a pool has, as kept under `groups`.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct GroupCount {
    pub(crate) groups: u32,
}

impl Record for GroupCount {}

/// The record of a membership; its key says all.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Member {}

impl Record for Member {}
