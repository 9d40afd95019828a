//! The challenge of a registration: sealed, bound to a user and a client, good once and not for
//! long. A registration that is given up leaves nothing behind.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::super::challenge_session::{self, nonce};
use crate::{
    crypto::Purpose,
    cx::Cx,
    error::{Code, Error},
    model::{factor::passkey::TIMEOUT_MS, user::User},
    store::keys,
};

#[derive(Serialize, Deserialize)]
struct Challenge {
    client_id: String,
    expires_ms: u64,
    nonce: String,
}

fn bound_to(user: &User) -> String {
    ["passkey ", &user.sub].concat()
}

/// A challenge for a user who is signed in through that client.
pub(crate) fn mint(cx: &Cx, user: &User, client_id: &str) -> Result<Vec<u8>, Error> {
    let challenge = Challenge {
        client_id: client_id.into(),
        expires_ms: cx.now_ms() + TIMEOUT_MS,
        nonce: nonce(cx),
    };
    let bug = |_| Error::bug("a challenge does not serialise");
    let plain = serde_json::to_vec(&challenge).map_err(bug)?;
    cx.vault()?.seal_bytes(Purpose::Session, &bound_to(user), &plain, &cx.random)
}

/// Uses a challenge up.
///
/// # Errors
/// `WebAuthnChallengeNotFoundException` if it is none of the user's, was used or has expired;
/// `WebAuthnClientMismatchException` if it was given through another client.
pub(crate) fn spend(cx: &Cx, user: &User, client_id: &str, given: &[u8]) -> Result<(), Error> {
    let plain = cx.vault()?.open_bytes(Purpose::Session, &bound_to(user), given);
    let challenge = plain.and_then(|plain| serde_json::from_slice::<Challenge>(&plain).ok());
    let is_live = |challenge: &Challenge| challenge.expires_ms > cx.now_ms();
    let Some(challenge) = challenge.filter(is_live) else {
        return Err(Code::WebAuthnChallengeNotFound.into());
    };
    if cx.has(&keys::spent(challenge.expires_ms, &challenge.nonce))? {
        return Err(Code::WebAuthnChallengeNotFound.into());
    }
    if challenge.client_id != client_id {
        return Err(Code::WebAuthnClientMismatch.into());
    }
    challenge_session::spend(cx, challenge.expires_ms, &challenge.nonce)
}
