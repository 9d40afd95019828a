//! `SECRET_BLOCK`: what the server must remember of a first step, sealed.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use crate::{crypto::Purpose, cx::Cx, error::Error};

const BOUND_TO: &str = "srp";
const FORM: u8 = 2;
const WIDTH: usize = 384;

/// What the server must remember of a first step.
pub(super) struct Block {
    pub(super) expires_ms: u64,
    pub(super) secret_b: [u8; 32],
    pub(super) public_a: [u8; WIDTH],
    pub(super) public_b: [u8; WIDTH],
    /// How sure the sign-in is to be; 0 if that was not asked.
    pub(super) target: u8,
    pub(super) client_id: String,
    pub(super) username: String,
}

impl Block {
    pub(super) fn seal(&self, cx: &Cx) -> Result<Vec<u8>, Error> {
        let mut plain = Vec::with_capacity(1024);
        plain.push(FORM);
        plain.extend_from_slice(&self.expires_ms.to_be_bytes());
        plain.extend_from_slice(&self.secret_b);
        plain.extend_from_slice(&self.public_a);
        plain.extend_from_slice(&self.public_b);
        plain.push(self.target);
        plain.extend_from_slice(self.client_id.as_bytes());
        plain.push(b'/');
        plain.extend_from_slice(self.username.as_bytes());
        cx.vault()?.seal_bytes(Purpose::Session, BOUND_TO, &plain, &cx.random)
    }

    pub(super) fn open(cx: &Cx, sealed: &[u8]) -> Result<Option<Self>, Error> {
        let plain = cx.vault()?.open_bytes(Purpose::Session, BOUND_TO, sealed);
        Ok(plain.and_then(|plain| Self::read(&plain)))
    }

    fn read(plain: &[u8]) -> Option<Self> {
        let (form, rest) = plain.split_first()?;
        let (expires_ms, rest) = rest.split_first_chunk::<8>()?;
        let (secret_b, rest) = rest.split_first_chunk::<32>()?;
        let (public_a, rest) = rest.split_first_chunk::<WIDTH>()?;
        let (public_b, rest) = rest.split_first_chunk::<WIDTH>()?;
        let (target, rest) = rest.split_first()?;
        let (client_id, username) = core::str::from_utf8(rest).ok()?.split_once('/')?;
        (*form == FORM).then(|| Self {
            expires_ms: u64::from_be_bytes(*expires_ms),
            secret_b: *secret_b,
            public_a: *public_a,
            public_b: *public_b,
            target: *target,
            client_id: client_id.to_string(),
            username: username.to_string(),
        })
    }
}
