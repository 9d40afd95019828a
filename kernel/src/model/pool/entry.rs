//! A user pool as the account lists it.

use serde::{Deserialize, Serialize};

use super::Pool;
use crate::{shapes::UserPoolDescriptionType, store::Record};

/// A pool in the account's list, as kept under `pools/{region}/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PoolEntry {
    /// What `ListUserPools` shows of it.
    #[serde(with = "crate::shape::stored")]
    pub(crate) description: UserPoolDescriptionType,
}

impl Record for PoolEntry {}

impl Pool {
    /// What the account's list shows of the pool.
    pub(crate) fn listed(&self) -> UserPoolDescriptionType {
        UserPoolDescriptionType {
            id: self.description.id.clone(),
            name: self.description.name.clone(),
            lambda_config: self.description.lambda_config.clone(),
            status: None,
            last_modified_date: self.description.last_modified_date,
            creation_date: self.description.creation_date,
            replica_regions: None,
        }
    }
}
