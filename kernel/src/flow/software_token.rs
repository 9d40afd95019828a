//! `SOFTWARE_TOKEN_MFA`: the code of an authenticator app.

use super::{
    Challenge, Door, Outcome, challenge_session::Held, code, lockout, next, passed::Passed,
    required, respond::Answer,
};
use crate::{
    cx::Cx,
    directory,
    error::{Code, Error},
    model::{factor::Tried, session::Method, subject::Subject, user::User},
    shapes::ChallengeName,
};

/// Asks for a code.
pub(super) fn ask(
    cx: &Cx,
    door: &Door<'_>,
    user: &User,
    passed: Passed,
) -> Result<Challenge, Error> {
    let asked = (ChallengeName::SoftwareTokenMfa, passed, Held::Nothing);
    let id = [("USER_ID_FOR_SRP", user.username.clone())];
    let mut challenge = Challenge::in_session(cx, door, user, asked, id)?;
    if let Some(name) = user.factors.token.as_ref().and_then(|token| token.name.clone()) {
        challenge.parameters.insert("FRIENDLY_DEVICE_NAME".into(), name);
    }
    Ok(challenge)
}

/// Takes a code. A wrong one leaves the session good, and is counted.
pub(super) fn answer(cx: &Cx, door: &Door<'_>, answer: &Answer<'_>) -> Result<Outcome, Error> {
    let given = required(answer.responses, "SOFTWARE_TOKEN_MFA_CODE")?;
    let (session, mut user) = answer.resume(cx, door)?;
    let key = door.pool.key_of(&user.username).into_owned();
    lockout::refuse_locked(cx, Subject::User(&key))?;
    let before = User::clone(&user);
    let Some(token) = user.factors.token.as_mut() else {
        return Err(Code::SoftwareTokenMfaNotFound.into());
    };
    match token.take(cx, &before, given)? {
        Tried::Right => {}
        Tried::Used => {
            let message = "Your software token has already been used once.";
            return Err(Error::saying(Code::ExpiredCode, message));
        }
        Tried::Wrong => {
            lockout::count_failure(cx, Subject::User(&key))?;
            return Err(Error::saying(Code::CodeMismatch, code::WRONG_TOKEN));
        }
    }
    directory::save(cx, door.pool, &before, &mut user)?;
    session.spend(cx)?;
    next(cx, door, &user, session.passed.and(Method::SoftwareToken))
}
