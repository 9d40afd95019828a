//! `CUSTOM_AUTH`: functions of the operator's say what is asked, and what comes next.
//!
//! ```text
//! begun with SRP_A: rounds are [SRP_A]; else there are none
//! DefineAuthChallenge ── CUSTOM_CHALLENGE ──> CreateAuthChallenge ──> the user
//!                     ── PASSWORD_VERIFIER, straight after SRP_A ──> the user
//!                     ── ADMIN_NO_SRP_AUTH, through an administrator's door ──> the user
//!                     ── issueTokens ──> what follows a proof, if it has not been passed yet
//!                     ── failAuthentication ──> refused
//! an answer to CUSTOM_CHALLENGE ── VerifyAuthChallengeResponse ──> one more round, right or wrong
//! a proof of the password ── right ──> what follows one, then as many more rounds
//!                         ── wrong ──> refused, and counted
//! ```
//!
//! What follows a password is asked for as soon as it is proved: a new one, a second factor, the
//! device. The functions hear of it as of their own rounds.
//!
//! What the functions keep of a round travels in the session, sealed, and is good once: whoever is
//! refused can not try another answer.

mod custom_session;

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use custom_session::CustomSession;

use super::{
    Challenge, Door, Outcome, Parameters,
    candidate::Candidate,
    challenge_session::{Whom, foreign},
    next,
    passed::Passed,
    password as clear, refuse_barred, required,
    respond::Answer,
    srp, wrong_password,
};
use crate::{
    access::client_secret,
    cx::Cx,
    error::{Code, Error},
    model::{session::Method, user::User},
    shape::{Choice, Json, Map},
    shapes::{ChallengeName, ExplicitAuthFlow},
    trigger::{
        Occasion, create_auth_challenge,
        define_auth_challenge::{self, Next, Round},
        verify_auth_challenge_response,
    },
};

/// Functions that never come to an end are cut off here.
const ROUNDS_MAX: usize = 20;
/// What rounds may take of a session in which a second factor is asked for.
const KEPT_MAX: usize = 2000;
const SRP_A: &str = "SRP_A";
/// Marks a block whose proof is good within a custom sign-in alone: nobody gets past the functions
/// by leaving the session out.
const MARK: &str = "custom ";

/// The first step.
pub(super) fn start(cx: &Cx, door: &Door<'_>, parameters: &Parameters) -> Result<Outcome, Error> {
    let name = required(parameters, "USERNAME")?;
    // AWS's prose has one name of it, its SDKs another.
    let first = parameters.get("CHALLENGE_NAME").or_else(|| parameters.get("ChallengeName"));
    let rounds = match first.map(String::as_str) {
        None => Vec::new(),
        Some(SRP_A) => {
            required(parameters, SRP_A)?;
            vec![Round::new(SRP_A, true, None)]
        }
        Some(_) => {
            let message = "CHALLENGE_NAME can only be SRP_A.";
            return Err(Error::saying(Code::InvalidParameter, message));
        }
    };
    let hash = parameters.get("SECRET_HASH").map(String::as_str);
    client_secret::secret_hash(cx, door.client, name, hash)?;
    let candidate = Candidate::arrives(cx, door, name)?;
    refuse(door, &candidate)?;
    let passed = Passed::by_functions().at_device(parameters);
    let way = Way { door, whom: candidate.whom(), rounds, passed };
    way.go_on(cx, Some((parameters, &candidate)))
}

/// Whoever can not sign in learns so at once, but where users are hidden: there at the end.
fn refuse(door: &Door<'_>, candidate: &Candidate<'_>) -> Result<(), Error> {
    match candidate.user() {
        Some(user) if !door.client.hides_users() => refuse_barred(user),
        _ => Ok(()),
    }
}

/// The session of an answer, and who answers.
fn opened<'cx>(
    cx: &'cx Cx,
    door: &Door<'_>,
    given: &Answer<'_>,
) -> Result<(CustomSession, Candidate<'cx>), Error> {
    let name = required(given.responses, "USERNAME")?;
    let hash = given.responses.get("SECRET_HASH").map(String::as_str);
    client_secret::secret_hash_if_any(cx, door.client, name, hash)?;
    let missing = || Error::saying(Code::InvalidParameter, "Missing required parameter Session");
    let session = CustomSession::open(cx, given.session.ok_or_else(missing)?)?;
    let mut session = session.ok_or_else(foreign)?;
    session.passed = session.passed.at_device(given.responses);
    let candidate = session.candidate(cx, door, (given.challenge.wire(), name))?;
    Ok((session, candidate))
}

/// Takes the answer to a challenge of the functions' own.
pub(super) fn answer(cx: &Cx, door: &Door<'_>, given: &Answer<'_>) -> Result<Outcome, Error> {
    required(given.responses, "USERNAME")?;
    let answer = required(given.responses, "ANSWER")?;
    let (session, candidate) = opened(cx, door, given)?;
    session.spend(cx)?;
    let CustomSession { rounds, passed, private, metadata, .. } = session;
    let mut way = Way { door, whom: candidate.whom(), rounds, passed };
    let user = candidate.user().map(|user| &**user);
    let (asked, said) = (way.occasion(), (&private, answer));
    let is_right = verify_auth_challenge_response::ask(cx, &asked, user, said)?;
    way.rounds.push(Round::new(given.challenge.wire(), is_right, metadata));
    way.go_on(cx, None)
}

/// Takes the proof of a password by SRP, if it is one of a custom sign-in.
pub(super) fn verify(
    cx: &Cx,
    door: &Door<'_>,
    given: &Answer<'_>,
) -> Result<Option<Outcome>, Error> {
    let Some(session) = given.session else { return Ok(None) };
    if CustomSession::open(cx, session)?.is_none() {
        return Ok(None);
    }
    let (session, candidate) = opened(cx, door, given)?;
    srp::prove_for(cx, door, &candidate, (given.responses, MARK))?;
    proved(cx, door, (&candidate, session), given.challenge).map(Some)
}

/// Takes the password in clear text, from an administrator.
pub(super) fn password(cx: &Cx, door: &Door<'_>, given: &Answer<'_>) -> Result<Outcome, Error> {
    let password = required(given.responses, "PASSWORD")?;
    let (session, candidate) = opened(cx, door, given)?;
    clear::proved(cx, door, &candidate, |candidate| candidate.knows(cx, door, password))?;
    let outcome = proved(cx, door, (&candidate, session), given.challenge)?;
    candidate.adopt(cx, door, password)?;
    Ok(outcome)
}

/// What follows a password comes next, and then what the functions say.
fn proved(
    cx: &Cx,
    door: &Door<'_>,
    (candidate, session): (&Candidate<'_>, CustomSession),
    challenge: ChallengeName,
) -> Result<Outcome, Error> {
    let user = candidate.user().ok_or_else(wrong_password)?;
    session.spend(cx)?;
    let CustomSession { mut rounds, passed, .. } = session;
    rounds.push(Round::new(challenge.wire(), true, None));
    // They travel on in sessions that hold other things as well.
    let kept: usize = rounds.iter().map(Round::size).sum();
    if kept > KEPT_MAX {
        return Err(custom_session::too_long());
    }
    next(cx, door, user, Passed { rounds: Some(rounds), ..passed.and(Method::Password) })
}

/// Has the functions say how a sign-in goes on whose password was proved, and what follows one.
pub(super) fn resume(
    cx: &Cx,
    door: &Door<'_>,
    user: &User,
    mut passed: Passed,
) -> Result<Outcome, Error> {
    let mut rounds = passed.rounds.take().unwrap_or_default();
    rounds.extend(passed.after_password().map(|name| Round::new(name.wire(), true, None)));
    Way { door, whom: user.into(), rounds, passed }.go_on(cx, None)
}

/// How far a custom sign-in has come.
struct Way<'a> {
    door: &'a Door<'a>,
    whom: Whom<'a>,
    rounds: Vec<Round>,
    passed: Passed,
}

impl<'a> Way<'a> {
    fn occasion(&self) -> Occasion<'a> {
        let (username, _) = self.whom.names();
        Occasion { pool: self.door.pool, client: Some(self.door.client), username }
    }

    fn user(&self) -> Option<&'a User> {
        match self.whom {
            Whom::Nobody(_) => None,
            Whom::User(user) => Some(user),
        }
    }

    /// Does what the functions say; `first` is what it was begun with, if it was just begun.
    fn go_on(
        self,
        cx: &Cx,
        first: Option<(&Parameters, &Candidate<'_>)>,
    ) -> Result<Outcome, Error> {
        match define_auth_challenge::ask(cx, &self.occasion(), self.user(), &self.rounds)? {
            Next::Custom if self.rounds.len() < ROUNDS_MAX => self.ask(cx),
            Next::Fail | Next::Custom => {
                // The session is used up although the call fails.
                cx.commit()?;
                Err(wrong_password())
            }
            Next::Password => self.ask_for_proof(cx, first),
            Next::ClearPassword => self.ask_for_password(cx),
            Next::Tokens => match self.user() {
                Some(user) => {
                    refuse_barred(user)?;
                    next(cx, self.door, user, self.passed)
                }
                None => Err(wrong_password()),
            },
        }
    }

    fn ask(self, cx: &Cx) -> Result<Outcome, Error> {
        let created = create_auth_challenge::ask(cx, &self.occasion(), self.user(), &self.rounds)?;
        let name = ChallengeName::CustomChallenge;
        let public = created.public.into_iter();
        let mut parameters: BTreeMap<String, String> =
            public.filter_map(|(name, value)| Some((name, value.as_str()?.to_string()))).collect();
        parameters.insert("USERNAME".into(), self.occasion().username.into());
        let kept = (created.private, created.metadata);
        let session = Some(self.session(cx, name, kept)?);
        Ok(Outcome::Challenge(Challenge { session, parameters, ..Challenge::plain(name) }))
    }

    fn ask_for_proof(
        self,
        cx: &Cx,
        first: Option<(&Parameters, &Candidate<'_>)>,
    ) -> Result<Outcome, Error> {
        let begun_with_srp = first.filter(|_| !self.rounds.is_empty());
        let Some((parameters, candidate)) = begun_with_srp else {
            return Err(Code::InvalidLambdaResponse.into());
        };
        let public_a = srp::public_a(parameters)?;
        let asked = srp::begin_for(cx, self.door, (candidate, &public_a), (MARK, None))?;
        let session = Some(self.session(cx, asked.name, Default::default())?);
        Ok(Outcome::Challenge(Challenge { session, ..asked }))
    }

    fn ask_for_password(self, cx: &Cx) -> Result<Outcome, Error> {
        let by = [ExplicitAuthFlow::AllowAdminUserPasswordAuth, ExplicitAuthFlow::AdminNoSrpAuth];
        let is_proved = self.passed.methods.contains(&Method::Password);
        if is_proved || !self.door.is_admin || !self.door.client.allows(&by) {
            return Err(Code::InvalidLambdaResponse.into());
        }
        let name = ChallengeName::AdminNoSrpAuth;
        let parameters = ["USERNAME", "USER_ID_FOR_SRP"]
            .map(|parameter| (parameter.into(), self.occasion().username.into()));
        let parameters = BTreeMap::from(parameters);
        let session = Some(self.session(cx, name, Default::default())?);
        Ok(Outcome::Challenge(Challenge { session, parameters, ..Challenge::plain(name) }))
    }

    /// The session in which that challenge is answered; the functions keep this of it.
    fn session(
        self,
        cx: &Cx,
        challenge: ChallengeName,
        kept: (Map<String, Json>, Option<String>),
    ) -> Result<String, Error> {
        let mut session = CustomSession::new(cx, self.door, (self.whom, challenge));
        (session.rounds, session.passed) = (self.rounds, self.passed);
        (session.private, session.metadata) = kept;
        session.seal(cx, self.door)
    }
}
