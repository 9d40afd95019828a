//! What the authenticator says (`authenticatorData`, §6.1), which is what it signs.

use minicbor::Decoder;

use super::{Fault, RelyingParty};
use crate::crypto::{same, sha256};

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;
const EXTENDED: u8 = 1 << 7;

/// As long as an id may be (§4).
const ID_BYTES_MAX: usize = 1023;

/// The authenticator's words, read.
#[derive(Debug)]
pub(super) struct AuthenticatorData<'a> {
    domain_hash: &'a [u8],
    flags: u8,
    pub(super) counter: u32,
    pub(super) attested: Option<Attested<'a>>,
}

/// A new credential.
#[derive(Debug)]
pub(super) struct Attested<'a> {
    /// Which model of authenticator made it.
    pub(super) model: [u8; 16],
    pub(super) id: &'a [u8],
    /// A `COSE_Key`.
    pub(super) key: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    /// Reads all of `bytes`; nothing may be left over.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        Self::parse(bytes).ok_or(Fault::Malformed)
    }

    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (domain_hash, rest) = bytes.split_at_checked(32)?;
        let (&flags, rest) = rest.split_first()?;
        let (counter, mut rest) = rest.split_first_chunk::<4>()?;
        let counter = u32::from_be_bytes(*counter);
        let mut attested = None;
        if flags & ATTESTED != 0 {
            let (credential, after) = Attested::parse(rest)?;
            (attested, rest) = (Some(credential), after);
        }
        if flags & EXTENDED != 0 {
            rest = after_map(rest)?;
        }
        rest.is_empty().then_some(Self { domain_hash, flags, counter, attested })
    }

    /// Checks for whom it was said, and what of the user.
    pub(super) fn check(&self, relying_party: RelyingParty<'_>) -> Result<(), Fault> {
        if !same(self.domain_hash, &sha256(&[relying_party.id.as_bytes()])) {
            return Err(Fault::RelyingParty);
        }
        let is_wanted = !relying_party.verifies_users || self.is_user_verified();
        if !self.has(USER_PRESENT) || !is_wanted {
            return Err(Fault::Unsupported);
        }
        if self.is_backed_up() && !self.is_backup_eligible() {
            return Err(Fault::Malformed);
        }
        Ok(())
    }

    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    pub(super) fn is_user_verified(&self) -> bool {
        self.has(USER_VERIFIED)
    }

    pub(super) fn is_backup_eligible(&self) -> bool {
        self.has(BACKUP_ELIGIBLE)
    }

    pub(super) fn is_backed_up(&self) -> bool {
        self.has(BACKED_UP)
    }
}

impl<'a> Attested<'a> {
    fn parse(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (model, rest) = bytes.split_first_chunk::<16>()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (id, rest) = rest.split_at_checked(length)?;
        let after = after_map(rest)?;
        let (key, after) = rest.split_at_checked(rest.len() - after.len())?;
        let is_fit = (1..=ID_BYTES_MAX).contains(&id.len());
        is_fit.then_some((Self { model: *model, id, key }, after))
    }
}

/// What follows a CBOR map.
fn after_map(bytes: &[u8]) -> Option<&[u8]> {
    let mut decoder = Decoder::new(bytes);
    decoder.map().ok()??;
    decoder.set_position(0);
    decoder.skip().ok()?;
    bytes.get(decoder.position()..)
}
