//! A domain of a pool: its name, and what pages are shown there.

use alloc::{format, string::String};

use serde::{Deserialize, Serialize};

use crate::{
    error::{Code, Error},
    shape::Text,
    shapes::{self, CustomDomainConfigType, DomainDescriptionType},
    store::Record,
};

/// A domain, as kept under `domain/{name}` in the place of its pool.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Domain {
    #[serde(with = "crate::shape::stored")]
    pub(crate) description: DomainDescriptionType,
}

impl Record for Domain {}

/// Whose a name is, as kept under `domains/{name}` at the account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Claim {
    pub(crate) pool_id: String,
    pub(crate) claimed_ms: u64,
}

impl Record for Claim {}

/// What no prefix may have in it.
const RESERVED: [&str; 3] = ["amazon", "aws", "cognito"];

/// The pages of the classic hosted UI, and those of managed login.
const VERSIONS: [i32; 2] = [1, 2];

impl Domain {
    /// Whether it is a whole name of its own, and not a prefix.
    pub(crate) fn is_custom(&self) -> bool {
        self.description.custom_domain_config.is_some()
    }
}

/// Whether a new domain may be called so.
///
/// # Errors
/// `InvalidParameterException` if a prefix has dots or reserved words in it, or a custom domain has
/// no dots.
pub(crate) fn check_name(
    name: &shapes::Domain,
    config: Option<&CustomDomainConfigType>,
) -> Result<(), Error> {
    let refused = |message| Err(Error::saying(Code::InvalidParameter, message));
    let name = name.as_str();
    if config.is_some() {
        if !name.contains('.') {
            return refused(format!("{name} is not a fully qualified domain name."));
        }
        return Ok(());
    }
    if name.contains('.') {
        return refused(format!("The prefix {name} can not have dots in it."));
    }
    match RESERVED.into_iter().find(|word| name.contains(word)) {
        Some(word) => refused(format!("Domain cannot contain reserved word: {word}")),
        None => Ok(()),
    }
}

/// The version of the pages; the classic ones unless told otherwise.
///
/// # Errors
/// `InvalidParameterException` if there is no such version.
pub(crate) fn check_version(asked: Option<i32>) -> Result<i32, Error> {
    let version = asked.unwrap_or(1);
    if VERSIONS.contains(&version) {
        return Ok(version);
    }
    Err(Error::saying(Code::InvalidParameter, "ManagedLoginVersion can be 1 or 2."))
}
