//! A new credential (§7.1).

use alloc::{string::String, vec::Vec};

use minicbor::Decoder;
use serde::Deserialize;

use super::{
    Fault, Key, RelyingParty,
    authenticator_data::AuthenticatorData,
    bytes,
    client_data::{Ceremony, ClientData},
    id,
    public_key::PublicKey,
};
use crate::{crypto::base64url, shape::Json};

/// What a browser gave, read and not yet believed.
#[derive(Debug)]
pub(crate) struct Registration {
    id: Vec<u8>,
    client_data: ClientData,
    /// `authenticatorData`.
    data: Vec<u8>,
    /// Whether the authenticator is a part of the device, in the browser's words.
    pub(crate) attachment: Option<String>,
    /// How it can be reached, in the browser's words.
    pub(crate) transports: Vec<String>,
}

/// A credential that may be kept.
#[derive(Debug)]
pub(crate) struct Credential {
    /// In base64url.
    pub(crate) id: String,
    pub(crate) key: Key,
    /// Which model of authenticator made it (AAGUID).
    pub(crate) model: [u8; 16],
}

/// `RegistrationResponseJSON` (§5.1.8.2), as far as anybody looks at it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    id: String,
    raw_id: String,
    #[serde(rename = "type")]
    kind: String,
    response: Response,
    #[serde(default)]
    authenticator_attachment: Option<String>,
}

#[derive(Deserialize)]
struct Response {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    #[serde(rename = "attestationObject")]
    attestation: String,
    #[serde(default)]
    transports: Option<Vec<String>>,
}

const TRANSPORTS_MAX: usize = 8;
const WORD_BYTES_MAX: usize = 32;

impl Registration {
    /// Reads what a browser gave.
    pub(crate) fn read(credential: Json) -> Result<Self, Fault> {
        let members: Members = serde_json::from_value(credential).map_err(|_| Fault::Malformed)?;
        if members.kind != "public-key" {
            return Err(Fault::Malformed);
        }
        let Response { client_data, attestation, transports } = members.response;
        let attestation = bytes(&attestation).ok_or(Fault::Malformed)?;
        let mut transports = transports.unwrap_or_default();
        transports.retain(|transport| is_word(transport));
        transports.truncate(TRANSPORTS_MAX);
        Ok(Self {
            id: id(&members.id, &members.raw_id)?,
            client_data: ClientData::read(&client_data, Ceremony::Create)?,
            data: attested(&attestation).ok_or(Fault::Malformed)?,
            attachment: members.authenticator_attachment.filter(|word| is_word(word)),
            transports,
        })
    }

    /// The challenge that it answers.
    pub(crate) fn challenge(&self) -> &[u8] {
        &self.client_data.challenge
    }

    /// The credential, if it is all that is wanted of one.
    pub(crate) fn accept(&self, relying_party: RelyingParty<'_>) -> Result<Credential, Fault> {
        self.client_data.check_origin(relying_party.id)?;
        let data = AuthenticatorData::read(&self.data)?;
        data.check(relying_party)?;
        let attested = data.attested.as_ref().filter(|attested| attested.id == self.id);
        let attested = attested.ok_or(Fault::Malformed)?;
        PublicKey::read(attested.key)?;
        let key = Key {
            public: base64url(attested.key),
            counter: data.counter,
            is_backup_eligible: data.is_backup_eligible(),
            is_backed_up: data.is_backed_up(),
        };
        Ok(Credential { id: base64url(attested.id), key, model: attested.model })
    }
}

/// `authenticatorData` of an attestation object (§6.5.4).
pub(super) fn attested(object: &[u8]) -> Option<Vec<u8>> {
    let mut decoder = Decoder::new(object);
    let mut data = None;
    let (mut has_format, mut has_statement) = (false, false);
    for _ in 0..decoder.map().ok()?? {
        match decoder.str().ok()? {
            "fmt" if !has_format => has_format = decoder.str().is_ok(),
            "attStmt" if !has_statement => {
                let start = decoder.position();
                has_statement = decoder.map().is_ok_and(|entries| entries.is_some());
                decoder.set_position(start);
                decoder.skip().ok()?;
            }
            "authData" if data.is_none() => data = Some(decoder.bytes().ok()?.to_vec()),
            _ => return None,
        }
    }
    let is_whole = has_format && has_statement && decoder.position() == object.len();
    data.filter(|_| is_whole)
}

/// Whether it is like the words that browsers use.
fn is_word(text: &str) -> bool {
    (1..=WORD_BYTES_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}
