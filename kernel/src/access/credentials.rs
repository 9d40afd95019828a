//! Temporary credentials: made, and known again, without a record anywhere.
//!
//! The session token is sealed and says all of the session; it opens only beside the access key's
//! id, from which the secret is derived. So whoever has the root key verifies a signature with two
//! hashes, and nobody else can make up a session.

use alloc::{boxed::Box, collections::BTreeMap, format, string::String, vec::Vec};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

use crate::{
    crypto::{Purpose, Random, Vault},
    deployment::Deployment,
    error::Error,
    place::Place,
};

/// What is known of somebody, as policies name it: values by key.
pub(crate) type Facts = BTreeMap<String, Vec<String>>;

/// A role that somebody has for a while, or all that the root credentials open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RoleSession {
    /// `arn:aws:iam::{account}:role/{path and name}`, or `arn:aws:iam::{account}:root`.
    pub(crate) role_arn: String,
    /// The id that tells the role from others of its name.
    pub(crate) role_id: String,
    /// What the session is called.
    pub(crate) name: String,
    /// What else is known of whoever has it: which identity that is, of which pool, and by what
    /// means it was proved.
    pub(crate) facts: Facts,
    /// The identity whose session it is, or from whose it was begun.
    pub(crate) identity: Option<String>,
    /// Tags of the session.
    pub(crate) tags: BTreeMap<String, String>,
    /// Keys of the tags that sessions have as well that are begun from this one.
    pub(crate) transitive_tags: Vec<String>,
    /// Who began the first of the sessions that led here.
    pub(crate) source_identity: Option<String>,
    /// What the session may do at most, beside what its role may.
    pub(crate) policy: Option<String>,
    /// Whether it is a guest's, who may use few services whatever the role says.
    pub(crate) is_scoped_down: bool,
    pub(crate) issued_ms: u64,
    pub(crate) expires_ms: u64,
    /// What makes the token as long as somebody wants it to be.
    pub(crate) padding: String,
}

impl RoleSession {
    /// `arn:aws:sts::{account}:assumed-role/{role}/{session}`, or the account's own.
    pub(crate) fn arn(&self) -> String {
        let Some((account, role)) = self.role_arn.split_once(":role/") else {
            return self.role_arn.clone();
        };
        let account = account.rsplit(':').next().unwrap_or_default();
        let role = role.rsplit('/').next().unwrap_or_default();
        format!("arn:aws:sts::{account}:assumed-role/{role}/{}", self.name)
    }

    /// Whether it is the account itself that has it.
    pub(crate) fn is_root(&self) -> bool {
        !self.role_arn.contains(":role/") && self.role_arn.ends_with(":root")
    }

    /// `{role's id}:{session}`.
    pub(crate) fn user_id(&self) -> String {
        format!("{}:{}", self.role_id, self.name)
    }
}

/// Credentials as SDKs take them.
pub(crate) struct Issued {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: String,
}

/// What tells the keys of sessions from others, as AWS's do.
const KEY_ID_PREFIX: &str = "ASIA";
const KEY_ID_ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// As long as AWS's.
const KEY_ID_LEN: usize = 20;
/// As many bytes as are 40 characters of base64.
const SECRET_BYTES: usize = 30;

/// Makes credentials for that session.
///
/// # Errors
/// An internal one if there is no root key.
pub(crate) fn issue(
    deployment: &Deployment,
    session: &RoleSession,
    random: &Random,
) -> Result<Issued, Error> {
    let vault = vault(deployment).ok_or_else(|| Error::bug("there is no root key"))?;
    let tail = random.text(KEY_ID_ALPHABET, KEY_ID_LEN - KEY_ID_PREFIX.len());
    let access_key_id = format!("{KEY_ID_PREFIX}{tail}");
    let plain = serde_json::to_vec(session).map_err(|_| Error::bug("a session is no JSON"))?;
    let sealed = vault.seal_bytes(Purpose::RoleSession, &access_key_id, &plain, random)?;
    Ok(Issued {
        secret_access_key: secret(&vault, &access_key_id),
        session_token: BASE64_STANDARD.encode(sealed),
        access_key_id,
    })
}

/// The session that a token says, and the secret that its holder must have signed with; nothing if
/// the two do not belong together. Whether it has expired is for the caller to see.
pub(crate) fn open(
    deployment: &Deployment,
    access_key_id: &str,
    token: &str,
) -> Option<(Box<RoleSession>, String)> {
    let vault = vault(deployment)?;
    let sealed = BASE64_STANDARD.decode(token).ok()?;
    let plain = vault.open_bytes(Purpose::RoleSession, access_key_id, &sealed)?;
    let session = serde_json::from_slice(&plain).ok()?;
    Some((session, secret(&vault, access_key_id)))
}

fn secret(vault: &Vault, access_key_id: &str) -> String {
    let bytes = vault.fingerprint(Purpose::SecretAccessKey, &[access_key_id.as_bytes()]);
    BASE64_STANDARD.encode(bytes.get(..SECRET_BYTES).unwrap_or_default())
}

/// Sessions are a matter of the whole account.
fn vault(deployment: &Deployment) -> Option<Vault> {
    let root = deployment.root_key.clone()?;
    Some(Vault::new(root, Place::Account.name()))
}
