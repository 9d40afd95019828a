//! `WEB_AUTHN`: a passkey signs a challenge.
//!
//! The challenge travels in the session, sealed. A wrong proof leaves the session good and is not
//! counted: nobody guesses a signature, and failures would lock out whoever has the passkey.

pub(crate) mod registration;

use super::{
    Challenge, Door, Outcome,
    candidate::Candidate,
    challenge_session::{Held, foreign},
    next,
    passed::Passed,
    refuse_barred, required,
    respond::Answer,
};
use crate::{
    cx::Cx,
    error::{Code, Error},
    model::{
        factor::passkey::{self, Passkey},
        session::Method,
    },
    shapes::ChallengeName,
    store::keys,
    webauthn::{Assertion, Expected, Fault, Key, RelyingParty},
};

const CHALLENGE_BYTES: usize = 32;

/// Asks for a proof by one of the user's passkeys; a name that stands for nobody is asked for one
/// that nobody has.
pub(super) fn ask(
    cx: &Cx,
    door: &Door<'_>,
    candidate: &Candidate<'_>,
    passed: Passed,
) -> Result<Challenge, Error> {
    let id = relying_party(cx, door)?;
    let challenge = cx.random.bytes::<CHALLENGE_BYTES>();
    let asked = (id.as_str(), challenge.as_slice());
    let key = candidate.key(door);
    let passkeys = passkey::of_user(cx, &key, &id)?;
    let mut options = passkey::request(door.pool, &passkeys, asked);
    if door.client.hides_users() {
        // For a user it is done as well, and takes as long.
        let in_vain = passkey::request_in_vain(cx, (door.pool, &key), asked)?;
        if candidate.user().is_none() {
            options = in_vain;
        }
    }
    let shown = candidate.shown(cx, door)?;
    let parameters = [
        ("CREDENTIAL_REQUEST_OPTIONS", options),
        ("USERNAME", shown.clone()),
        ("USER_ID_FOR_SRP", shown),
    ];
    let asked = (ChallengeName::WebAuthn, passed, Held::Challenge(challenge.into()));
    Challenge::in_session(cx, door, candidate.whom(), asked, parameters)
}

/// Takes the proof.
pub(super) fn answer(cx: &Cx, door: &Door<'_>, answer: &Answer<'_>) -> Result<Outcome, Error> {
    let given = required(answer.responses, "CREDENTIAL")?;
    let (session, candidate) = answer.candidate(cx, door)?;
    let Held::Challenge(challenge) = &session.held else { return Err(foreign()) };
    let assertion = Assertion::read(given).map_err(refused)?;
    let id = relying_party(cx, door)?;
    let record = keys::passkey(&candidate.key(door), &assertion.id());
    let known = cx.get::<Passkey>(record)?.filter(|passkey| passkey.relying_party == id);
    let relying_party = RelyingParty { id: &id, verifies_users: door.pool.verifies_holders() };
    let (Candidate::User(user), Some(mut known)) = (candidate, known) else {
        let expected = Expected { challenge, relying_party, user: b"" };
        // The work is done all the same; whatever comes of it proves nothing.
        let _ = assertion.check(cx.crypto(), &mut Key::of_nobody(), &expected);
        return Err(refused(Fault::Unproved));
    };
    let expected = Expected { challenge, relying_party, user: user.sub.as_bytes() };
    let is_verified = assertion.check(cx.crypto(), &mut known.key, &expected).map_err(refused)?;
    refuse_barred(&user)?;
    known.save()?;
    session.spend(cx)?;
    let method = match known.key.is_backup_eligible {
        true => Method::SoftwareKey,
        false => Method::HardwareKey,
    };
    let is_for_two = is_verified && user.has_two_factors_in_one(door.pool);
    next(cx, door, &user, session.passed.with_passkey(method, is_for_two))
}

/// The domain for which passkeys are asked.
fn relying_party(cx: &Cx, door: &Door<'_>) -> Result<alloc::string::String, Error> {
    let id = passkey::relying_party(cx, door.pool)?.filter(|_| door.pool.takes_passkeys());
    // The pool was changed since the user was asked.
    id.ok_or_else(foreign)
}

/// Whatever is wrong with a proof is told the same way, but for one that is none.
fn refused(fault: Fault) -> Error {
    match fault {
        Fault::Malformed => Error::saying(Code::InvalidParameter, "Invalid CREDENTIAL."),
        Fault::Origin | Fault::RelyingParty | Fault::Unproved | Fault::Unsupported => {
            Error::saying(Code::NotAuthorized, "Invalid passkey credential.")
        }
    }
}
