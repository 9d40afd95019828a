//! Guessing is slowed: after five failures a user is locked for a while that doubles each time.
//!
//! The lock lasts 2^(n-5) seconds after the n-th failure, 15 minutes at most; tries meanwhile are
//! refused and do not count. A sign-in, or 15 quiet minutes after a lock, forgets all failures.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{
    cx::Cx,
    error::{Code, Error},
    model::subject::Subject,
    store::{Record, keys},
};

/// Failures of one user, as kept under `attempts/{key}`, or of a name that stands for nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Attempts {
    failures: u32,
    locked_until_ms: u64,
}

impl Record for Attempts {}

impl Attempts {
    /// When they are forgotten.
    const fn over_ms(self) -> u64 {
        self.locked_until_ms + QUIET_MS
    }
}

const FREE_FAILURES: u32 = 5;
const LOCK_MS_MAX: u64 = 15 * 60 * 1000;
const QUIET_MS: u64 = 15 * 60 * 1000;

/// Refuses a user who is locked.
///
/// # Errors
/// `NotAuthorizedException`.
pub(crate) fn refuse_locked(cx: &Cx, subject: Subject<'_>) -> Result<(), Error> {
    let attempts = cx.get::<Attempts>(key_of(subject))?;
    if attempts.is_some_and(|attempts| attempts.locked_until_ms > cx.now_ms()) {
        return Err(Error::saying(Code::NotAuthorized, "Password attempts exceeded"));
    }
    Ok(())
}

/// Counts a failure. It must stand although the call fails, so this commits.
pub(crate) fn count_failure(cx: &Cx, subject: Subject<'_>) -> Result<(), Error> {
    let now_ms = cx.now_ms();
    let key = key_of(subject);
    let before = cx.get::<Attempts>(key.as_str())?.map(|row| *row);
    let fresh = before.filter(|before| before.over_ms() > now_ms).unwrap_or_default();
    let failures = fresh.failures.saturating_add(1);
    let locked_until_ms = match failures.checked_sub(FREE_FAILURES) {
        Some(doublings) => now_ms + LOCK_MS_MAX.min(1000 << doublings.min(20)),
        None => now_ms,
    };
    let attempts = Attempts { failures, locked_until_ms };
    subject.forget_later(cx, &key, before.map(Attempts::over_ms), attempts.over_ms())?;
    cx.put(&key, &attempts)?;
    cx.commit()
}

/// Whoever proves the password, or gets another one, starts afresh.
pub(crate) fn forget(cx: &Cx, user: &str) -> Result<(), Error> {
    let key = key_of(Subject::User(user));
    if cx.has(&key)? {
        cx.delete(&key);
    }
    Ok(())
}

fn key_of(subject: Subject<'_>) -> String {
    match subject {
        Subject::Nobody(name) => keys::of_nobody(name, "attempts"),
        Subject::User(user) => keys::attempts(user),
    }
}
