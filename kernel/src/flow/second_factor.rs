//! Which second factor is asked for? `SELECT_MFA_TYPE` where the user has several and prefers none,
//! `MFA_SETUP` where the pool wants one and the user has none.

use alloc::{string::ToString, vec::Vec};

use super::{
    Challenge, Door, Outcome, challenge_session::Held, code, passed::Passed, required,
    respond::Answer, set_up, software_token, step_up,
};
use crate::{
    cx::Cx,
    error::{Code, Error},
    model::{factor::Factor, user::User},
    shape::Json,
    shapes::{ChallengeName, UserPoolMfa},
};

/// Asks for a second factor, if one is wanted.
pub(super) fn ask(
    cx: &Cx,
    door: &Door<'_>,
    user: &User,
    passed: &Passed,
) -> Result<Option<Challenge>, Error> {
    let wants_one = door.pool.mfa() == UserPoolMfa::On && !passed.has_second;
    let challenge = match *factors(door, user, passed).as_slice() {
        [] if wants_one && user.usable_factors(door.pool).is_empty() => {
            set_up::ask(cx, door, user, passed.clone())?
        }
        [] if passed.is_short() => return Err(step_up::out_of_reach()),
        [] => return Ok(None),
        [factor] => ask_for(cx, door, user, (factor, passed.clone()))?,
        ref several => {
            let asked = (ChallengeName::SelectMfaType, passed.clone(), Held::Nothing);
            let parameters =
                [("MFAS_CAN_CHOOSE", names(several)), ("USER_ID_FOR_SRP", user.username.clone())];
            Challenge::in_session(cx, door, user, asked, parameters)?
        }
    };
    Ok(Some(challenge))
}

/// Takes the choice of one.
pub(super) fn choose(cx: &Cx, door: &Door<'_>, answer: &Answer<'_>) -> Result<Outcome, Error> {
    let chosen = required(answer.responses, "ANSWER")?;
    let (session, user) = answer.resume(cx, door)?;
    let factors = factors(door, &user, &session.passed);
    let chosen = Factor::named(chosen).filter(|chosen| factors.contains(chosen));
    let chosen = chosen.ok_or_else(|| {
        Error::saying(Code::InvalidParameter, "ANSWER is none of MFAS_CAN_CHOOSE.")
    })?;
    session.spend(cx)?;
    ask_for(cx, door, &user, (chosen, session.passed)).map(Outcome::Challenge)
}

/// Those that may be asked for: those that the user signs in with, or, where none of them would make
/// the sign-in as sure as it is to be, any other that would.
fn factors(door: &Door<'_>, user: &User, passed: &Passed) -> Vec<Factor> {
    let mut usual = user.second_factors(door.pool);
    usual.retain(|factor| passed.suffices_with(*factor));
    if !usual.is_empty() || !passed.is_short() {
        return usual;
    }
    let mut further = user.further_factors(door.pool);
    further.retain(|factor| passed.suffices_with(*factor));
    further
}

fn ask_for(
    cx: &Cx,
    door: &Door<'_>,
    user: &User,
    (factor, passed): (Factor, Passed),
) -> Result<Challenge, Error> {
    match factor.medium() {
        None => software_token::ask(cx, door, user, passed),
        Some(medium) => code::ask(cx, door, user, (factor.challenge(), medium, passed)),
    }
}

/// The names of factors as a challenge's parameter has them: a JSON array.
pub(super) fn names(factors: &[Factor]) -> alloc::string::String {
    let names: Vec<Json> = factors.iter().map(|factor| Json::from(factor.wire())).collect();
    Json::Array(names).to_string()
}
