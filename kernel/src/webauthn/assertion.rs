//! A proof that somebody has a credential (§7.2).

use alloc::{string::String, vec::Vec};

use serde::Deserialize;

use super::{
    Fault, Key, RelyingParty,
    authenticator_data::AuthenticatorData,
    bytes,
    client_data::{Ceremony, ClientData},
    id,
    public_key::PublicKey,
};
use crate::crypto::{Crypto, base64url, same};

/// What a browser gave, read and not yet believed.
#[derive(Debug)]
pub(crate) struct Assertion {
    id: Vec<u8>,
    client_data: ClientData,
    /// `authenticatorData`.
    data: Vec<u8>,
    signature: Vec<u8>,
    user: Option<Vec<u8>>,
}

/// What a proof must be of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected<'a> {
    pub(crate) challenge: &'a [u8],
    pub(crate) relying_party: RelyingParty<'a>,
    /// The user as the authenticator was told at registration.
    pub(crate) user: &'a [u8],
}

/// `AuthenticationResponseJSON` (§5.1.8.3), as far as anybody looks at it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    id: String,
    raw_id: String,
    #[serde(rename = "type")]
    kind: String,
    response: Response,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    authenticator_data: String,
    signature: String,
    #[serde(default)]
    user_handle: Option<String>,
}

impl Assertion {
    /// Reads what a browser gave.
    pub(crate) fn read(credential: &str) -> Result<Self, Fault> {
        let members: Members = serde_json::from_str(credential).map_err(|_| Fault::Malformed)?;
        if members.kind != "public-key" {
            return Err(Fault::Malformed);
        }
        let Response { client_data, authenticator_data, signature, user_handle } = members.response;
        let decoded = |text: &str| bytes(text).ok_or(Fault::Malformed);
        let user = user_handle.filter(|handle| !handle.is_empty());
        Ok(Self {
            id: id(&members.id, &members.raw_id)?,
            client_data: ClientData::read(&client_data, Ceremony::Get)?,
            data: decoded(&authenticator_data)?,
            signature: decoded(&signature)?,
            user: user.as_deref().map(decoded).transpose()?,
        })
    }

    /// Of which credential it is, in base64url.
    pub(crate) fn id(&self) -> String {
        base64url(&self.id)
    }

    /// Checks it against the key that is kept, which learns from it; says whether the authenticator
    /// verified its user.
    pub(crate) fn check(
        &self,
        crypto: Crypto,
        key: &mut Key,
        expected: &Expected<'_>,
    ) -> Result<bool, Fault> {
        if !same(&self.client_data.challenge, expected.challenge) {
            return Err(Fault::Unproved);
        }
        if self.user.as_deref().is_some_and(|user| user != expected.user) {
            return Err(Fault::Unproved);
        }
        self.client_data.check_origin(expected.relying_party.id)?;
        let data = AuthenticatorData::read(&self.data)?;
        data.check(expected.relying_party)?;
        if data.is_backup_eligible() != key.is_backup_eligible {
            return Err(Fault::Unproved);
        }
        let cose = bytes(&key.public).ok_or(Fault::Unsupported)?;
        let signed = [self.data.as_slice(), &self.client_data.hash].concat();
        if !PublicKey::read(&cose)?.signed(crypto, &signed, &self.signature) {
            return Err(Fault::Unproved);
        }
        // One that does not count says 0 for ever. One that counts never says the same twice, unless
        // there are two of it.
        let counts = data.counter != 0 || key.counter != 0;
        if counts && data.counter <= key.counter {
            return Err(Fault::Unproved);
        }
        key.counter = data.counter;
        key.is_backed_up = data.is_backed_up();
        Ok(data.is_user_verified())
    }
}
