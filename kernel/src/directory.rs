//! The directory of one pool: how pools, clients, groups and users are found, and how what stands
//! beside them (aliases, indexes, memberships, the count) is kept true.
//!
//! Every change of a user goes through [`insert`], [`save`] or [`remove`], so that no index can be
//! forgotten.

mod aliases;
mod departure;
mod domains;
mod filter;
mod memberships;
mod merge;
mod query;
mod renaming;
mod reservations;
mod scopes;
mod search;
mod users;

pub(crate) use aliases::owner_of;
pub(crate) use departure::{depart, examine_here};
pub(crate) use domains::domains;
pub(crate) use filter::Filter;
pub(crate) use memberships::{disband, groups_of, join, leave, members, members_here};
pub(crate) use merge::Found;
pub(crate) use query::{Asked, Progress, query};
pub(crate) use renaming::rename;
pub(crate) use reservations::{give_up, holds, owner_here, reserve, settle, unreserve};
pub(crate) use scopes::{check_scopes, is_custom};
pub(crate) use search::{search, search_here};
pub(crate) use users::{
    count_all, find, find_as_long, insert, is_taken, known, release, remove, save,
};

use alloc::format;

use crate::{
    cx::Cx,
    error::{Code, Error},
    model::{client::Client, group::Group, pool::Pool},
    place::PoolArn,
    shape::Text,
    shapes::{Arn, ClientId, UserPoolId},
    store::{Row, Shared, keys},
};

impl Cx {
    /// The pool that an administrator names.
    ///
    /// # Errors
    /// `ResourceNotFoundException` if it does not exist.
    pub(crate) fn pool(&self, id: &UserPoolId) -> Result<Shared<'_, Pool>, Error> {
        let pool = self.shared::<Pool>(keys::POOL)?.filter(|pool| pool.id == id.as_str());
        pool.ok_or_else(|| {
            let message = format!("User pool {} does not exist.", id.as_str());
            Error::saying(Code::ResourceNotFound, message)
        })
    }

    /// The pool whose ARN that is.
    ///
    /// # Errors
    /// `ResourceNotFoundException` if it does not exist.
    pub(crate) fn pool_of_arn(&self, arn: &Arn) -> Result<Shared<'_, Pool>, Error> {
        let parts = PoolArn::parse(arn.as_str()).ok_or_else(PoolArn::wanted)?;
        let id = parts.pool_id;
        let pool = self.pool(&id.into())?;
        if pool.region != parts.region || self.deployment().account_id != parts.account {
            let message = format!("User pool {id} does not exist.");
            return Err(Error::saying(Code::ResourceNotFound, message));
        }
        Ok(pool)
    }

    /// The pool at this place.
    ///
    /// # Errors
    /// `ResourceNotFoundException` if there is none.
    pub(crate) fn pool_here(&self) -> Result<Shared<'_, Pool>, Error> {
        self.shared::<Pool>(keys::POOL)?.ok_or_else(|| Code::ResourceNotFound.into())
    }

    /// The app client that a caller names, and its pool.
    ///
    /// # Errors
    /// `ResourceNotFoundException` if either does not exist.
    pub(crate) fn client(
        &self,
        id: &ClientId,
    ) -> Result<(Shared<'_, Pool>, Shared<'_, Client>), Error> {
        let client = self.shared::<Client>(&keys::client(id.as_str()))?;
        let pool = self.shared::<Pool>(keys::POOL)?;
        pool.zip(client).ok_or_else(|| {
            let message = format!("User pool client {} does not exist.", id.as_str());
            Error::saying(Code::ResourceNotFound, message)
        })
    }

    /// The group of that name.
    ///
    /// # Errors
    /// `ResourceNotFoundException` if it does not exist.
    pub(crate) fn group(&self, name: &str) -> Result<Row<'_, Group>, Error> {
        self.get(keys::group(name))?
            .ok_or_else(|| Error::saying(Code::ResourceNotFound, "Group not found."))
    }
}
