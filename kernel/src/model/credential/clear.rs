//! A credential without its seals, for the way from one deployment to another.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

use super::{Credential, Foreign, Owner};
use crate::{
    crypto::Purpose,
    cx::Cx,
    error::{Code, Error},
    srp::{Salt, Verifier},
};

/// What a password is checked against, in clear.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Clear {
    set_ms: u64,
    expires_ms: Option<u64>,
    #[serde(flatten)]
    proof: Proof,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Proof {
    /// As another system made it.
    Hash(String),
    /// Salt and verifier in base64, and the name of the pool that they were made for.
    Srp { salt: String, verifier: String, pool_name: Option<String> },
}

impl core::fmt::Debug for Clear {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Clear")
    }
}

impl Credential {
    /// The credential without its seals.
    pub(crate) fn reveal(&self, cx: &Cx, owner: Owner<'_>) -> Result<Clear, Error> {
        let open = |purpose, sealed| cx.vault()?.open(purpose, owner.username, sealed);
        let proof = match self.foreign.as_deref() {
            Some(Foreign::Hash { sealed, .. }) => {
                let text = String::from_utf8(open(Purpose::PasswordHash, sealed)?);
                Proof::Hash(text.map_err(|_| Error::bug("a hash is no text"))?)
            }
            other => Proof::Srp {
                salt: BASE64_STANDARD.encode(self.salt),
                verifier: BASE64_STANDARD.encode(open(Purpose::Verifier, &self.verifier)?),
                pool_name: match other {
                    Some(Foreign::Pool { name }) => Some(name.clone()),
                    _ => None,
                },
            },
        };
        Ok(Clear { set_ms: self.set_ms, expires_ms: self.expires_ms, proof })
    }
}

impl Clear {
    /// The credential of a user here who had it in the pool of that name.
    ///
    /// # Errors
    /// `InvalidParameterException` if it is none.
    pub(crate) fn here(
        self,
        cx: &Cx,
        owner: Owner<'_>,
        pool_name: &str,
    ) -> Result<Credential, Error> {
        let refused =
            || Error::saying(Code::InvalidParameter, "The password of the user is spoiled.");
        let credential = match self.proof {
            Proof::Hash(text) => Credential::imported(cx, owner, &text)?.ok_or_else(refused)?,
            Proof::Srp { salt, verifier, pool_name: other } => {
                let decode = |text: &str| BASE64_STANDARD.decode(text).map_err(|_| refused());
                let salt = <[u8; 16]>::try_from(decode(&salt)?).map_err(|_: Vec<u8>| refused())?;
                let verifier = decode(&verifier)?;
                if Salt::from_bytes(salt).is_none() || Verifier::from_bytes(&verifier).is_err() {
                    return Err(refused());
                }
                let name = other.unwrap_or_else(|| pool_name.to_string());
                let vault = cx.vault()?;
                let verifier =
                    vault.seal(Purpose::Verifier, owner.username, &verifier, &cx.random)?;
                let is_own = name == owner.identity().pool_name;
                let foreign = (!is_own).then(|| Box::new(Foreign::Pool { name }));
                Credential { salt, verifier, expires_ms: None, set_ms: 0, foreign }
            }
        };
        Ok(Credential { set_ms: self.set_ms, expires_ms: self.expires_ms, ..credential })
    }
}
