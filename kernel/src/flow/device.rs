//! `DEVICE_SRP_AUTH` and `DEVICE_PASSWORD_VERIFIER`: a device proves the password that it made.

use alloc::string::String;

use super::{
    Challenge, Door, Outcome,
    challenge_session::{Held, foreign},
    lockout, next,
    passed::Passed,
    required,
    respond::Answer,
    srp::{self, Claim},
    wrong_password,
};
use crate::{
    cx::Cx,
    error::Error,
    model::{
        device::{self, Device, identity},
        subject::Subject,
        user::User,
    },
    shapes::ChallengeName,
    store::Row,
};

/// The device that a user says to be at, if the pool tracks any.
///
/// # Errors
/// `ResourceNotFoundException` if it is none of the user's.
pub(super) fn named<'cx>(
    cx: &'cx Cx,
    door: &Door<'_>,
    user: &User,
    passed: &Passed,
) -> Result<Option<Row<'cx, Device>>, Error> {
    let key = passed.device.as_deref().filter(|_| door.pool.tracks_devices().is_some());
    let user = door.pool.key_of(&user.username);
    key.map(|key| device::find(cx, &user, key)).transpose()
}

/// Asks for the device's proof.
pub(super) fn ask(
    cx: &Cx,
    door: &Door<'_>,
    user: &User,
    passed: Passed,
) -> Result<Challenge, Error> {
    let asked = (ChallengeName::DeviceSrpAuth, passed, Held::Nothing);
    Challenge::in_session(cx, door, user, asked, [("USER_ID_FOR_SRP", user.username.clone())])
}

/// Takes A, gives B and the block.
pub(super) fn begin(cx: &Cx, door: &Door<'_>, answer: &Answer<'_>) -> Result<Outcome, Error> {
    required(answer.responses, "DEVICE_KEY")?;
    let public_a = srp::public_a(answer.responses)?;
    let (session, user) = answer.resume(cx, door)?;
    let device = answered_for(cx, door, &user, (answer, &session.passed))?;
    let verifier = device.verifier(cx)?;
    let [public_b, block] = srp::answered(cx, door, (&public_a, &verifier), (&device.key, None))?;
    session.spend(cx)?;
    let asked = (ChallengeName::DevicePasswordVerifier, session.passed, Held::Nothing);
    let parameters = [
        ("DEVICE_KEY", device.key.clone()),
        ("SALT", device.salt.clone()),
        ("SECRET_BLOCK", block),
        ("SRP_B", public_b),
        ("USERNAME", user.username.clone()),
        ("USER_ID_FOR_SRP", user.username.clone()),
    ];
    Challenge::in_session(cx, door, &user, asked, parameters).map(Outcome::Challenge)
}

/// Takes the proof. A wrong one leaves the session good, and is counted.
pub(super) fn answer(cx: &Cx, door: &Door<'_>, answer: &Answer<'_>) -> Result<Outcome, Error> {
    required(answer.responses, "DEVICE_KEY")?;
    let claim = Claim::read(answer.responses)?;
    let (session, user) = answer.resume(cx, door)?;
    let key = door.pool.key_of(&user.username).into_owned();
    lockout::refuse_locked(cx, Subject::User(&key))?;
    let mut device = answered_for(cx, door, &user, (answer, &session.passed))?;
    let (group, device_key) = (door.pool.device_group(), device.key.clone());
    let verifier = device.verifier(cx)?;
    if !claim.is_of_device(cx, door, (&verifier, identity(&group, &device_key)))? {
        lockout::count_failure(cx, Subject::User(&key))?;
        return Err(wrong_password());
    }
    device.authenticated_ms = cx.now_ms();
    device.address.clone_from(&cx.caller.address);
    device.save()?;
    session.spend(cx)?;
    next(cx, door, &user, Passed { has_device: true, ..session.passed })
}

/// The device of the sign-in, which must be the one that answers.
fn answered_for<'cx>(
    cx: &'cx Cx,
    door: &Door<'_>,
    user: &User,
    (answer, passed): (&Answer<'_>, &Passed),
) -> Result<Row<'cx, Device>, Error> {
    if answer.responses.get("DEVICE_KEY").map(String::as_str) != passed.device.as_deref() {
        return Err(foreign());
    }
    named(cx, door, user, passed)?.ok_or_else(foreign)
}
