//! A code that was sent: `SMS_MFA`, `SMS_OTP` and `EMAIL_OTP`.
//!
//! It travels in the session, sealed, so that nothing is kept of a sign-in that is given up, and
//! lives as long as that does.

use alloc::{
    boxed::Box,
    string::{String, ToString},
};

use super::{
    Challenge, Door, Outcome,
    candidate::Candidate,
    challenge_session::{Held, foreign},
    lockout, next,
    passed::Passed,
    refuse_barred, required,
    respond::Answer,
};
use crate::{
    crypto::same,
    cx::Cx,
    delivery::{
        Delivery, Medium, link, masked,
        sign_in::{self, SignInCode},
        verification::simulated_destination,
    },
    directory,
    error::{Code, Error},
    model::{
        factor::Factor,
        quota::{Effort, count},
        subject::Subject,
        user::User,
    },
    shape::Choice,
    shapes::ChallengeName,
};

/// What is said of a code that an authenticator app did not show.
pub(super) const WRONG_TOKEN: &str = "Invalid code received for user";
const WRONG: &str = "Invalid code or auth state for the user.";

/// As many digits as Cognito's have.
const fn digits(medium: Medium) -> usize {
    match medium {
        Medium::Email => 8,
        Medium::Sms => 6,
    }
}

/// Where a code goes.
pub(super) struct To {
    pub(super) medium: Medium,
    pub(super) destination: String,
    /// It is to become the user's address.
    pub(super) is_new: bool,
    /// Where a link leads that brings the code, if one is wanted.
    pub(super) redirect_uri: Option<String>,
}

/// Sends a code to the user's address.
pub(super) fn ask(
    cx: &Cx,
    door: &Door<'_>,
    user: &User,
    (name, medium, passed): (ChallengeName, Medium, Passed),
) -> Result<Challenge, Error> {
    let destination = user.attribute(medium.attribute()).unwrap_or_default().to_string();
    let to = To { medium, destination, is_new: false, redirect_uri: None };
    ask_at(cx, door, user, (name, passed), to)
}

/// Sends a code to an address, which need not be the user's yet.
///
/// # Errors
/// `TooManyRequestsException` if too many were sent lately.
pub(super) fn ask_at(
    cx: &Cx,
    door: &Door<'_>,
    user: &User,
    (name, passed): (ChallengeName, Passed),
    To { medium, destination, is_new, redirect_uri }: To,
) -> Result<Challenge, Error> {
    counted(cx, Subject::User(&door.pool.key_of(&user.username)))?;
    let code = cx.random.digits(digits(medium));
    let link = redirect_uri.map(|uri| link::to_sign_in(&uri, &code));
    let sent = SignInCode { medium, destination: &destination, code: &code, link };
    let delivery: Delivery = sign_in::message(cx, (door.pool, door.client), user, &sent)?;
    let parameters = [
        ("CODE_DELIVERY_DELIVERY_MEDIUM", medium.shown().wire().to_string()),
        ("CODE_DELIVERY_DESTINATION", masked(medium, &destination)),
        ("USER_ID_FOR_SRP", user.username.clone()),
    ];
    let asked = (name, passed, Held::Code { code, destination, is_new });
    let challenge = Challenge::in_session(cx, door, user, asked, parameters)?;
    Ok(Challenge { delivery: Some(Box::new(delivery)), ..challenge })
}

/// Says of a code that it was sent, to whom none is: a name that stands for nobody, or a user who
/// may not sign in, where users are hidden. It is counted all the same.
pub(super) fn ask_in_vain(
    cx: &Cx,
    door: &Door<'_>,
    candidate: &Candidate<'_>,
    (name, medium): (ChallengeName, Medium),
) -> Result<Challenge, Error> {
    let key = candidate.key(door);
    counted(cx, candidate.subject(&key))?;
    let (made_up, shown) = made_up(cx, door, (candidate, medium))?;
    let address = candidate.user().and_then(|user| user.attribute(medium.attribute()));
    let destination = address.map_or(made_up, |address| masked(medium, address));
    let code = cx.random.digits(digits(medium));
    let parameters = [
        ("CODE_DELIVERY_DELIVERY_MEDIUM", medium.shown().wire().to_string()),
        ("CODE_DELIVERY_DESTINATION", destination),
        ("USER_ID_FOR_SRP", shown),
    ];
    let held = Held::Code { code, destination: String::new(), is_new: false };
    let asked = (name, Passed::default(), held);
    Challenge::in_session(cx, door, candidate.whom(), asked, parameters)
}

/// Where a code would go, and under what name, if there were somebody to get it.
pub(super) fn made_up(
    cx: &Cx,
    door: &Door<'_>,
    (candidate, medium): (&Candidate<'_>, Medium),
) -> Result<(String, String), Error> {
    let made_up = simulated_destination(cx, &[medium], &candidate.key(door))?;
    Ok((made_up.destination.unwrap_or_default(), candidate.shown(cx, door)?))
}

fn counted(cx: &Cx, subject: Subject<'_>) -> Result<(), Error> {
    count(cx, subject, Effort::SignInCode)
        .map_err(|error| Error { code: Code::TooManyRequests, ..error })
}

/// Takes the code that came back. A wrong one leaves the session good, and is counted.
pub(super) fn answer(
    cx: &Cx,
    door: &Door<'_>,
    answer: &Answer<'_>,
    (parameter, factor): (&str, Factor),
) -> Result<Outcome, Error> {
    let given = required(answer.responses, parameter)?;
    let (session, candidate) = answer.candidate(cx, door)?;
    let key = candidate.key(door);
    lockout::refuse_locked(cx, candidate.subject(&key))?;
    let Held::Code { code, destination, is_new } = &session.held else { return Err(foreign()) };
    let is_right = same(code.as_bytes(), given.as_bytes()) && !destination.is_empty();
    let mut user = match candidate {
        Candidate::User(user) if is_right => user,
        candidate => {
            lockout::count_failure(cx, candidate.subject(&key))?;
            return Err(Error::saying(Code::CodeMismatch, WRONG));
        }
    };
    refuse_barred(&user)?;
    let attribute = factor.medium().map_or("", Medium::attribute);
    let stands = match user.attribute(attribute) {
        None => *is_new,
        Some(address) => !is_new && address == destination,
    };
    if !stands {
        // The address is another one since the code was sent.
        return Err(Code::ExpiredCode.into());
    }
    prove(cx, door, &mut user, (factor, attribute, destination), *is_new)?;
    session.spend(cx)?;
    next(cx, door, &user, session.passed.and(factor.method()))
}

/// The address is the user's, as is seen now.
fn prove(
    cx: &Cx,
    door: &Door<'_>,
    user: &mut crate::store::Row<'_, User>,
    (factor, attribute, destination): (Factor, &str, &str),
    is_new: bool,
) -> Result<(), Error> {
    if !is_new && user.is_verified(attribute) {
        return Ok(());
    }
    let before = User::clone(user);
    if is_new {
        user.attributes.insert(attribute.into(), destination.into());
        user.factors.enable(factor, true);
    }
    user.verify(attribute, true);
    let saved = cx.attempt(|| directory::save(cx, door.pool, &before, user));
    match saved {
        // Somebody else signs in by it: it is good for a code all the same.
        Err(error) if error.code == Code::AliasExists && !is_new => {
            **user = before;
            Ok(())
        }
        other => other,
    }
}
