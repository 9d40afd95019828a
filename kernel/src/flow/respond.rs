//! The further steps: `RespondToAuthChallenge` and `AdminRespondToAuthChallenge`.

use alloc::{boxed::Box, string::String};

use super::{
    Door, Outcome, Parameters,
    candidate::{Candidate, named},
    challenge_session::{self, ChallengeSession, foreign},
    choice, code, custom, device, new_password, passkey, refuse_barred, required, second_factor,
    set_up, software_token, srp,
};
use crate::{
    access::client_secret,
    cx::Cx,
    error::{Code, Error},
    model::{factor::Factor, user::User},
    shape::Choice,
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
        ChallengeName::CustomChallenge => custom::answer(cx, door, answer),
        ChallengeName::AdminNoSrpAuth if door.is_admin => custom::password(cx, door, answer),
        ChallengeName::PasswordVerifier => match custom::verify(cx, door, answer)? {
            Some(outcome) => Ok(outcome),
            None => srp::verify(cx, door, answer.responses),
        },
        ChallengeName::NewPasswordRequired => new_password::answer(cx, door, answer),
        ChallengeName::SelectMfaType => second_factor::choose(cx, door, answer),
        ChallengeName::MfaSetup => set_up::answer(cx, door, answer),
        ChallengeName::DeviceSrpAuth => device::begin(cx, door, answer),
        ChallengeName::DevicePasswordVerifier => device::answer(cx, door, answer),
        ChallengeName::SelectChallenge => choice::choose(cx, door, answer),
        ChallengeName::Password => choice::password(cx, door, answer),
        ChallengeName::PasswordSrp => choice::srp(cx, door, answer),
        ChallengeName::SmsOtp => code::answer(cx, door, answer, ("SMS_OTP_CODE", Factor::Sms)),
        ChallengeName::SmsMfa => code::answer(cx, door, answer, ("SMS_MFA_CODE", Factor::Sms)),
        ChallengeName::EmailOtp => {
            code::answer(cx, door, answer, ("EMAIL_OTP_CODE", Factor::Email))
        }
        ChallengeName::WebAuthn => passkey::answer(cx, door, answer),
        ChallengeName::SoftwareTokenMfa => software_token::answer(cx, door, answer),
        // No session of these was ever given to anybody.
        _ => Err(foreign()),
    }
}

impl Answer<'_> {
    /// What was asked, and the user who answers.
    ///
    /// # Errors
    /// Those of [`Self::candidate`]; why the user may not sign in.
    pub(super) fn resume<'cx>(
        &self,
        cx: &'cx Cx,
        door: &Door<'_>,
    ) -> Result<(ChallengeSession, Row<'cx, User>), Error> {
        match self.candidate(cx, door)? {
            (session, Candidate::User(user)) => {
                refuse_barred(&user)?;
                Ok((session, *user))
            }
            (_, Candidate::Nobody(_)) => Err(foreign()),
        }
    }

    /// What was asked, and who answers, who may be nobody where users are hidden.
    ///
    /// # Errors
    /// `InvalidParameterException` if something is missing; `NotAuthorizedException` for a wrong
    /// secret hash, and for a session that is used, expired, of another client, user or challenge.
    pub(super) fn candidate<'cx>(
        &self,
        cx: &'cx Cx,
        door: &Door<'_>,
    ) -> Result<(ChallengeSession, Candidate<'cx>), Error> {
        let name = required(self.responses, "USERNAME")?;
        let hash = self.responses.get("SECRET_HASH").map(String::as_str);
        client_secret::secret_hash_if_any(cx, door.client, name, hash)?;
        let missing =
            || Error::saying(Code::InvalidParameter, "Missing required parameter Session");
        let session = self.session.ok_or_else(missing)?;
        let mut session = challenge_session::open(cx, self.challenge.wire(), session)?;
        if session.client_id() != door.client.id {
            return Err(foreign());
        }
        session.passed = session.passed.at_device(self.responses);
        let user = named(cx, door, session.username())?;
        let named = named(cx, door, name)?;
        if session.is_of_nobody() {
            let nobody = Candidate::Nobody(session.username().into());
            let is_same = named.is_none()
                && user.is_none()
                && (door.pool.fold(name) == session.username() || nobody.shown(cx, door)? == name);
            return is_same.then_some((session, nobody)).ok_or_else(foreign);
        }
        let user = user.ok_or_else(foreign)?;
        let is_same = session.is_of(&user) && named.is_some_and(|named| named.sub == user.sub);
        is_same.then(|| (session, Candidate::User(Box::new(user)))).ok_or_else(foreign)
    }
}
