//! What travels from the front to a place: who calls what, and the input as it came.

use alloc::{boxed::Box, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{
    access::credentials::RoleSession,
    error::{Code, Error},
    operation::Service,
    place::Place,
    shape::{Json, Map},
};

/// Who calls, as the front has proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Principal {
    /// Nobody in particular.
    Anyone,
    /// Another place of this deployment.
    Kernel,
    /// Somebody who has a role for a while.
    Role(Box<RoleSession>),
    /// The holder of the root credentials.
    Root,
}

/// What is known of a caller besides its input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Caller {
    /// The address that the request came from, if known.
    pub(crate) address: String,
    /// The client software, by its own word.
    pub(crate) agent: String,
    /// Scheme and host at which the service was called.
    pub(crate) origin: String,
    /// Who it is.
    pub(crate) principal: Principal,
    /// The region of the signature's scope; empty if unsigned.
    pub(crate) region: String,
    /// The id that the response names.
    pub(crate) request_id: String,
}

/// How the response is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Protocol {
    /// AWS JSON 1.1.
    AwsJson,
    /// What takes a file: nothing, or an error in S3's form.
    File,
    /// AWS's query protocol: XML.
    Query,
    /// HTML for a person.
    Page,
    /// A page of a file that goes out, or an error in S3's form.
    Pages,
    /// A JSON document that may be cached for that many seconds.
    Document {
        /// Seconds for which a cache may keep it; 0 for not at all.
        max_age_s: u32,
    },
}

/// One call on its way to a place.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) head: Head,
    pub(crate) body: Vec<u8>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) place: Place,
    pub(crate) service: Service,
    pub(crate) operation: String,
    pub(crate) protocol: Protocol,
    pub(crate) caller: Caller,
    /// Whom an alias stands for, once the place that has the alias has said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) resolved: Option<Resolved>,
}

/// An alias that led from its own place to the place of its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Resolved {
    /// The name as the caller gave it.
    pub(crate) name: String,
    /// The attribute whose value it is.
    pub(crate) attribute: String,
    /// The key of the user.
    pub(crate) owner: String,
}

const FORM: u8 = 1;

impl Message {
    /// A form byte, the head's length, the head as JSON, the body as it came.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, Error> {
        let bug = |_| Error::bug("a message does not serialise");
        let head = serde_json::to_vec(&self.head).map_err(bug)?;
        let len = u32::try_from(head.len()).map_err(|_| Error::bug("a head is too long"))?;
        let mut bytes = Vec::with_capacity(5 + head.len() + self.body.len());
        bytes.push(FORM);
        bytes.extend_from_slice(&len.to_be_bytes());
        bytes.extend_from_slice(&head);
        bytes.extend_from_slice(&self.body);
        Ok(bytes)
    }

    /// The input of the operation; an empty body stands for one without members.
    pub(crate) fn input(&self) -> Result<Json, Error> {
        match self.body.is_empty() {
            true => Ok(Json::Object(Map::new())),
            false => serde_json::from_slice(&self.body).map_err(|_| Code::Serialization.into()),
        }
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let (form, rest) = bytes.split_first()?;
        let (len, rest) = rest.split_first_chunk::<4>()?;
        let len = usize::try_from(u32::from_be_bytes(*len)).ok()?;
        let (head, body) = rest.split_at_checked(len)?;
        if *form != FORM {
            return None;
        }
        Some(Self { head: serde_json::from_slice(head).ok()?, body: body.to_vec() })
    }
}
