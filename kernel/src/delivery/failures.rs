//! Messages that could not be handed over: kept for a while, so that an administrator sees them.
//!
//! A place keeps the last thousand, for thirty days, without the address and without the code.

use alloc::{format, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{Delivery, Medium, Reason, masked};
use crate::{
    cx::Cx,
    error::Error,
    model::pool::Pool,
    shape::Timestamp,
    shapes::DeliveryFailureType,
    store::{Record, keys},
};

const KEPT_MAX: u64 = 1_000;
const KEPT_MS: u64 = 30 * 24 * 3_600_000;
const CAUSE_CHARS_MAX: usize = 256;

/// A message that could not be handed over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Failure {
    at_ms: u64,
    medium: Medium,
    /// Masked.
    destination: String,
    reason: Reason,
    username: String,
    client_id: Option<String>,
    /// What kept it from being sent, in the sender's words.
    cause: String,
}

impl Record for Failure {}

/// How many are kept here.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Kept {
    failures: u64,
}

impl Record for Kept {}

/// That a user has one; the rest is said by the key.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Entry {}

impl Record for Entry {}

/// Writes down that a message was not handed over, as long as its user is there.
pub(super) fn note(cx: &Cx, delivery: &Delivery, cause: &str) -> Result<(), Error> {
    let Some(pool) = cx.shared::<Pool>(keys::POOL)? else { return Ok(()) };
    let user = pool.key_of(&delivery.username).into_owned();
    // Somebody who has left meanwhile leaves nothing.
    if !cx.has(&keys::user(&user))? {
        return Ok(());
    }
    let now_ms = cx.now_ms();
    let mut kept = kept(cx)?;
    for key in oldest(cx)? {
        if kept < KEPT_MAX && !is_over(&key, now_ms) {
            break;
        }
        kept = kept.saturating_sub(drop(cx, &key));
    }
    let key = keys::failure(now_ms, &user);
    if !cx.has(&key)? {
        kept += 1;
    }
    let failure = Failure {
        at_ms: now_ms,
        medium: delivery.medium,
        destination: masked(delivery.medium, &delivery.destination),
        reason: delivery.reason,
        username: delivery.username.clone(),
        client_id: delivery.client_id.clone(),
        cause: cause.chars().take(CAUSE_CHARS_MAX).collect(),
    };
    cx.put(&key, &failure)?;
    cx.put(&keys::failure_of(&user, now_ms), &Entry {})?;
    keep(cx, kept)
}

/// Forgets what could not be handed over to a user who goes.
pub(crate) fn forget(cx: &Cx, user: &str) -> Result<(), Error> {
    let range = keys::under(&keys::failures_of(user));
    let found = cx.keys(range.start.as_str()..range.end.as_str(), usize::MAX)?;
    if found.is_empty() {
        return Ok(());
    }
    let mut kept = kept(cx)?;
    for key in found {
        let at_ms = key.rsplit_once('/').and_then(|(_, at_ms)| at_ms.parse().ok());
        cx.delete(&keys::failure(at_ms.unwrap_or_default(), user));
        cx.delete(&key);
        kept = kept.saturating_sub(1);
    }
    keep(cx, kept)
}

/// At most `limit` of those that are kept here, newest first, with their keys; with `before`, only
/// those whose keys are below it.
pub(crate) fn newest(
    cx: &Cx,
    before: Option<&str>,
    limit: usize,
) -> Result<Vec<(String, Failure)>, Error> {
    let range = keys::under(keys::FAILURES);
    let end = before.unwrap_or(&range.end);
    let found = cx.keys(range.start.as_str()..end, usize::MAX)?;
    let now_ms = cx.now_ms();
    let current = found.into_iter().rev().filter(|key| !is_over(key, now_ms)).take(limit);
    let mut failures = Vec::new();
    for key in current {
        if let Some(failure) = cx.get::<Failure>(key.as_str())? {
            let failure = failure.into_inner();
            failures.push((key, failure));
        }
    }
    Ok(failures)
}

impl Failure {
    /// As an administrator sees it.
    pub(crate) fn described(self) -> DeliveryFailureType {
        DeliveryFailureType {
            creation_date: Timestamp(self.at_ms),
            delivery_medium: self.medium.shown(),
            destination: self.destination,
            purpose: format!("{:?}", self.reason),
            username: self.username.into(),
            client_id: self.client_id.map(Into::into),
            cause: self.cause,
        }
    }
}

/// The two that are kept longest: so that what is there gets fewer, although one comes.
fn oldest(cx: &Cx) -> Result<Vec<String>, Error> {
    let range = keys::under(keys::FAILURES);
    cx.keys(range.start.as_str()..range.end.as_str(), 2)
}

fn is_over(key: &str, now_ms: u64) -> bool {
    let at_ms = keys::failed(key).map_or(0, |(at_ms, _)| at_ms);
    at_ms.saturating_add(KEPT_MS) <= now_ms
}

/// Drops one; says how many there are less.
fn drop(cx: &Cx, key: &str) -> u64 {
    let Some((at_ms, user)) = keys::failed(key) else { return 0 };
    cx.delete(&keys::failure_of(user, at_ms));
    cx.delete(key);
    1
}

fn kept(cx: &Cx) -> Result<u64, Error> {
    Ok(cx.get::<Kept>(keys::FAILURES_KEPT)?.map_or(0, |kept| kept.failures))
}

fn keep(cx: &Cx, failures: u64) -> Result<(), Error> {
    if failures == 0 {
        cx.delete(keys::FAILURES_KEPT);
        return Ok(());
    }
    cx.put(keys::FAILURES_KEPT, &Kept { failures })
}
