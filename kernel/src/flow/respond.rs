//! The further steps: `RespondToAuthChallenge` and `AdminRespondToAuthChallenge`.

use alloc::string::String;

use super::{
    Door, Outcome, Parameters,
    challenge_session::{self, ChallengeSession, foreign},
    code, new_password, refuse_barred, required, second_factor, set_up, software_token, srp,
};
use crate::{
    access::client_secret,
    cx::Cx,
    directory,
    error::{Code, Error},
    model::{factor::Factor, user::User},
    shapes::ChallengeName,
    store::Row,
};

/// An answer to a challenge.
pub(crate) struct Answer<'a> {
    pub(crate) challenge: ChallengeName,
    pub(crate) session: Option<&'a str>,
    pub(crate) responses: &'a Parameters,
}

/// Takes the answer to a challenge.
///
/// [`token::ready`](crate::token::ready) must have been awaited in this call.
///
/// # Errors
/// `NotAuthorizedException` for a challenge that is not asked here; those of each challenge.
pub(crate) fn respond(cx: &Cx, door: &Door<'_>, answer: &Answer<'_>) -> Result<Outcome, Error> {
    match answer.challenge {
        ChallengeName::PasswordVerifier => srp::verify(cx, door, answer.responses),
        ChallengeName::NewPasswordRequired => new_password::answer(cx, door, answer),
        ChallengeName::SelectMfaType => second_factor::choose(cx, door, answer),
        ChallengeName::MfaSetup => set_up::answer(cx, door, answer),
        ChallengeName::SmsMfa => code::answer(cx, door, answer, ("SMS_MFA_CODE", Factor::Sms)),
        ChallengeName::EmailOtp => {
            code::answer(cx, door, answer, ("EMAIL_OTP_CODE", Factor::Email))
        }
        ChallengeName::SoftwareTokenMfa => software_token::answer(cx, door, answer),
        // No session of these was ever given to anybody.
        _ => Err(foreign()),
    }
}

impl Answer<'_> {
    /// What was asked, and the user who answers.
    ///
    /// # Errors
    /// `InvalidParameterException` if something is missing; `NotAuthorizedException` for a wrong
    /// secret hash, and for a session that is used, expired, of another client, user or challenge;
    /// why the user may not sign in.
    pub(super) fn resume<'cx>(
        &self,
        cx: &'cx Cx,
        door: &Door<'_>,
    ) -> Result<(ChallengeSession, Row<'cx, User>), Error> {
        let (session, name) = self.open(cx, door)?;
        let user = directory::find(cx, door.pool, session.username())?.ok_or_else(foreign)?;
        let named = directory::find(cx, door.pool, name)?;
        let is_same = session.is_of(&user) && named.is_some_and(|named| named.sub == user.sub);
        if !is_same {
            return Err(foreign());
        }
        refuse_barred(&user)?;
        Ok((session, user))
    }

    /// What was asked, and the name of who answers.
    fn open(&self, cx: &Cx, door: &Door<'_>) -> Result<(ChallengeSession, &str), Error> {
        let name = required(self.responses, "USERNAME")?;
        let hash = self.responses.get("SECRET_HASH").map(String::as_str);
        client_secret::secret_hash_if_any(cx, door.client, name, hash)?;
        let missing =
            || Error::saying(Code::InvalidParameter, "Missing required parameter Session");
        let session = self.session.ok_or_else(missing)?;
        let session = challenge_session::open(cx, self.challenge, session)?;
        if session.client_id() != door.client.id {
            return Err(foreign());
        }
        Ok((session, name))
    }
}
