//! A role: who may take it, and what it may do then.

use alloc::{collections::BTreeMap, format, string::String};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use super::{Kind, Policy};
use crate::{
    cx::Cx,
    error::{Code, Error},
    shape::Timestamp,
    shapes::RoleDescription,
    store::{Record, Row, keys},
};

/// A role, as kept under `role/{name}` at the account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) description: Option<String>,
    /// Who may take it.
    pub(crate) trust: String,
    /// What it may do: documents by name.
    pub(crate) policies: BTreeMap<String, String>,
    pub(crate) longest_s: i32,
    pub(crate) created_ms: u64,
}

impl Record for Role {}

/// Characters that documents keep in answers (RFC 3986 §2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A document as IAM answers it.
pub(crate) fn encoded(document: &str) -> String {
    utf8_percent_encode(document, UNRESERVED).collect()
}

/// Reads a document that somebody wants to keep.
///
/// # Errors
/// `MalformedPolicyDocument`.
pub(crate) fn check(document: &str, kind: Kind) -> Result<(), Error> {
    let read = Policy::parse(document, kind);
    read.map(drop).map_err(|why| Error::saying(Code::MalformedPolicyDocument, why))
}

impl Role {
    /// What is shown of it.
    pub(crate) fn described(&self) -> RoleDescription {
        RoleDescription {
            path: self.path.clone(),
            role_name: self.name.as_str().into(),
            role_id: self.id.clone(),
            arn: self.arn.clone(),
            create_date: Timestamp(self.created_ms),
            assume_role_policy_document: Some(encoded(&self.trust)),
            description: self.description.clone(),
            max_session_duration: Some(self.longest_s),
        }
    }
}

impl Cx {
    /// The role of that name.
    ///
    /// # Errors
    /// `NoSuchEntity` if there is none.
    pub(crate) fn role(&self, name: &str) -> Result<Row<'_, Role>, Error> {
        self.get::<Role>(keys::role(name))?.ok_or_else(|| {
            let message = format!("The role with name {name} cannot be found.");
            Error::saying(Code::NoSuchEntity, message)
        })
    }
}
