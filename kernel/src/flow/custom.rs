//! `CUSTOM_AUTH`: functions of the operator's say what is asked, and what comes next.
//!
//! ```text
//! begun with SRP_A: rounds are [SRP_A]; else there are none
//! DefineAuthChallenge ── CUSTOM_CHALLENGE ──> CreateAuthChallenge ──> the user
//!                     ── PASSWORD_VERIFIER, straight after SRP_A ──> the user
//!                     ── issueTokens ──> what follows a proved password
//!                     ── failAuthentication ──> refused
//! an answer to CUSTOM_CHALLENGE ── VerifyAuthChallengeResponse ──> one more round, right or wrong
//! a proof for PASSWORD_VERIFIER ── right ──> one more round; wrong: refused, and counted
//! ```
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
    Challenge, Door, Outcome, Parameters, candidate::Candidate, challenge_session::foreign, next,
    passed::Passed, refuse_barred, required, respond::Answer, srp, wrong_password,
};
use crate::{
    access::client_secret,
    cx::Cx,
    error::{Code, Error},
    model::session::Method,
    shape::Choice,
    shapes::ChallengeName,
    trigger::{
        Occasion, create_auth_challenge,
        define_auth_challenge::{self, Next, Round},
        verify_auth_challenge_response,
    },
};

/// Functions that never come to an end are cut off here.
const ROUNDS_MAX: usize = 20;
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
    Way { door, candidate: &candidate, rounds }.go_on(cx, Some(parameters))
}

/// Whoever can not sign in learns so at once, but where users are hidden: there at the end.
fn refuse(door: &Door<'_>, candidate: &Candidate<'_>) -> Result<(), Error> {
    match candidate.user() {
        Some(user) if !door.client.hides_users() => refuse_barred(user),
        _ => Ok(()),
    }
}

/// Takes the answer to a challenge of the functions' own.
pub(super) fn answer(cx: &Cx, door: &Door<'_>, given: &Answer<'_>) -> Result<Outcome, Error> {
    let name = required(given.responses, "USERNAME")?;
    let answer = required(given.responses, "ANSWER")?;
    let hash = given.responses.get("SECRET_HASH").map(String::as_str);
    client_secret::secret_hash_if_any(cx, door.client, name, hash)?;
    let missing = || Error::saying(Code::InvalidParameter, "Missing required parameter Session");
    let session = CustomSession::open(cx, given.session.ok_or_else(missing)?)?;
    let session = session.ok_or_else(foreign)?;
    let challenge = ChallengeName::CustomChallenge;
    let candidate = session.candidate(cx, door, (challenge.wire(), name))?;
    let mut way = Way { door, candidate: &candidate, rounds: session.rounds.clone() };
    let is_right = verify_auth_challenge_response::ask(
        cx,
        &way.occasion(),
        candidate.user().map(|user| &**user),
        (&session.private, answer),
    )?;
    session.spend(cx)?;
    way.rounds.push(Round::new(challenge.wire(), is_right, session.metadata.clone()));
    way.go_on(cx, None)
}

/// Takes the proof of a password, if it is one of a custom sign-in.
pub(super) fn verify(
    cx: &Cx,
    door: &Door<'_>,
    given: &Answer<'_>,
) -> Result<Option<Outcome>, Error> {
    let Some(session) = given.session else { return Ok(None) };
    let Some(session) = CustomSession::open(cx, session)? else { return Ok(None) };
    let name = required(given.responses, "USERNAME")?;
    let challenge = ChallengeName::PasswordVerifier;
    let candidate = session.candidate(cx, door, (challenge.wire(), name))?;
    let hash = given.responses.get("SECRET_HASH").map(String::as_str);
    client_secret::secret_hash_if_any(cx, door.client, name, hash)?;
    srp::prove_for(cx, door, &candidate, (given.responses, MARK))?;
    session.spend(cx)?;
    let mut rounds = session.rounds;
    rounds.push(Round::new(challenge.wire(), true, None));
    Way { door, candidate: &candidate, rounds }.go_on(cx, None).map(Some)
}

/// How far a custom sign-in has come.
struct Way<'a, 'cx> {
    door: &'a Door<'a>,
    candidate: &'a Candidate<'cx>,
    rounds: Vec<Round>,
}

impl<'a> Way<'a, '_> {
    fn occasion(&self) -> Occasion<'a> {
        let username = match self.candidate {
            Candidate::Nobody(name) => name.as_str(),
            Candidate::User(user) => user.username.as_str(),
        };
        Occasion { pool: self.door.pool, client: Some(self.door.client), username }
    }

    /// Whoever has proved a password is asked for a second factor as in any sign-in; the others
    /// were proved by the functions, by as many as these want.
    fn passed(&self) -> Passed {
        let has_password = self.rounds.iter().any(|round| {
            round.challenge_name == ChallengeName::PasswordVerifier.wire() && round.challenge_result
        });
        match has_password {
            true => Passed::default().and(Method::Password),
            false => Passed::by_functions(),
        }
    }

    /// Does what the functions say; `first` is what it was begun with, if it was just begun.
    fn go_on(self, cx: &Cx, first: Option<&Parameters>) -> Result<Outcome, Error> {
        let user = self.candidate.user().map(|user| &**user);
        match define_auth_challenge::ask(cx, &self.occasion(), user, &self.rounds)? {
            Next::Custom if self.rounds.len() < ROUNDS_MAX => self.ask(cx),
            Next::Fail | Next::Custom => {
                // The session is used up although the call fails.
                cx.commit()?;
                Err(wrong_password())
            }
            Next::Password => self.ask_for_password(cx, first),
            Next::Tokens => match self.candidate.user() {
                Some(user) => {
                    refuse_barred(user)?;
                    next(cx, self.door, user, self.passed())
                }
                None => Err(wrong_password()),
            },
        }
    }

    fn ask(self, cx: &Cx) -> Result<Outcome, Error> {
        let user = self.candidate.user().map(|user| &**user);
        let created = create_auth_challenge::ask(cx, &self.occasion(), user, &self.rounds)?;
        let name = ChallengeName::CustomChallenge;
        let public = created.public.into_iter();
        let mut parameters: BTreeMap<String, String> =
            public.filter_map(|(name, value)| Some((name, value.as_str()?.to_string()))).collect();
        parameters.insert("USERNAME".into(), self.occasion().username.into());
        let mut session = CustomSession::new(cx, self.door, self.candidate, name.wire());
        session.rounds = self.rounds;
        session.private = created.private;
        session.metadata = created.metadata;
        let session = Some(session.seal(cx, self.door)?);
        Ok(Outcome::Challenge(Challenge { session, parameters, ..Challenge::plain(name) }))
    }

    fn ask_for_password(self, cx: &Cx, first: Option<&Parameters>) -> Result<Outcome, Error> {
        let begun_with_srp = first.filter(|_| !self.rounds.is_empty());
        let Some(parameters) = begun_with_srp else {
            return Err(Code::InvalidLambdaResponse.into());
        };
        let public_a = srp::public_a(parameters)?;
        let asked = srp::begin_for(cx, self.door, (self.candidate, &public_a), MARK)?;
        let mut session = CustomSession::new(cx, self.door, self.candidate, asked.name.wire());
        session.rounds = self.rounds;
        let session = session.seal(cx, self.door)?;
        Ok(Outcome::Challenge(Challenge { session: Some(session), ..asked }))
    }
}
