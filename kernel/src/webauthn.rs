//! What did an authenticator prove? Registrations and assertions of Web Authentication Level 3
//! (§7.1, §7.2), as browsers write them in JSON.
//!
//! Whoever made an authenticator is not asked: attestation statements of every format are read over
//! and trusted in nothing. Ceremonies in a frame of another origin are refused.

mod assertion;
mod authenticator_data;
mod client_data;
mod public_key;
mod registration;
#[cfg(test)]
mod tests;

pub(crate) use assertion::{Assertion, Expected};
pub(crate) use public_key::ALGORITHMS;
pub(crate) use registration::Registration;

use alloc::{string::String, vec::Vec};

use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::{Deserialize, Serialize};

use crate::crypto::base64url;

/// Why a credential is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is not of the form that it should have.
    Malformed,
    /// It was made for a page of another origin.
    Origin,
    /// It was made for another relying party.
    RelyingParty,
    /// The authenticator lacks something that is wanted of it.
    Unsupported,
    /// It does not prove what it should.
    Unproved,
}

/// For whom a credential is made, and what is wanted of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RelyingParty<'a> {
    /// The domain of which, or below which, pages may ask for it.
    pub(crate) id: &'a str,
    /// Whether the authenticator must have verified its user.
    pub(crate) verifies_users: bool,
}

/// What is kept of a credential to check what it says later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Key {
    /// A `COSE_Key` in base64url.
    public: String,
    /// How often the authenticator says to have used it.
    counter: u32,
    /// Whether it may be copied to other devices.
    pub(crate) is_backup_eligible: bool,
    /// Whether it was.
    is_backed_up: bool,
}

impl Key {
    /// A key that is as much work as a user's.
    pub(crate) fn of_nobody() -> Self {
        Self {
            public: OF_NOBODY.into(),
            counter: 0,
            is_backup_eligible: false,
            is_backed_up: false,
        }
    }
}

/// A point of P-256, as the specification's first vector has it.
const OF_NOBODY: &str = "pQECAyYgASFYIK_voW-XypstI-uGzLZAmNINuQhWBi6yScM6m2cvJt9hIlggkwpWuHovymYzS\
                         wNFir-HlxfBLMaO1zKQry4mZHlrkiA";

/// Bytes in base64url, with or without padding.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    const CONFIG: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&URL_SAFE, CONFIG).decode(text).ok()
}

/// An id as it is written in JSON, which must be told the same way twice.
fn id(id: &str, raw_id: &str) -> Result<Vec<u8>, Fault> {
    let raw = bytes(raw_id).ok_or(Fault::Malformed)?;
    if base64url(&raw) == id { Ok(raw) } else { Err(Fault::Malformed) }
}
