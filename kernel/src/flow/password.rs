//! A clear password: `USER_PASSWORD_AUTH` and `ADMIN_USER_PASSWORD_AUTH`.

use super::{
    Door, Outcome, Parameters, candidate::Candidate, lockout, migration, next, passed::Passed,
    refuse_barred, required, wrong_password,
};
use crate::{access::client_secret, cx::Cx, error::Error, model::session::Method};

pub(super) fn start(cx: &Cx, door: &Door<'_>, parameters: &Parameters) -> Result<Outcome, Error> {
    let name = required(parameters, "USERNAME")?;
    let password = required(parameters, "PASSWORD")?;
    let hash = parameters.get("SECRET_HASH").map(alloc::string::String::as_str);
    client_secret::secret_hash(cx, door.client, name, hash)?;
    migration::sign_in(cx, door, name, password)?;
    let candidate = Candidate::arrives(cx, door, name)?;
    prove(cx, door, candidate, (password, Passed::default().at_device(parameters)))
}

/// Takes the password of somebody who was found.
pub(super) fn prove<'cx>(
    cx: &'cx Cx,
    door: &Door<'_>,
    candidate: Candidate<'cx>,
    (password, passed): (&str, Passed),
) -> Result<Outcome, Error> {
    let knows = |candidate: &Candidate<'cx>| candidate.knows(cx, door, password);
    let outcome = check(cx, door, (&candidate, passed), knows)?;
    candidate.adopt(cx, door, password)?;
    Ok(outcome)
}

/// What every proof of a password shares: who is barred or locked out is refused, failures count.
pub(super) fn check<'cx>(
    cx: &'cx Cx,
    door: &Door<'_>,
    (candidate, passed): (&Candidate<'cx>, Passed),
    proves: impl FnOnce(&Candidate<'cx>) -> Result<bool, Error>,
) -> Result<Outcome, Error> {
    proved(cx, door, candidate, proves)?;
    let user = candidate.user().ok_or_else(wrong_password)?;
    next(cx, door, user, passed.and(Method::Password))
}

/// The proof alone, which only a user can give.
pub(super) fn proved<'cx>(
    cx: &'cx Cx,
    door: &Door<'_>,
    candidate: &Candidate<'cx>,
    proves: impl FnOnce(&Candidate<'cx>) -> Result<bool, Error>,
) -> Result<(), Error> {
    let key = candidate.key(door);
    let user = candidate.user();
    // Where users are hidden, nothing about one is told before the password is proved.
    if let (Some(user), false) = (user, door.client.hides_users()) {
        refuse_barred(user)?;
    }
    let subject = candidate.subject(&key);
    lockout::refuse_locked(cx, subject)?;
    let is_right = proves(candidate)?;
    match user {
        Some(user) if is_right => refuse_barred(user),
        _ => {
            lockout::count_failure(cx, subject)?;
            Err(wrong_password())
        }
    }
}
