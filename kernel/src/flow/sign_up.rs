//! From a sign-up straight to the first sign-in: the code that confirmed the user is its first
//! factor, for as long as a challenge may be answered.

use alloc::string::String;

use super::{
    Door, Outcome,
    challenge_session::{self, CONFIRMED, Held, SIGNED_UP, Whom, foreign},
    next,
    passed::Passed,
    refuse_barred,
    step_up::Wanted,
};
use crate::{
    cx::Cx,
    delivery::Medium,
    directory,
    error::Error,
    model::{session::Method, user::User},
    shapes::ExplicitAuthFlow,
};

/// The session that `SignUp` gives to clients whose users may choose how to sign in.
pub(crate) fn begun(cx: &Cx, door: &Door<'_>, user: &User) -> Result<Option<String>, Error> {
    if !door.client.allows(&[ExplicitAuthFlow::AllowUserAuth]) {
        return Ok(None);
    }
    let held = (SIGNED_UP, Passed::default(), Held::Nothing);
    challenge_session::mint(cx, door, Whom::User(user), held).map(Some)
}

/// The session that `ConfirmSignUp` gives: the code that came back proved the address, whether the
/// session of `SignUp` came with it or not, which is used up if it did.
pub(crate) fn confirmed(
    cx: &Cx,
    door: &Door<'_>,
    user: &User,
    (given, attribute): (Option<&str>, &str),
) -> Result<Option<String>, Error> {
    if !door.client.allows(&[ExplicitAuthFlow::AllowUserAuth]) {
        return Ok(None);
    }
    let session = given.and_then(|given| challenge_session::open(cx, SIGNED_UP, given).ok());
    if let Some(session) = session.filter(|session| session.is_of(user)) {
        session.spend(cx)?;
    }
    let method = match Medium::of_attribute(attribute) {
        Some(Medium::Sms) => Method::Sms,
        Some(Medium::Email) | None => Method::Email,
    };
    let held = (CONFIRMED, Passed::default().and(method), Held::Nothing);
    challenge_session::mint(cx, door, Whom::User(user), held).map(Some)
}

/// Signs in whoever has just confirmed.
///
/// # Errors
/// `NotAuthorizedException` for a session that is none, over, or somebody else's.
pub(super) fn sign_in(
    cx: &Cx,
    door: &Door<'_>,
    (name, given): (&str, &str),
    wanted: &Wanted,
) -> Result<Outcome, Error> {
    let session = challenge_session::open(cx, CONFIRMED, given)?;
    let user = directory::find(cx, door.pool, name)?.ok_or_else(foreign)?;
    if session.client_id() != door.client.id || !session.is_of(&user) {
        return Err(foreign());
    }
    refuse_barred(&user)?;
    session.spend(cx)?;
    let target = wanted.target(cx, door, Some(&user))?;
    next(cx, door, &user, Passed { target, ..session.passed })
}
