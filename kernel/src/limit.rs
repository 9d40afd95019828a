//! How many calls a second are answered?
//!
//! Operations are put into AWS's categories; each category of a pool, and of the account, has a
//! bucket that holds a second's worth of calls and fills at its rate. Buckets stand in the memory of
//! the object that answers, so that a call costs a comparison and no write; one that starts anew
//! begins with full ones.
//!
//! Unless somebody asks for it nothing is limited, since a deployment has no neighbours to protect:
//! tests and imports run as fast as they can, and guessing of passwords is slowed by itself.
//! `UpdateProvisionedLimit` limits a category; a deployment that is configured so begins with AWS's
//! own numbers, and with AWS's bounds for each user.
//!
//! Where AWS counts the calls to all pools of an account and region together, each pool is counted by
//! itself here: no object would be asked by all of them. So is each place of a pool that is spread
//! over several: a rate is that of a place, and a call counts at the home of the name that it has.
//! Making a pool is not limited, as each is made at a new place.

mod bucket;
mod category;
mod rates;

pub use category::Category;
pub use rates::RateLimits;
pub(crate) use {
    bucket::Buckets,
    category::category,
    rates::{Rates, UNLIMITED, adopt, in_force},
};

use crate::{
    cx::Cx,
    error::{Code, Error},
    operation::Operation,
    store::keys,
};

/// Calls a second that concern one user, where AWS's numbers are in force: reads, and as many writes.
const PER_USER: i32 = 10;
/// So many answers to challenges for each sign-in that may begin.
const ANSWERS_PER_SIGN_IN: i32 = 3;

impl Cx {
    /// Lets a call in, or tells when to come again.
    ///
    /// # Errors
    /// `TooManyRequestsException`.
    pub(crate) fn admit(&self, operation: &Operation) -> Result<(), Error> {
        let Some(category) = operation.category else { return Ok(()) };
        let rates = self.shared::<Rates>(keys::RATES)?;
        let mut rate = in_force(self.deployment().rate_limits, rates.as_deref(), category);
        let answers = operation.name.ends_with("RespondToAuthChallenge");
        if answers {
            rate = rate.saturating_mul(ANSWERS_PER_SIGN_IN);
        }
        let taken = self.buckets().take(category, answers, rate, self.now_ms());
        taken.map_err(too_many).map_err(|error| match operation.declares(error.code) {
            true => error,
            // IAM and STS have another name for it.
            false => Error { code: Code::Throttling, ..error },
        })
    }

    /// Counts a call against the user whom it concerns; once, however often the user is looked up.
    ///
    /// # Errors
    /// `TooManyRequestsException`.
    pub(crate) fn admit_for(&self, user: &str) -> Result<(), Error> {
        if self.deployment().rate_limits != RateLimits::Aws {
            return Ok(());
        }
        let Some(writes) = self.category.take().and_then(Category::writes_user) else {
            return Ok(());
        };
        self.buckets().take_for(user, writes, PER_USER, self.now_ms()).map_err(too_many)
    }
}

fn too_many(wait_ms: u64) -> Error {
    let retry_after_s = u32::try_from(wait_ms.div_ceil(1000)).unwrap_or(u32::MAX);
    Error { retry_after_s: Some(retry_after_s.max(1)), ..Code::TooManyRequests.into() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Deployment, RateLimits, testing::World};

    #[test]
    fn awss_numbers_hold_for_identities_and_for_temporary_credentials() {
        let deployment = World::new().deployment();
        let world = World::with(Deployment { rate_limits: RateLimits::Aws, ..deployment });
        let pool = world.identity_pool(json!({}));
        let get = || world.call("GetId", json!({ "IdentityPoolId": pool }));
        let answered = (0..100).take_while(|_| get().is_ok()).count();
        assert_eq!(answered, 25);
        assert_eq!(get().unwrap_err().code, "TooManyRequestsException");
        let who = || world.assume("GetCallerIdentity", &[]);
        let answered = (0..1_000).take_while(|_| who().is_ok()).count();
        assert_eq!(answered, 600);
        assert_eq!(who().unwrap_err(), "400 Throttling: Rate exceeded");
        world.advance_s(1);
        assert!(get().is_ok() && who().is_ok());
    }
}
