//! Guessing is slowed: after five failures a user is locked for a while that doubles each time.
//!
//! The lock lasts 2^(n-5) seconds after the n-th failure, 15 minutes at most; tries meanwhile are
//! refused and do not count. A sign-in, or 15 quiet minutes after a lock, forgets all failures.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{
    cx::Cx,
    error::{Code, Error},
    store::{Record, keys},
};

/// Failures of one user, or of a name that stands for none, as kept under `attempts/{key}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Attempts {
    failures: u32,
    locked_until_ms: u64,
}

impl Record for Attempts {}

/// What remembers to forget the failures of a name that stands for nobody.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Stranger {
    key: String,
}

impl Record for Stranger {}

const FREE_FAILURES: u32 = 5;
const LOCK_MS_MAX: u64 = 15 * 60 * 1000;
const QUIET_MS: u64 = 15 * 60 * 1000;

/// Refuses a user who is locked.
///
/// # Errors
/// `NotAuthorizedException`.
pub(super) fn refuse_locked(cx: &Cx, key: &str) -> Result<(), Error> {
    let attempts = read(cx, key)?;
    if attempts.locked_until_ms > cx.now_ms() {
        return Err(Error::saying(Code::NotAuthorized, "Password attempts exceeded"));
    }
    Ok(())
}

/// Counts a failure. It must stand although the call fails, so this commits.
pub(super) fn count_failure(cx: &Cx, key: &str, is_known: bool) -> Result<(), Error> {
    let now_ms = cx.now_ms();
    let failures = read(cx, key)?.failures.saturating_add(1);
    let locked_until_ms = match failures.checked_sub(FREE_FAILURES) {
        Some(doublings) => now_ms + LOCK_MS_MAX.min(1000 << doublings.min(20)),
        None => now_ms,
    };
    cx.put(&keys::attempts(key), &Attempts { failures, locked_until_ms })?;
    if !is_known {
        remember_to_forget(cx, key, locked_until_ms + QUIET_MS)?;
    }
    cx.commit()
}

/// A sign-in forgets all failures.
pub(super) fn forget(cx: &Cx, key: &str) -> Result<(), Error> {
    let key = keys::attempts(key);
    if cx.has(&key)? {
        cx.delete(&key);
    }
    Ok(())
}

fn read(cx: &Cx, key: &str) -> Result<Attempts, Error> {
    let attempts = cx.get::<Attempts>(keys::attempts(key))?.map(|row| *row);
    let is_fresh = |attempts: &Attempts| attempts.locked_until_ms + QUIET_MS > cx.now_ms();
    Ok(attempts.filter(is_fresh).unwrap_or_default())
}

/// Names that stand for nobody are without number, so what is kept of them is swept away by those
/// who come later.
fn remember_to_forget(cx: &Cx, key: &str, until_ms: u64) -> Result<(), Error> {
    let (from, to) = (keys::stranger(0, ""), keys::stranger(cx.now_ms(), ""));
    for stale in cx.scan::<Stranger>(from.as_str()..to.as_str(), 4)? {
        let Stranger { key } = stale.delete();
        if read(cx, &key)? == Attempts::default() {
            cx.delete(&keys::attempts(&key));
        }
    }
    cx.put(&keys::stranger(until_ms, key), &Stranger { key: key.into() })
}
