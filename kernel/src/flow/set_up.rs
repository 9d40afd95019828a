//! `MFA_SETUP`: a user of whom the pool wants a second factor sets one up on the way in.
//!
//! An authenticator app goes round by `AssociateSoftwareToken` and `VerifySoftwareToken`, each of
//! which gives the session for the next step; an e-mail address is proved by `EMAIL_OTP`.

use alloc::string::String;

use data_encoding::BASE32_NOPAD;

use super::{
    Challenge, Door, Outcome,
    challenge_session::{self, ChallengeSession, Held, foreign},
    code::{self, To},
    next,
    passed::Passed,
    refuse_barred,
    respond::Answer,
    second_factor::names,
};
use crate::{
    cx::Cx,
    delivery::Medium,
    directory,
    error::{Code, Error},
    model::{
        attribute,
        factor::{Factor, SECRET_BYTES, SoftwareToken, shown},
        pool::Pool,
        session::Method,
        user::User,
    },
    shape::Choice,
    shapes::ChallengeName,
    store::Row,
};

const CHALLENGE: ChallengeName = ChallengeName::MfaSetup;

/// Asks for one of the factors that the pool takes.
pub(super) fn ask(
    cx: &Cx,
    door: &Door<'_>,
    user: &User,
    passed: Passed,
) -> Result<Challenge, Error> {
    let offered = Factor::ALL.map(|factor| door.pool.offers(factor).then_some(factor));
    let offered: alloc::vec::Vec<Factor> = offered.into_iter().flatten().collect();
    let parameters =
        [("MFAS_CAN_SETUP", names(&offered)), ("USER_ID_FOR_SRP", user.username.clone())];
    let asked = (CHALLENGE, passed, Held::Nothing);
    Challenge::in_session(cx, door, user, asked, parameters)
}

/// A secret for an authenticator app, and the session in which it is to show a code.
///
/// # Errors
/// `NotAuthorizedException` for a session that is none of a set-up;
/// `SoftwareTokenMFANotFoundException` if the pool takes no app.
pub(crate) fn associate(cx: &Cx, session: &str) -> Result<(String, String), Error> {
    let pool = cx.pool_here()?;
    let (session, user) = resume(cx, &pool, session)?;
    pool.require_software_tokens()?;
    session.spend(cx)?;
    let secret = shown(&cx.random.bytes::<SECRET_BYTES>());
    let held = Held::Secret(secret.clone());
    Ok((secret, renewed(cx, &pool, &user, (session, held))?))
}

/// Takes the first code of an app; gives the session that ends the set-up.
///
/// # Errors
/// Those of [`associate`]; `EnableSoftwareTokenMFAException` if the code is wrong, which leaves the
/// session good.
pub(crate) fn verify(cx: &Cx, session: &str, code: (&str, Option<&str>)) -> Result<String, Error> {
    let pool = cx.pool_here()?;
    let (session, mut user) = resume(cx, &pool, session)?;
    pool.require_software_tokens()?;
    let Held::Secret(secret) = &session.held else { return Err(foreign()) };
    let bug = |_| Error::bug("a session holds a secret that is none");
    let secret = BASE32_NOPAD.decode(secret.as_bytes()).map_err(bug)?;
    let token = SoftwareToken::new(cx, &user, &secret, code)?;
    let token = token.ok_or(Code::EnableSoftwareTokenMfa)?;
    let before = User::clone(&user);
    user.factors.token = Some(token);
    directory::save(cx, &pool, &before, &mut user)?;
    session.spend(cx)?;
    renewed(cx, &pool, &user, (session, Held::SetUp))
}

/// Takes what was set up.
pub(super) fn answer(cx: &Cx, door: &Door<'_>, answer: &Answer<'_>) -> Result<Outcome, Error> {
    let (session, mut user) = answer.resume(cx, door)?;
    if let Held::SetUp = session.held {
        if user.factors.token.is_none() {
            return Err(foreign());
        }
        let before = User::clone(&user);
        user.factors.enable(Factor::SoftwareToken, true);
        directory::save(cx, door.pool, &before, &mut user)?;
        session.spend(cx)?;
        return next(cx, door, &user, session.passed.and(Method::SoftwareToken));
    }
    refuse_factored(door.pool, &user)?;
    let Some(email) = answer.responses.get("EMAIL").filter(|_| door.pool.offers(Factor::Email))
    else {
        let message = "The software token has not been verified.";
        return Err(Error::saying(Code::InvalidParameter, message));
    };
    if !attribute::is_email(email) {
        return Err(Error::saying(Code::InvalidParameter, "Invalid email address format."));
    }
    session.spend(cx)?;
    let to =
        To { medium: Medium::Email, destination: email.clone(), is_new: true, redirect_uri: None };
    let asked = (Factor::Email.challenge(), session.passed);
    code::ask_at(cx, door, &user, asked, to).map(Outcome::Challenge)
}

/// Opens the session of a set-up that comes without the user's name.
fn resume<'cx>(
    cx: &'cx Cx,
    pool: &Pool,
    session: &str,
) -> Result<(ChallengeSession, Row<'cx, User>), Error> {
    let session = challenge_session::open(cx, CHALLENGE.wire(), session)?;
    let user = directory::find(cx, pool, session.username())?;
    let user = user.filter(|user| session.is_of(user)).ok_or_else(foreign)?;
    refuse_barred(&user)?;
    refuse_factored(pool, &user)?;
    Ok((session, user))
}

/// Whoever has a factor meanwhile is asked for it: a session from before opens no way around.
fn refuse_factored(pool: &Pool, user: &User) -> Result<(), Error> {
    if user.usable_factors(pool).is_empty() { Ok(()) } else { Err(foreign()) }
}

/// The session of the next step.
fn renewed(
    cx: &Cx,
    pool: &Pool,
    user: &User,
    (session, held): (ChallengeSession, Held),
) -> Result<String, Error> {
    let (_, client) = cx.client(&session.client_id().into())?;
    let door = Door { pool, client: &client, is_admin: false };
    challenge_session::mint(cx, &door, user.into(), (CHALLENGE.wire(), session.passed, held))
}
