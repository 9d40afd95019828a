//! How many passwords of a pool are still hashes, and what does that mean for names of nobody?
//!
//! A guess against a hash takes longer than one against a verifier. Where unknown users are hidden,
//! as large a part of the unknown names is answered as slowly, the same names each time.

use serde::{Deserialize, Serialize};

use super::{Cost, Credential};
use crate::{
    crypto::Purpose,
    cx::Cx,
    error::Error,
    model::pool::UserCount,
    store::{Record, keys},
};

/// The users whose password is a hash, as kept under `hashes`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Hashes {
    users: u64,
    /// What a guess costs against the hash that came last.
    cost: Cost,
}

impl Record for Hashes {}

/// Keeps the count right when a user's credential changes.
pub(crate) fn recount(
    cx: &Cx,
    before: Option<&Credential>,
    after: Option<&Credential>,
) -> Result<(), Error> {
    let (before, after) = (before.and_then(Credential::cost), after.and_then(Credential::cost));
    let (more, fewer) = match (before, after) {
        (None, None) | (Some(_), Some(_)) => return Ok(()),
        (None, Some(_)) => (1, 0),
        (Some(_), None) => (0, 1),
    };
    let known = cx.get::<Hashes>(keys::HASHES)?.map(|known| *known);
    let users = known.map_or(0, |known| known.users).saturating_add(more).saturating_sub(fewer);
    match after.or(known.map(|known| known.cost)) {
        Some(cost) if users > 0 => cx.put(keys::HASHES, &Hashes { users, cost }),
        _ => {
            cx.delete(keys::HASHES);
            Ok(())
        }
    }
}

/// What a guess would cost if the name stood for somebody whose password is a hash, which so large a
/// part of the names would.
pub(crate) fn cost_for_nobody(cx: &Cx, name: &str) -> Result<Option<Cost>, Error> {
    let Some(hashes) = cx.get::<Hashes>(keys::HASHES)? else { return Ok(None) };
    let users = cx.get::<UserCount>(keys::USER_COUNT)?.map_or(0, |count| count.users).max(1);
    let drawn = cx.vault()?.fingerprint(Purpose::Simulation, &[b"hash", name.as_bytes()]);
    let drawn = drawn.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    Ok((drawn % users < hashes.users).then_some(hashes.cost))
}
