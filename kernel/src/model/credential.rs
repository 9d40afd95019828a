//! A user's password: what is kept of it, and how a clear one is checked.
//!
//! One that came from elsewhere, as another system's hash or as a verifier of another pool, is
//! checked as it came. The first time that somebody proves it in clear text it is made anew for
//! its pool; SRP works from then on.

mod clear;
mod hash;
mod hashes;
mod salt;

pub(crate) use clear::Clear;
pub(crate) use hash::{Cost, PasswordHash};
pub(crate) use hashes::{cost_for_nobody, recount};

use alloc::{boxed::Box, string::String};

use serde::{Deserialize, Serialize};

use crate::{
    crypto::{Purpose, Sealed},
    cx::Cx,
    error::Error,
    srp::{Identity, Salt, Verifier},
};

/// A password as an SRP verifier (RFC 2945 §3, Cognito's arithmetic), sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Credential {
    #[serde(with = "salt")]
    salt: [u8; 16],
    verifier: Sealed,
    /// A temporary password stops working then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires_ms: Option<u64>,
    pub(crate) set_ms: u64,
    /// How it came from elsewhere, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    foreign: Option<Box<Foreign>>,
}

/// A password that was not made here.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Foreign {
    /// A hash that was imported, in the place of the verifier.
    Hash { cost: Cost, sealed: Sealed },
    /// The verifier was made for the pool of that name.
    Pool { name: String },
}

/// Whose password it is: SRP mixes pool and user into it.
#[derive(Clone, Copy)]
pub(crate) struct Owner<'a> {
    /// The pool's id.
    pub(crate) pool_id: &'a str,
    /// The username as stored.
    pub(crate) username: &'a str,
}

impl<'a> Owner<'a> {
    pub(crate) fn identity(self) -> Identity<'a> {
        let pool_name = self.pool_id.rsplit_once('_').map_or("", |(_, suffix)| suffix);
        Identity { pool_name, user_id: self.username }
    }
}

impl Credential {
    /// The credential of a new password; `expires_ms` for a temporary one.
    pub(crate) fn new(
        cx: &Cx,
        owner: Owner<'_>,
        password: &str,
        expires_ms: Option<u64>,
    ) -> Result<Self, Error> {
        let salt = Salt::from_random(cx.random.bytes());
        let verifier = cx.srp().verifier(owner.identity(), password, &salt);
        let vault = cx.vault()?;
        let verifier =
            vault.seal(Purpose::Verifier, owner.username, verifier.as_bytes(), &cx.random)?;
        let (salt, set_ms) = (*salt.as_bytes(), cx.now_ms());
        Ok(Self { salt, verifier, expires_ms, set_ms, foreign: None })
    }

    /// The credential of a password of which there is but a hash.
    pub(crate) fn imported(cx: &Cx, owner: Owner<'_>, text: &str) -> Result<Option<Self>, Error> {
        let Some(hash) = PasswordHash::parse(text) else { return Ok(None) };
        let vault = cx.vault()?;
        let seal = |purpose, plain: &[u8]| vault.seal(purpose, owner.username, plain, &cx.random);
        Ok(Some(Self {
            salt: [0; 16],
            verifier: seal(Purpose::Verifier, b"")?,
            expires_ms: None,
            set_ms: cx.now_ms(),
            foreign: Some(Box::new(Foreign::Hash {
                cost: hash.cost,
                sealed: seal(Purpose::PasswordHash, text.as_bytes())?,
            })),
        }))
    }

    /// Whether that is the password.
    pub(crate) fn is(&self, cx: &Cx, owner: Owner<'_>, password: &str) -> Result<bool, Error> {
        if let Some(Foreign::Hash { sealed, .. }) = self.foreign.as_deref() {
            let text = cx.vault()?.open(Purpose::PasswordHash, owner.username, sealed)?;
            let hash = PasswordHash::try_from(text.clone());
            let hash = hash.map_err(|()| Error::bug("a hash is none"))?;
            let said = [text.as_slice(), password.as_bytes()];
            return Ok(cx.steering.once(&said, || hash.fits(password)));
        }
        let (salt, verifier) = self.open(cx, owner)?;
        let mut identity = owner.identity();
        if let Some(Foreign::Pool { name }) = self.foreign.as_deref() {
            identity.pool_name = name;
        }
        let said = [
            verifier.as_bytes().as_slice(),
            salt.as_bytes().as_slice(),
            identity.pool_name.as_bytes(),
            identity.user_id.as_bytes(),
            password.as_bytes(),
        ];
        Ok(cx.steering.once(&said, || cx.srp().matches(identity, password, &salt, &verifier)))
    }

    /// Whether SRP can't work until the password is made anew.
    pub(crate) const fn is_from_elsewhere(&self) -> bool {
        self.foreign.is_some()
    }

    /// What a guess costs, where the password is an imported hash.
    fn cost(&self) -> Option<Cost> {
        match self.foreign.as_deref()? {
            Foreign::Hash { cost, .. } => Some(*cost),
            Foreign::Pool { .. } => None,
        }
    }

    /// Salt and verifier, for SRP; where there is a hash in their place, some that fit no password.
    pub(crate) fn open(&self, cx: &Cx, owner: Owner<'_>) -> Result<(Salt, Verifier), Error> {
        if self.cost().is_some() {
            let (salt, verifier, _) = simulated(cx, owner.username)?;
            return Ok((salt, verifier));
        }
        let bytes = cx.vault()?.open(Purpose::Verifier, owner.username, &self.verifier)?;
        let salt = Salt::from_bytes(self.salt).ok_or_else(|| Error::bug("a salt begins with 0"))?;
        let verifier =
            Verifier::from_bytes(&bytes).map_err(|_| Error::bug("a verifier is not one"))?;
        Ok((salt, verifier))
    }

    /// A temporary password that was not changed in time.
    pub(crate) fn is_expired(&self, now_ms: u64) -> bool {
        self.expires_ms.is_some_and(|expires_ms| expires_ms <= now_ms)
    }
}

/// What an unknown user is answered with: salt and verifier that are the same each time for a name,
/// and fit no password that anybody knows.
pub(crate) fn simulated(cx: &Cx, name: &str) -> Result<(Salt, Verifier, String), Error> {
    let vault = cx.vault()?;
    let part = |label: &[u8]| vault.fingerprint(Purpose::Simulation, &[label, name.as_bytes()]);
    let (mut salt, mut id) = ([0; 16], [0; 16]);
    salt.copy_from_slice(part(b"salt").split_at(16).0);
    id.copy_from_slice(part(b"id").split_at(16).0);
    let salt = Salt::from_random(salt);
    let mut verifier = [0; 384];
    for (block, n) in verifier.chunks_mut(32).zip(0u8..) {
        block.copy_from_slice(&part(&[b'v', n]));
    }
    // Below N, whose first bits are all ones.
    verifier[0] &= 0x7f;
    let verifier = Verifier::from_bytes(&verifier).map_err(|_| Error::bug("no such verifier"))?;
    let id = uuid::Builder::from_random_bytes(id).into_uuid();
    Ok((salt, verifier, alloc::string::ToString::to_string(&id)))
}
