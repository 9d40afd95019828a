//! Which names and values lead to a user: what its sign-in aliases and its index entries are.

use alloc::{borrow::Cow, collections::BTreeSet, string::String};

use serde::{Deserialize, Serialize};

use super::reservations;
use crate::{
    cx::Cx,
    error::Error,
    model::{
        pool::Pool,
        user::{User, UserStatus, VERIFIABLE},
    },
    store::{Record, keys},
};

/// Who signs in by a value: the key of a user, under `alias/{attribute}/{value}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Alias {
    pub(super) user: String,
    /// Where the user lives elsewhere: tells one reservation from the next.
    #[serde(default)]
    pub(super) nonce: u64,
}

impl Record for Alias {}

/// An index entry; its key says all.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Entry {}

impl Record for Entry {}

/// The attributes that users are listed by, besides username, sub and status.
pub(crate) const SEARCHED: [&str; 6] =
    ["email", "family_name", "given_name", "name", "phone_number", "preferred_username"];

/// Where users are listed by [`standing`].
pub(super) const STANDING: &str = "status";

/// Whether a user is enabled, and the status: one entry for both, so that a user costs one record
/// more and not two, whatever is asked for.
pub(super) fn standing(is_enabled: bool, status: UserStatus) -> String {
    let enabled = if is_enabled { "enabled" } else { "disabled" };
    alloc::format!("{enabled}.{}", status.wire().to_lowercase())
}

/// An attribute and its value, as looked up.
pub(super) type Named = (&'static str, String);

/// The aliases that a user holds, by its present state; while other settings for names claim theirs,
/// those of both.
pub(super) fn aliases(pool: &Pool, user: &User) -> BTreeSet<Named> {
    let mut held = settled(pool, user);
    if let Some(claimed) = pool.claimed() {
        held.extend(settled(&claimed, user));
    }
    held
}

/// What is left of a user's aliases by other settings for names.
pub(super) fn left(pool: &Pool, user: &User) -> BTreeSet<Named> {
    let Some(swept) = pool.swept() else { return BTreeSet::new() };
    settled(&swept, user).difference(&settled(pool, user)).cloned().collect()
}

/// The aliases of a user by a pool's settings alone.
///
/// Where names are e-mail addresses or phone numbers, these count from the beginning; beside a
/// username they count once they are verified.
pub(super) fn settled(pool: &Pool, user: &User) -> BTreeSet<Named> {
    let mut held = BTreeSet::new();
    let name = pool.fold(&user.username);
    // A name that any spelling leads to, of a user whose key has one.
    if pool.has_other_keys() && !pool.is_case_sensitive() && name != pool.key_of(&user.username) {
        held.insert(("username", name.into_owned()));
    }
    if user.sub != user.username {
        held.insert(("sub", user.sub.clone()));
    }
    for attribute in VERIFIABLE {
        let counts = pool.has_username_attribute(attribute)
            || (pool.has_alias(attribute) && user.is_verified(attribute));
        if let (true, Some(value)) = (counts, user.attribute(attribute)) {
            held.insert((attribute, folded(pool, attribute, value).into_owned()));
        }
    }
    if let (true, Some(value)) =
        (pool.has_alias("preferred_username"), user.attribute("preferred_username"))
    {
        held.insert(("preferred_username", pool.fold(value).into_owned()));
    }
    held
}

/// The index entries of a user.
pub(super) fn entries(user: &User) -> BTreeSet<Named> {
    let mut entries = BTreeSet::new();
    for attribute in SEARCHED {
        if let Some(value) = user.attribute(attribute) {
            entries.insert((attribute, value.to_lowercase()));
        }
    }
    entries.insert((STANDING, standing(user.is_enabled, user.status)));
    entries
}

/// A value as it is looked up: phone numbers and subs have one spelling.
pub(super) fn folded<'a>(pool: &Pool, attribute: &str, value: &'a str) -> Cow<'a, str> {
    match attribute {
        "phone_number" | "sub" => Cow::Borrowed(value),
        _ => pool.fold(value),
    }
}

/// The key of the user who signs in by that value.
pub(crate) fn owner_of(
    cx: &Cx,
    pool: &Pool,
    attribute: &str,
    value: &str,
) -> Result<Option<String>, Error> {
    let value = folded(pool, attribute, value);
    if cx.place.is_split() {
        return reservations::owner(cx, (attribute, &value));
    }
    Ok(cx.get::<Alias>(keys::alias(attribute, &value))?.map(|alias| alias.into_inner().user))
}
