//! `USER_AUTH`: the user chooses what to begin with, by `PREFERRED_CHALLENGE` or `SELECT_CHALLENGE`.

use alloc::{string::String, vec::Vec};

use super::{
    Challenge, Door, Outcome, Parameters,
    candidate::Candidate,
    challenge_session::Held,
    code, lockout, next,
    passed::Passed,
    passkey, password as clear, refuse_barred, required,
    respond::Answer,
    sign_up, srp as proof,
    step_up::{self, Wanted},
};
use crate::{
    access::client_secret,
    cx::Cx,
    delivery::Medium,
    error::{Code, Error},
    model::{
        factor::passkey::{relying_party, seems_to_exist},
        user::{User, UserStatus},
    },
    shape::{Choice, Text},
    shapes::{AuthFactor, ChallengeName, UserPoolMfa},
};

/// Begins with what the user prefers, or asks. `session` is of somebody who has just signed up.
pub(super) fn start(
    cx: &Cx,
    door: &Door<'_>,
    parameters: &Parameters,
    session: Option<&str>,
) -> Result<Outcome, Error> {
    let name = required(parameters, "USERNAME")?;
    let hash = parameters.get("SECRET_HASH").map(String::as_str);
    client_secret::secret_hash(cx, door.client, name, hash)?;
    let wanted = Wanted::read(door, parameters)?;
    if let Some(session) = session {
        return sign_up::sign_in(cx, door, (name, session), &wanted);
    }
    let candidate = Candidate::arrives(cx, door, name)?;
    if let (Some(user), false) = (candidate.user(), door.client.hides_users()) {
        refuse_barred(user)?;
    }
    let (passed, is_credited) = wanted.begin(cx, door, &candidate)?;
    let passed = passed.at_device(parameters);
    if let (Some(user), true) = (candidate.user(), is_credited) {
        lockout::refuse_locked(cx, candidate.subject(&candidate.key(door)))?;
        return next(cx, door, user, passed);
    }
    let available = available(cx, door, &candidate, passed.target)?;
    let preferred = parameters.get("PREFERRED_CHALLENGE").map(String::as_str);
    let preferred = preferred.and_then(ChallengeName::from_wire);
    let name = match preferred.filter(|preferred| available.contains(preferred)) {
        Some(ChallengeName::Password) if parameters.contains_key("PASSWORD") => {
            let password = required(parameters, "PASSWORD")?;
            return clear::prove(cx, door, candidate, (password, passed));
        }
        Some(ChallengeName::PasswordSrp) if parameters.contains_key("SRP_A") => {
            let public_a = proof::public_a(parameters)?;
            return proof::begin(cx, door, &candidate, (&public_a, passed.target));
        }
        Some(name @ (ChallengeName::EmailOtp | ChallengeName::SmsOtp)) => {
            let challenge = send(cx, door, &candidate, (name, passed), parameters)?;
            return Ok(Outcome::Challenge(Challenge { available: Some(available), ..challenge }));
        }
        Some(ChallengeName::WebAuthn) => {
            let challenge = passkey::ask(cx, door, &candidate, passed)?;
            return Ok(Outcome::Challenge(Challenge { available: Some(available), ..challenge }));
        }
        Some(name) => name,
        None => ChallengeName::SelectChallenge,
    };
    let shown = candidate.shown(cx, door)?;
    let parameters = [("USERNAME", shown.clone()), ("USER_ID_FOR_SRP", shown)];
    let asked = (name, passed, Held::Nothing);
    let challenge = Challenge::in_session(cx, door, candidate.whom(), asked, parameters)?;
    Ok(Outcome::Challenge(Challenge { available: Some(available), ..challenge }))
}

/// Takes a choice, and what goes with it.
pub(super) fn choose(cx: &Cx, door: &Door<'_>, answer: &Answer<'_>) -> Result<Outcome, Error> {
    let chosen = required(answer.responses, "ANSWER")?;
    match ChallengeName::from_wire(chosen) {
        Some(ChallengeName::Password) => password(cx, door, answer),
        Some(ChallengeName::PasswordSrp) => srp(cx, door, answer),
        Some(name @ (ChallengeName::EmailOtp | ChallengeName::SmsOtp)) => {
            let (session, candidate) = answer.candidate(cx, door)?;
            if !available(cx, door, &candidate, session.passed.target)?.contains(&name) {
                return Err(unavailable());
            }
            session.spend(cx)?;
            let asked = (name, session.passed);
            send(cx, door, &candidate, asked, answer.responses).map(Outcome::Challenge)
        }
        Some(ChallengeName::WebAuthn) => {
            let (session, candidate) = answer.candidate(cx, door)?;
            let available = available(cx, door, &candidate, session.passed.target)?;
            if !available.contains(&ChallengeName::WebAuthn) {
                return Err(unavailable());
            }
            session.spend(cx)?;
            passkey::ask(cx, door, &candidate, session.passed).map(Outcome::Challenge)
        }
        _ => Err(unavailable()),
    }
}

/// Takes the password. A wrong one leaves the session good, and is counted.
pub(super) fn password(cx: &Cx, door: &Door<'_>, answer: &Answer<'_>) -> Result<Outcome, Error> {
    let password = required(answer.responses, "PASSWORD")?;
    let (session, candidate) = answer.candidate(cx, door)?;
    let outcome = clear::prove(cx, door, candidate, (password, session.passed.clone()))?;
    session.spend(cx)?;
    Ok(outcome)
}

/// Takes A; what follows has no session.
pub(super) fn srp(cx: &Cx, door: &Door<'_>, answer: &Answer<'_>) -> Result<Outcome, Error> {
    let public_a = proof::public_a(answer.responses)?;
    let (session, candidate) = answer.candidate(cx, door)?;
    let outcome = proof::begin(cx, door, &candidate, (&public_a, session.passed.target))?;
    session.spend(cx)?;
    Ok(outcome)
}

/// What a user may begin with. Of whom a second factor is wanted, or a new password, a code alone
/// does not do, nor a passkey unless it is as good as two. Whoever is hidden is offered what the
/// pool allows, a passkey as if every other one had one. What does not lead to `target` is left out,
/// unless nothing does.
fn available(
    cx: &Cx,
    door: &Door<'_>,
    candidate: &Candidate<'_>,
    target: Option<u8>,
) -> Result<Vec<ChallengeName>, Error> {
    let pool = door.pool;
    let seems_to_have_passkey = door.client.hides_users()
        && pool.takes_passkeys()
        && seems_to_exist(cx, &candidate.key(door))?;
    let (allowed, takes_codes, takes_passkeys) = match candidate.user() {
        Some(user) => {
            let is_enough = needs_no_more(door, user);
            (user.first_factors(cx, pool)?, is_enough, takes_passkey(door, user))
        }
        None => {
            let is_enough = pool.mfa() != UserPoolMfa::On;
            let is_allowed = |factor: &AuthFactor| {
                *factor == AuthFactor::Password || pool.first_factors().contains(factor)
            };
            let allowed = AuthFactor::ALL.iter().copied().filter(is_allowed).collect();
            let takes_passkeys = seems_to_have_passkey
                && (is_enough || pool.takes_passkeys_for_two_factors())
                && relying_party(cx, pool)?.is_some();
            (allowed, is_enough, takes_passkeys)
        }
    };
    let mut names = Vec::new();
    for factor in allowed {
        match factor {
            AuthFactor::Password => {
                names.extend([ChallengeName::PasswordSrp, ChallengeName::Password]);
            }
            AuthFactor::EmailOtp if takes_codes => names.push(ChallengeName::EmailOtp),
            AuthFactor::SmsOtp if takes_codes => names.push(ChallengeName::SmsOtp),
            AuthFactor::WebAuthn if takes_passkeys => names.push(ChallengeName::WebAuthn),
            _ => {}
        }
    }
    let target = target.unwrap_or(0);
    let by_password = candidate.user().map(|user| step_up::with_password(door, user));
    let leads = |name: &ChallengeName| match name {
        ChallengeName::Password | ChallengeName::PasswordSrp => {
            by_password.is_none_or(|best| best >= target)
        }
        ChallengeName::WebAuthn => target <= OF_A_PASSKEY,
        _ => target <= OF_A_CODE,
    };
    Ok(match names.iter().any(leads) {
        true => names.into_iter().filter(leads).collect(),
        false => names,
    })
}

/// The level of a code that was sent, alone.
const OF_A_CODE: u8 = 2;

/// The level of a passkey, alone.
pub(super) const OF_A_PASSKEY: u8 = 3;

/// Whether a code is all that a user has to prove.
fn needs_no_more(door: &Door<'_>, user: &User) -> bool {
    user.status != UserStatus::ForceChangePassword
        && door.pool.mfa() != UserPoolMfa::On
        && user.usable_factors(door.pool).is_empty()
}

/// Whether a passkey is all that a user has to prove.
pub(super) fn takes_passkey(door: &Door<'_>, user: &User) -> bool {
    let is_two =
        user.status != UserStatus::ForceChangePassword && user.has_two_factors_in_one(door.pool);
    is_two || needs_no_more(door, user)
}

/// Where a link leads that is wanted beside the code: a page of the app, which answers with what the
/// link brings. Beyond Cognito: `REDIRECT_URI` is one of the client's `CallbackURLs`.
fn redirect_uri(
    door: &Door<'_>,
    name: ChallengeName,
    parameters: &Parameters,
) -> Result<Option<String>, Error> {
    let Some(uri) = parameters.get("REDIRECT_URI").filter(|_| name == ChallengeName::EmailOtp)
    else {
        return Ok(None);
    };
    let mut known = door.client.description.callback_urls.iter().flat_map(|urls| urls.iter());
    match known.any(|known| known.as_str() == uri) {
        true => Ok(Some(uri.clone())),
        false => {
            let message = "REDIRECT_URI is none of the client's callback URLs.";
            Err(Error::saying(Code::InvalidParameter, message))
        }
    }
}

/// Sends a code as the first factor.
fn send(
    cx: &Cx,
    door: &Door<'_>,
    candidate: &Candidate<'_>,
    (name, passed): (ChallengeName, Passed),
    parameters: &Parameters,
) -> Result<Challenge, Error> {
    let redirect_uri = redirect_uri(door, name, parameters)?;
    let key = candidate.key(door);
    lockout::refuse_locked(cx, candidate.subject(&key))?;
    let medium = match name {
        ChallengeName::SmsOtp => Medium::Sms,
        _ => Medium::Email,
    };
    match candidate.user().filter(|user| refuse_barred(user).is_ok()) {
        Some(user) => {
            if door.client.hides_users() {
                // For nobody it is done as well, and takes as long.
                code::made_up(cx, door, (candidate, medium))?;
            }
            let destination = user.attribute(medium.attribute()).unwrap_or_default().into();
            let to = code::To { medium, destination, is_new: false, redirect_uri };
            let challenge = code::ask_at(cx, door, user, (name, passed), to)?;
            Ok(Challenge { is_sent_afterwards: door.client.hides_users(), ..challenge })
        }
        None => code::ask_in_vain(cx, door, candidate, (name, medium)),
    }
}

fn unavailable() -> Error {
    Error::saying(Code::InvalidParameter, "ANSWER is none of the available challenges.")
}
