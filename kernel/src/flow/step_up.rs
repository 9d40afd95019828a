//! How sure is a sign-in to be? `TARGET_ACR_VALUES`, `MAX_AGE` and `ACCESS_TOKEN` of `USER_AUTH`.
//!
//! The first level of the list that the user can reach is the one that is aimed at, and no tokens
//! are given below it. Where the user can reach none, that is told once something was proved, for
//! it says what factors the user has.
//!
//! An access token stands for what its session was proved by, if one more factor leads from there to
//! the level. Where nothing is left to prove, or more than that, the sign-in begins afresh: a token
//! alone never becomes another one, which would live longer.

use alloc::{string::String, vec::Vec};

use super::{Door, Parameters, candidate::Candidate, choice, passed::Passed};
use crate::{
    access::bearer,
    cx::Cx,
    error::{Code, Error},
    model::{
        factor::Factor,
        session::{Method, Session, level, level_named},
        user::User,
    },
    shapes::{AuthFactor, UserPoolMfa, UserPoolTier},
    store::keys,
};

/// What a client wants of a sign-in.
#[derive(Debug, Default)]
pub(super) struct Wanted<'a> {
    /// The levels, best first; none if it does not matter.
    levels: Vec<u8>,
    access_token: Option<&'a str>,
    max_age_s: Option<u64>,
}

impl<'a> Wanted<'a> {
    /// # Errors
    /// `InvalidParameterException` if no level is one of the pool's, if a token comes without any,
    /// or an age is none; `FeatureUnavailableInTierException` where the pool's tier has no levels.
    pub(super) fn read(door: &Door<'_>, parameters: &'a Parameters) -> Result<Self, Error> {
        let refused = |message: &'static str| Err(Error::saying(Code::InvalidParameter, message));
        let access_token = parameters.get("ACCESS_TOKEN").map(String::as_str);
        let max_age_s = match parameters.get("MAX_AGE").map(|given| given.parse()) {
            Some(Err(_)) => return refused("MAX_AGE must be a number of seconds."),
            age => age.and_then(Result::ok),
        };
        let Some(names) = parameters.get("TARGET_ACR_VALUES") else {
            if access_token.is_some() {
                return refused("ACCESS_TOKEN requires TARGET_ACR_VALUES.");
            }
            return Ok(Self { max_age_s, ..Self::default() });
        };
        if door.pool.description.user_pool_tier == Some(UserPoolTier::Lite) {
            return Err(Code::FeatureUnavailableInTier.into());
        }
        let levels = names.split_whitespace().filter_map(|name| level_named(door.pool, name));
        let levels: Vec<u8> = levels.collect();
        if levels.is_empty() {
            return refused("None of TARGET_ACR_VALUES is a level of the user pool.");
        }
        Ok(Self { levels, access_token, max_age_s })
    }

    /// The level that is aimed at; of somebody who is hidden the first.
    pub(super) fn target(
        &self,
        cx: &Cx,
        door: &Door<'_>,
        user: Option<&User>,
    ) -> Result<Option<u8>, Error> {
        if self.levels.is_empty() {
            return Ok(None);
        }
        let best = user.map(|user| best_of(cx, door, user)).transpose()?;
        let within_reach = |level: &&u8| best.is_none_or(|best| **level <= best);
        Ok(self.levels.iter().find(within_reach).or(self.levels.last()).copied())
    }

    /// What is passed at the beginning, and whether that is enough to go on to a second factor.
    ///
    /// # Errors
    /// `NotAuthorizedException` for an access token that is none, or not of that user through that
    /// client.
    pub(super) fn begin(
        &self,
        cx: &Cx,
        door: &Door<'_>,
        candidate: &Candidate<'_>,
    ) -> Result<(Passed, bool), Error> {
        let user = candidate.user().map(|user| &**user);
        let passed = Passed::aiming_at(self.target(cx, door, user)?);
        let Some(token) = self.access_token else { return Ok((passed, false)) };
        let user = user.ok_or_else(not_of_this_user)?;
        let credited = self.credited(cx, door, (token, user))?;
        let has_second = credited.len() > 1;
        let credited = Passed { methods: credited, has_second, ..passed.clone() };
        let leads = |factor| credited.suffices_with(factor);
        let is_worth_it = credited.methods.contains(&Method::Password)
            && credited.is_short()
            && user.further_factors(door.pool).into_iter().any(leads);
        Ok(if is_worth_it { (credited, true) } else { (passed, false) })
    }

    /// What the session of an access token was proved by, unless that is too long ago.
    fn credited(
        &self,
        cx: &Cx,
        door: &Door<'_>,
        (token, user): (&str, &User),
    ) -> Result<Vec<Method>, Error> {
        // Whoever lives at another place is not of here, and not this user.
        let bearer = bearer::verify(cx, token).map_err(|error| match error.code {
            Code::UserNotFound | Code::ResourceNotFound => not_of_this_user(),
            _ => error,
        })?;
        if bearer.user.sub != user.sub || bearer.client.id != door.client.id {
            return Err(not_of_this_user());
        }
        // A token of a client that does not revoke names no session, and stands for nothing.
        let Some(id) = bearer.session_id else { return Ok(Vec::new()) };
        let Some(session) = cx.shared::<Session>(&keys::session(&id))? else {
            return Ok(Vec::new());
        };
        let age_ms = cx.now_ms().saturating_sub(session.signed_in_ms);
        let is_old = self.max_age_s.is_some_and(|max_s| age_ms > max_s.saturating_mul(1000));
        Ok(if is_old { Vec::new() } else { session.methods.clone() })
    }
}

/// The best level that a user can reach from the beginning.
fn best_of(cx: &Cx, door: &Door<'_>, user: &User) -> Result<u8, Error> {
    let first = user.first_factors(cx, door.pool)?;
    let mut best = if first.iter().any(|factor| *factor != AuthFactor::Password) { 2 } else { 1 };
    if first.contains(&AuthFactor::WebAuthn) && choice::takes_passkey(door, user) {
        best = choice::OF_A_PASSKEY;
    }
    if first.contains(&AuthFactor::Password) {
        best = best.max(with_password(door, user));
    }
    Ok(best)
}

/// The best level that a user can reach by the password and what may follow it.
pub(super) fn with_password(door: &Door<'_>, user: &User) -> u8 {
    let further = user.further_factors(door.pool).into_iter();
    let usual = user.usable_factors(door.pool).into_iter();
    let levels = further.chain(usual).map(|f| level(&[Method::Password, f.method()]));
    // Whoever has to set a factor up may set up any.
    let sets_up = door.pool.mfa() == UserPoolMfa::On && user.usable_factors(door.pool).is_empty();
    let offered = Factor::ALL.into_iter().filter(|f| door.pool.offers(*f));
    let offered = offered.filter(|_| sets_up).map(|f| level(&[Method::Password, f.method()]));
    levels.chain(offered).max().unwrap_or(1)
}

/// What is said where a user has no factor that would make the sign-in as sure as it is to be.
pub(super) fn out_of_reach() -> Error {
    let message = "The user can not reach the requested authentication level.";
    Error::saying(Code::NotAuthorized, message)
}

fn not_of_this_user() -> Error {
    Error::saying(Code::NotAuthorized, "The access token is not of this user.")
}
