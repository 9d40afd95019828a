//! A role: who may take it, and what it may do then.

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use super::{Kind, Policy, revocation, tag};
use crate::{
    cx::Cx,
    error::{Code, Error},
    shape::{Json, Timestamp},
    shapes::{RoleDescription, Shown},
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
    #[serde(default)]
    pub(crate) tags: BTreeMap<String, String>,
}

impl Record for Role {}

/// Characters that documents keep in answers (RFC 3986 §2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A document as IAM answers it.
pub(crate) fn encoded(document: &str) -> String {
    utf8_percent_encode(document, UNRESERVED).collect()
}

/// AWS's bound of who may take a role, without white space.
const TRUST_MAX: usize = 2_048;

/// How much of its room a document takes: white space costs nothing.
pub(crate) fn weight(document: &str) -> usize {
    document.chars().filter(|char| !char.is_whitespace()).count()
}

/// Reads a document that somebody wants to keep.
///
/// # Errors
/// `MalformedPolicyDocument`; `LimitExceeded` for too long a document of who may take a role.
pub(crate) fn check(document: &str, kind: Kind) -> Result<(), Error> {
    if kind == Kind::Trust && weight(document) > TRUST_MAX {
        let message = format!("Cannot exceed quota for ACLSizePerRole: {TRUST_MAX}");
        return Err(Error::saying(Code::LimitExceeded, message));
    }
    let read = Policy::parse(document, kind);
    read.map(drop).map_err(|why| Error::saying(Code::MalformedPolicyDocument, why))
}

impl Role {
    /// What is shown of it.
    pub(crate) fn described(&self) -> RoleDescription {
        RoleDescription {
            path: self.path.as_str().into(),
            role_name: self.name.as_str().into(),
            role_id: self.id.as_str().into(),
            arn: self.arn.as_str().into(),
            create_date: Timestamp(self.created_ms),
            assume_role_policy_document: Some(encoded(&self.trust).into()),
            description: self.description.as_deref().map(Into::into),
            max_session_duration: Some(self.longest_s.into()),
            permissions_boundary: None,
            tags: tag::shown(&self.tags),
            role_last_used: None,
            source_role_template: None,
        }
    }
}

impl Shown {
    /// What the account, which is here, tells of the role that is asked about, and of an identity
    /// that has it.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn of(cx: &Cx, asked: &Json) -> Result<Self, Error> {
        let member = |name: &str| asked.get(name).and_then(Json::as_str);
        let (arn, identity) = (member("RoleArn").unwrap_or_default(), member("IdentityId"));
        let revoked = identity.map(|identity| revocation::of(cx, identity)).transpose()?;
        let revoked_at = revoked.flatten().map(Timestamp);
        let Some(role) = cx.role_of_arn(arn)?.map(Row::into_inner) else {
            return Ok(Self { revoked_at, role_id: None, trust: None, policies: Vec::new() });
        };
        Ok(Self {
            revoked_at,
            role_id: Some(role.id),
            trust: Some(role.trust),
            policies: role.policies.into_values().collect(),
        })
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

    /// The role of that ARN, if there is one.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn role_of_arn(&self, arn: &str) -> Result<Option<Row<'_, Role>>, Error> {
        let name = arn.rsplit('/').next().unwrap_or_default();
        Ok(self.get::<Role>(keys::role(name))?.filter(|role| role.arn == arn))
    }
}
