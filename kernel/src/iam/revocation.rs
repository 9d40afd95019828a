//! When were the sessions of an identity revoked? The account knows, whom every signed call of a
//! session asks what its role may do, so that a revocation holds from the next call on.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{
    IdentityPoolKey,
    cx::Cx,
    error::Error,
    place::Place,
    store::{Record, keys},
};

/// That of one identity, as kept under `revoked/{pool}/{identity}` at the account.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Revocation {
    at_ms: u64,
}

impl Record for Revocation {}

/// Longer than anything lives that a revocation ends: tokens of developers live a day, and then a
/// session may begin that lives half of one.
const KEPT_MS: u64 = 36 * 3_600_000;
/// How many old revocations are looked for at once.
const SWEEP_MAX: usize = 1_000;

fn place(identity: &str) -> Option<String> {
    IdentityPoolKey::of_id(identity).map(|key| Place::IdentityPool(key).name())
}

/// Ends all sessions of an identity that began until now.
///
/// # Errors
/// What the store says.
pub(crate) fn revoke(cx: &Cx, identity: &str) -> Result<(), Error> {
    let Some(pool) = place(identity) else { return Ok(()) };
    let all = keys::under(&keys::revocations(&pool));
    let is_old = |at_ms: u64| at_ms.saturating_add(KEPT_MS) < cx.now_ms();
    for known in cx.scan::<Revocation>(&all.start..&all.end, SWEEP_MAX)? {
        if is_old(known.at_ms) {
            known.delete();
        }
    }
    cx.put(&keys::revocation(&pool, identity), &Revocation { at_ms: cx.now_ms() })
}

/// When the sessions of an identity were revoked last, in milliseconds since 1970.
///
/// # Errors
/// What the store says.
pub(crate) fn of(cx: &Cx, identity: &str) -> Result<Option<u64>, Error> {
    let Some(pool) = place(identity) else { return Ok(None) };
    let known = cx.get::<Revocation>(keys::revocation(&pool, identity))?;
    Ok(known.map(|revocation| revocation.at_ms))
}

/// Forgets all that is known of the identities of a pool that is gone.
pub(crate) fn forget(cx: &Cx, pool_id: &str) {
    if let Some(pool) = place(pool_id) {
        cx.delete_range(keys::under(&keys::revocations(&pool)));
    }
}
