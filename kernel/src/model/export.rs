//! Users on their way out of a pool, and into another: a file that holds all of them.
//!
//! Lines of JSON, each an object with one member that says what it is: `header` first, then each
//! `group`, then each `user`, then `end` with their numbers, without which the file is cut off.
//! What is secret of a user stands beside it as `secrets`: base64 of a nonce of 24 bytes and of JSON
//! under XChaCha20-Poly1305, with the username as associated data. The key is what HPKE (RFC 9180,
//! base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, export only, `info` [`INFO`]) exports for the
//! empty context; `header.encapsulated` holds the sender's share.

pub(crate) mod page;
pub(crate) mod restore;

use alloc::{boxed::Box, string::String, vec::Vec};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

use super::{credential::Clear, factor::passkey::Passkey, group::Group, user::User};
use crate::{
    crypto::{Purpose, Sealed, hpke},
    cx::Cx,
    error::{Code, Error},
    store::{Record, Row, keys},
};

/// What the keys of such files are for.
pub(crate) const INFO: &[u8] = b"cognate users 1";
/// How long an export may be fetched.
pub(crate) const LIVES_MS: u64 = 24 * 60 * 60 * 1000;

/// An export, as kept under `export/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Export {
    pub(crate) id: String,
    pub(crate) origin: String,
    pub(crate) created_ms: u64,
    /// The sender's share of the key, in base64.
    encapsulated: String,
    key: Sealed,
}

impl Record for Export {}

/// One line of the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Header(Header),
    Group(Group),
    User(Box<UserLine>),
    End { groups: u64, users: u64 },
}

#[derive(Serialize, Deserialize)]
struct Header {
    /// The version of what a user's line holds.
    record: u8,
    pool_id: String,
    at_ms: u64,
    encapsulated: String,
}

#[derive(Serialize, Deserialize)]
struct UserLine {
    #[serde(flatten)]
    user: User,
    secrets: String,
}

/// What is secret of a user.
#[derive(Serialize, Deserialize)]
struct Secrets {
    password: Option<Clear>,
    former_passwords: Vec<Clear>,
    /// What the authenticator app holds.
    #[serde(default)]
    software_token: Option<String>,
    /// With those of another in their place somebody else could sign in.
    #[serde(default)]
    passkeys: Vec<Passkey>,
}

impl Export {
    /// An export to the holder of a public key.
    ///
    /// # Errors
    /// `InvalidParameterException` if the key is none.
    pub(crate) fn new(cx: &Cx, public_key: &str) -> Result<Self, Error> {
        let refused = || Error::saying(Code::InvalidParameter, "The public key is no X25519 key.");
        let public = key_of(public_key).ok_or_else(refused)?;
        let sent = hpke::send(&public, cx.random.bytes(), INFO)?.ok_or_else(refused)?;
        let tail = cx.random.text("0123456789abcdefghijklmnopqrstuvwxyz", 8);
        let id = alloc::format!("export-{:012x}{tail}", cx.now_ms());
        let key = cx.vault()?.seal(Purpose::FileKey, &id, &sent.key, &cx.random)?;
        Ok(Self {
            id,
            origin: cx.caller.origin.clone(),
            created_ms: cx.now_ms(),
            encapsulated: BASE64_STANDARD.encode(sent.encapsulated),
            key,
        })
    }

    /// The export of that id.
    ///
    /// # Errors
    /// `ResourceNotFoundException` if there is none, or none any more.
    pub(crate) fn find<'cx>(cx: &'cx Cx, id: &str) -> Result<Row<'cx, Self>, Error> {
        let export = cx.get::<Self>(keys::export(id))?;
        export.filter(|export| export.created_ms + LIVES_MS > cx.now_ms()).ok_or_else(|| {
            let message = alloc::format!("User export {id} does not exist.");
            Error::saying(Code::ResourceNotFound, message)
        })
    }

    fn open(&self, cx: &Cx) -> Result<[u8; 32], Error> {
        file_key(cx, &self.id, &self.key)
    }
}

fn file_key(cx: &Cx, id: &str, sealed: &Sealed) -> Result<[u8; 32], Error> {
    let key = cx.vault()?.open(Purpose::FileKey, id, sealed)?;
    key.try_into().map_err(|_| Error::bug("a key has another length"))
}

/// A key in base64.
pub(crate) fn key_of(text: &str) -> Option<[u8; 32]> {
    BASE64_STANDARD.decode(text).ok()?.try_into().ok()
}
