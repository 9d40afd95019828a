//! A resource server of a pool: an API, and the scopes that tokens for it may have.

use alloc::{collections::BTreeSet, format};

use serde::{Deserialize, Serialize};

use crate::{
    error::{Code, Error},
    shape::Text,
    shapes::{ResourceServerIdentifier, ResourceServerScopes, ResourceServerType},
    store::Record,
};

/// A resource server, as kept under `server/{identifier}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ResourceServer {
    #[serde(with = "crate::shape::stored")]
    pub(crate) description: ResourceServerType,
}

impl Record for ResourceServer {}

/// Identifiers that begin so are Cognito's own: their scopes mean something to the service.
const RESERVED_PREFIX: &str = "aws.cognito";

impl ResourceServer {
    /// Whether it knows a scope of that name, which is the part after the last slash.
    pub(crate) fn has_scope(&self, name: &str) -> bool {
        let scopes = self.description.scopes.iter().flat_map(|scopes| scopes.iter());
        scopes.into_iter().any(|scope| scope.scope_name.as_str() == name)
    }
}

/// Whether a new resource server may be called so.
///
/// # Errors
/// `InvalidParameterException` if the name is reserved.
pub(crate) fn check_identifier(identifier: &ResourceServerIdentifier) -> Result<(), Error> {
    if identifier.as_str().starts_with(RESERVED_PREFIX) {
        let message = format!("Identifiers that begin with {RESERVED_PREFIX} are reserved.");
        return Err(Error::saying(Code::InvalidParameter, message));
    }
    Ok(())
}

/// Whether every scope has a name of its own.
///
/// # Errors
/// `InvalidParameterException` if two share one.
pub(crate) fn check_scopes(scopes: Option<&ResourceServerScopes>) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for scope in scopes.into_iter().flat_map(|scopes| scopes.iter()) {
        if !seen.insert(scope.scope_name.as_str()) {
            let message = format!("The scope {} is there more than once.", scope.scope_name);
            return Err(Error::saying(Code::InvalidParameter, message));
        }
    }
    Ok(())
}
