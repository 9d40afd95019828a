//! An identity: one person or device, by whatever providers vouch for it.

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::IdentityPool;
use crate::{
    cx::Cx,
    error::{Code, Error},
    shape::{Text, Timestamp},
    shapes::{IdentityDescription, IdentityId, IdentityProviderName},
    store::{Record, Row, keys},
};

/// An identity, as kept under `identity/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) id: String,
    /// Its subject at each provider.
    pub(crate) logins: BTreeMap<String, String>,
    /// How many users of a developer's own system it is.
    #[serde(default)]
    pub(crate) developer_users: u32,
    pub(crate) created_ms: u64,
    pub(crate) modified_ms: u64,
    /// It was merged into another, or lost its last login.
    #[serde(default)]
    pub(crate) is_disabled: bool,
}

impl Record for Identity {}

/// Whose identity a login or a developer's user is, as kept under `login/` and `developer/`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Owner {
    pub(crate) identity: String,
}

impl Record for Owner {}

/// A developer's user, as kept under `developer-of/{identity}/`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DeveloperUser {
    pub(crate) user: String,
}

impl Record for DeveloperUser {}

/// What is said of an identity that does not exist.
pub(crate) fn no_identity(id: &str) -> Error {
    Error::saying(Code::ResourceNotFound, format!("Identity '{id}' not found."))
}

/// What is said of an identity whose logins the caller does not have.
pub(crate) fn logins_do_not_match() -> Error {
    Error::saying(
        Code::NotAuthorized,
        "Logins don't match. Please include at least one valid login for this identity or identity \
         pool.",
    )
}

/// What is said to whoever may not see an identity.
pub(crate) fn forbidden(id: &str) -> Error {
    Error::saying(Code::NotAuthorized, format!("Access to Identity '{id}' is forbidden."))
}

impl Identity {
    pub(crate) fn new(cx: &Cx, id: String) -> Self {
        let now_ms = cx.now_ms();
        Self {
            id,
            logins: BTreeMap::new(),
            developer_users: 0,
            created_ms: now_ms,
            modified_ms: now_ms,
            is_disabled: false,
        }
    }

    /// Whether nobody ever vouched for it, so that its id is all that a guest needs.
    pub(crate) fn is_guest(&self) -> bool {
        self.logins.is_empty() && self.developer_users == 0
    }

    /// What is shown of it.
    pub(crate) fn described(&self, pool: &IdentityPool) -> IdentityDescription {
        let developer = pool.description.developer_provider_name.as_ref().map(Text::as_str);
        let developer = developer.filter(|_| self.developer_users > 0);
        let names = self.logins.keys().map(String::as_str).chain(developer);
        let logins: Vec<IdentityProviderName> = names.map(IdentityProviderName::from).collect();
        IdentityDescription {
            identity_id: Some(self.id.as_str().into()),
            logins: (!logins.is_empty()).then_some(logins),
            creation_date: Some(Timestamp(self.created_ms)),
            last_modified_date: Some(Timestamp(self.modified_ms)),
        }
    }
}

impl Cx {
    /// The identity of that id.
    ///
    /// # Errors
    /// `ResourceNotFoundException` if there is none.
    pub(crate) fn identity(&self, id: &IdentityId) -> Result<Row<'_, Identity>, Error> {
        let identity = self.get::<Identity>(keys::identity(id.as_str()))?;
        identity.ok_or_else(|| no_identity(id.as_str()))
    }

    /// The identity pool that lives here.
    ///
    /// # Errors
    /// `ResourceNotFoundException` in the name of that identity if there is none.
    pub(crate) fn pool_of_identity(&self, id: &IdentityId) -> Result<Row<'_, IdentityPool>, Error> {
        let pool = self.get::<IdentityPool>(keys::IDENTITY_POOL)?;
        pool.ok_or_else(|| no_identity(id.as_str()))
    }
}
