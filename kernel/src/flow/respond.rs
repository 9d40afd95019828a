//! The further steps: `RespondToAuthChallenge` and `AdminRespondToAuthChallenge`.

use super::{Door, Outcome, Parameters, new_password, srp};
use crate::{
    cx::Cx,
    error::{Code, Error},
    shapes::ChallengeName,
};

/// Takes the answer to a challenge.
///
/// [`token::ready`](crate::token::ready) must have been awaited in this call.
///
/// # Errors
/// `InvalidParameterException` for a challenge that is not asked here; those of each challenge.
pub(crate) fn respond(
    cx: &Cx,
    door: &Door<'_>,
    challenge: ChallengeName,
    session: Option<&str>,
    responses: &Parameters,
) -> Result<Outcome, Error> {
    match challenge {
        ChallengeName::PasswordVerifier => srp::verify(cx, door, responses),
        ChallengeName::NewPasswordRequired => new_password::answer(cx, door, session, responses),
        // No session of these was ever given to anybody.
        _ => Err(Error::saying(Code::NotAuthorized, "Invalid session for the user.")),
    }
}
