//! An identity pool: whom it takes, and which roles they get.

pub(crate) mod identity;
pub(crate) mod provider;
pub(crate) mod role;
pub(crate) mod rules;
mod secrets;

use alloc::{format, string::String};

use serde::{Deserialize, Serialize};

use crate::{
    cx::Cx,
    error::{Code, Error},
    place::IdentityPoolArn,
    shape::Text,
    shapes::{
        IdentityPoolDescription, IdentityPoolId, PlainArn, PrincipalTags, RoleMappings, Roles,
    },
    store::{Record, Row, keys},
};

/// An identity pool, as kept under `identity-pool`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct IdentityPool {
    pub(crate) id: String,
    pub(crate) region: String,
    /// Everything that [`shown`](Self::shown) shows, but for secrets.
    #[serde(with = "crate::shape::stored")]
    pub(crate) description: IdentityPoolDescription,
    #[serde(default)]
    secrets: secrets::Secrets,
    #[serde(with = "crate::shape::stored")]
    pub(crate) roles: Roles,
    #[serde(with = "crate::shape::stored")]
    pub(crate) role_mappings: RoleMappings,
}

impl Record for IdentityPool {}

impl IdentityPool {
    /// A pool that gives no roles yet.
    ///
    /// # Errors
    /// An internal one if a secret can't be sealed.
    pub(crate) fn new(
        cx: &Cx,
        region: String,
        description: IdentityPoolDescription,
    ) -> Result<Self, Error> {
        let id = description.identity_pool_id.as_str().into();
        let (description, secrets) = secrets::sealed(cx, description)?;
        let (roles, role_mappings) = Default::default();
        Ok(Self { id, region, description, secrets, roles, role_mappings })
    }

    /// Takes another configuration over.
    ///
    /// # Errors
    /// An internal one if a secret can't be sealed.
    pub(crate) fn configure(
        &mut self,
        cx: &Cx,
        description: IdentityPoolDescription,
    ) -> Result<(), Error> {
        (self.description, self.secrets) = secrets::sealed(cx, description)?;
        Ok(())
    }
}

/// An identity pool in the account's list, as kept under `identity-pools/{region}/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct IdentityPoolEntry {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) made_ms: u64,
}

impl Record for IdentityPoolEntry {}

/// How the claims of one provider become tags, as kept under `tags/{provider}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TagMap {
    pub(crate) uses_defaults: bool,
    #[serde(with = "crate::shape::stored")]
    pub(crate) tags: PrincipalTags,
}

impl Record for TagMap {}

/// What is said of an identity pool that does not exist.
pub(crate) fn no_pool(id: &str) -> Error {
    Error::saying(Code::ResourceNotFound, format!("IdentityPool '{id}' not found."))
}

impl Cx {
    /// The identity pool of that id, which must be the one that lives here.
    ///
    /// # Errors
    /// `ResourceNotFoundException` if it is not.
    pub(crate) fn identity_pool(
        &self,
        id: &IdentityPoolId,
    ) -> Result<Row<'_, IdentityPool>, Error> {
        let pool = self.get::<IdentityPool>(keys::IDENTITY_POOL)?;
        pool.filter(|pool| pool.id == id.as_str()).ok_or_else(|| no_pool(id.as_str()))
    }

    /// The identity pool whose id ends so, which must be the one that lives here.
    ///
    /// # Errors
    /// `ResourceNotFoundException` if it is not.
    pub(crate) fn identity_pool_of_uuid(&self, uuid: &str) -> Result<Row<'_, IdentityPool>, Error> {
        let pool = self.get::<IdentityPool>(keys::IDENTITY_POOL)?;
        let is_it = |pool: &Row<'_, IdentityPool>| {
            pool.id.split_once(':').is_some_and(|(_, known)| known == uuid)
        };
        pool.filter(is_it).ok_or_else(|| no_pool(uuid))
    }

    /// The identity pool that an ARN names, which must be the one that lives here.
    ///
    /// # Errors
    /// `InvalidParameterException` if the ARN is not that of an identity pool,
    /// `ResourceNotFoundException` if there is none.
    pub(crate) fn identity_pool_of_arn(
        &self,
        arn: &PlainArn,
    ) -> Result<Row<'_, IdentityPool>, Error> {
        let parts = IdentityPoolArn::parse(arn.as_str()).ok_or_else(IdentityPoolArn::wanted)?;
        let pool = self.identity_pool(&parts.pool_id.into())?;
        let is_same = parts.region == pool.region && parts.account == self.deployment().account_id;
        match is_same {
            true => Ok(pool),
            false => Err(no_pool(parts.pool_id)),
        }
    }
}
