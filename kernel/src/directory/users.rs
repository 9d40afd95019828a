//! Users: found by any name that they have, written with all that leads to them.

use alloc::{collections::BTreeSet, string::String, vec::Vec};

use super::{
    aliases::{Alias, Entry, Named, aliases, entries, folded, left, owner_of},
    reservations,
};
use crate::{
    cx::Cx,
    delivery::failures,
    error::{Code, Error},
    message::Resolved,
    model::{
        credential,
        pool::{Pool, UserCount},
        user::User,
    },
    shape::{Json, Map},
    shard,
    store::{Row, keys},
};

/// The user whom a name stands for: a username, an alias, or a `sub`.
pub(crate) fn find<'cx>(
    cx: &'cx Cx,
    pool: &Pool,
    name: &str,
) -> Result<Option<Row<'cx, User>>, Error> {
    let found = match by_name(cx, pool, name)? {
        Some(user) => Some(user),
        None => by_alias(cx, pool, name)?,
    };
    if let Some(user) = &found {
        cx.admit_for(user.key())?;
    }
    Ok(found)
}

/// The same, which looks as many records up for a username as for a name that stands for nobody.
/// Where a pool is split, other places are asked, and as much is not to be had.
pub(crate) fn find_as_long<'cx>(
    cx: &'cx Cx,
    pool: &Pool,
    name: &str,
) -> Result<Option<Row<'cx, User>>, Error> {
    let found = find(cx, pool, name)?;
    let is_by_name =
        found.as_ref().is_some_and(|user| pool.fold(&user.username) == pool.fold(name));
    if is_by_name && !cx.place.is_split() {
        by_alias(cx, pool, name)?;
    }
    Ok(found)
}

/// The user of a username.
fn by_name<'cx>(cx: &'cx Cx, pool: &Pool, name: &str) -> Result<Option<Row<'cx, User>>, Error> {
    let named = cx.get::<User>(keys::user(&pool.key_of(name)))?;
    if !pool.has_other_keys() {
        return Ok(named);
    }
    let is_named = |user: &Row<'_, User>| pool.fold(&user.username) == pool.fold(name);
    match named.filter(is_named) {
        Some(user) => Ok(Some(user)),
        None => Ok(cx.get::<User>(keys::user(&pool.fold(name)))?.filter(is_named)),
    }
}

/// The user whom an alias or a `sub` stands for.
fn by_alias<'cx>(cx: &'cx Cx, pool: &Pool, name: &str) -> Result<Option<Row<'cx, User>>, Error> {
    for attribute in ["username", "email", "phone_number", "preferred_username", "sub"] {
        if !leads(pool, attribute, name) {
            continue;
        }
        if cx.place.is_split() {
            if let Some(user) = led_to(cx, pool, attribute, name)? {
                return Ok(Some(user));
            }
        } else if let Some(user) = owner_of(cx, pool, attribute, name)? {
            return cx.get(keys::user(&user));
        }
    }
    Ok(None)
}

/// The user to whom an alias leads in a split pool. If that user lives elsewhere, the message goes
/// on to there.
fn led_to<'cx>(
    cx: &'cx Cx,
    pool: &Pool,
    attribute: &str,
    name: &str,
) -> Result<Option<Row<'cx, User>>, Error> {
    let value = folded(pool, attribute, name);
    let truly = |user: &Row<'_, User>| reservations::is_of(pool, user, (attribute, &value));
    if let Some(resolved) = cx.resolved.as_ref().filter(|resolved| resolved.name == name) {
        if resolved.attribute != attribute {
            return Ok(None);
        }
        return Ok(cx.get::<User>(keys::user(&resolved.owner))?.filter(truly));
    }
    if !cx.is_here(&value) {
        return Err(Error::bug("a name is looked up where it can't be found"));
    }
    let Some(alias) = cx.get::<Alias>(keys::alias(attribute, &value))? else { return Ok(None) };
    let owner = alias.into_inner().user;
    match cx.rounds() {
        Some(rounds) if !cx.is_here(&owner) => {
            Err(rounds.forward(Resolved { name: name.into(), attribute: attribute.into(), owner }))
        }
        _ => Ok(cx.get::<User>(keys::user(&owner))?.filter(truly)),
    }
}

/// Whether somebody has that name, be it as an alias.
pub(crate) fn is_taken(cx: &Cx, pool: &Pool, name: &str) -> Result<bool, Error> {
    if !cx.place.is_split() {
        // Keys may be fewer than names.
        let is_key = pool.has_other_keys() && cx.has(&keys::user(&pool.key_of(name)))?;
        return Ok(is_key || find(cx, pool, name)?.is_some() || is_claimed(cx, pool, name)?);
    }
    if cx.has(&keys::user(&pool.fold(name)))? {
        return Ok(true);
    }
    for attribute in ["email", "phone_number", "preferred_username", "sub"] {
        if leads(pool, attribute, name) && owner_of(cx, pool, attribute, name)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a name will be somebody's by the settings for which aliases are claimed.
fn is_claimed(cx: &Cx, pool: &Pool, name: &str) -> Result<bool, Error> {
    let Some(claimed) = pool.claimed() else { return Ok(false) };
    let name = claimed.fold(name);
    Ok(cx.has(&keys::user(&name))? || cx.has(&keys::alias("username", &name))?)
}

/// Whether users of the pool may be found by that attribute under that name.
fn leads(pool: &Pool, attribute: &str, name: &str) -> bool {
    match attribute {
        // A read saved for each name that is new.
        "sub" => uuid::Uuid::try_parse(name).is_ok(),
        "username" => pool.has_other_keys(),
        _ => pool.has_alias(attribute) || pool.has_username_attribute(attribute),
    }
}

/// The user whom an administrator names.
///
/// # Errors
/// `UserNotFoundException` if there is none.
pub(crate) fn known<'cx>(cx: &'cx Cx, pool: &Pool, name: &str) -> Result<Row<'cx, User>, Error> {
    find(cx, pool, name)?.ok_or_else(|| Code::UserNotFound.into())
}

/// Adds a user.
///
/// # Errors
/// `UsernameExistsException` if the name is taken, or an alias where aliases are names;
/// `AliasExistsException` if another alias is taken.
pub(crate) fn insert(cx: &Cx, pool: &Pool, user: &User) -> Result<(), Error> {
    let key = pool.key_of(&user.username);
    if !cx.is_here(&key) {
        return Err(Error::bug("a user is made at a place that is not the user's home"));
    }
    // Nor may a name be another user's alias or `sub`: it would take that user's place.
    if is_taken(cx, pool, &user.username)? {
        return Err(Code::UsernameExists.into());
    }
    let taken =
        if pool.has_username_attributes() { Code::UsernameExists } else { Code::AliasExists };
    claim(cx, &key, &aliases(pool, user), taken)?;
    for (attribute, value) in entries(user) {
        cx.put(&keys::index(attribute, &value, &key), &Entry {})?;
    }
    credential::recount(cx, None, user.credential.as_ref())?;
    cx.put(&keys::user(&key), user)?;
    count(cx, |users| users + 1)
}

/// Writes a changed user: `before` is what it was when it was read.
///
/// # Errors
/// `AliasExistsException` if the change claims an alias that another user holds. Let
/// [`release`] take it away first where that is wanted.
pub(crate) fn save(
    cx: &Cx,
    pool: &Pool,
    before: &User,
    row: &mut Row<'_, User>,
) -> Result<(), Error> {
    row.modified_ms = cx.now_ms();
    let key = pool.key_of(&row.username).into_owned();
    let (old, new) = (aliases(pool, before), aliases(pool, row));
    claim(cx, &key, &new.difference(&old).cloned().collect(), Code::AliasExists)?;
    for (attribute, value) in old.union(&left(pool, before)).filter(|named| !new.contains(*named)) {
        let_go(cx, pool, &key, (attribute, value))?;
    }
    let (old, new) = (entries(before), entries(row));
    for (attribute, value) in old.difference(&new) {
        cx.delete(&keys::index(attribute, value, &key));
    }
    for (attribute, value) in new.difference(&old) {
        cx.put(&keys::index(attribute, value, &key), &Entry {})?;
    }
    credential::recount(cx, before.credential.as_ref(), row.credential.as_ref())?;
    row.save()
}

/// Removes a user and everything that is kept about it.
pub(crate) fn remove(cx: &Cx, pool: &Pool, row: Row<'_, User>) -> Result<(), Error> {
    let user = row.delete();
    let key = pool.key_of(&user.username);
    for (attribute, value) in aliases(pool, &user).union(&left(pool, &user)) {
        let_go(cx, pool, &key, (attribute, value))?;
    }
    for (attribute, value) in entries(&user) {
        cx.delete(&keys::index(attribute, &value, &key));
    }
    for membership in &user.groups {
        cx.delete(&keys::member(&membership.id, &key));
    }
    credential::recount(cx, user.credential.as_ref(), None)?;
    cx.delete_range(keys::under(&keys::code(&key, "")));
    cx.delete_range(keys::under(&keys::device(&key, "")));
    cx.delete_range(keys::under(&keys::passkey(&key, "")));
    cx.delete_range(keys::under(&keys::efforts(&key, "")));
    failures::forget(cx, &key)?;
    cx.delete(&keys::attempts(&key));
    cx.delete(&keys::former_passwords(&key));
    let sessions = keys::under(&keys::user_sessions(&key));
    loop {
        let page = cx.keys(sessions.start.as_str()..sessions.end.as_str(), 100)?;
        for index in &page {
            let id = index.rsplit_once('/').map_or("", |(_, id)| id);
            cx.delete(&keys::session(id));
            cx.delete(index);
        }
        if page.is_empty() {
            break;
        }
    }
    count(cx, |users| users.saturating_sub(1))
}

/// Takes an alias away from a user, unless it is another's.
pub(super) fn let_go(
    cx: &Cx,
    pool: &Pool,
    key: &str,
    (attribute, value): (&str, &str),
) -> Result<(), Error> {
    // While names change, somebody else may have what this user would have too.
    if pool.is_changing_names()
        && cx.get::<Alias>(keys::alias(attribute, value))?.is_some_and(|alias| alias.user != key)
    {
        return Ok(());
    }
    reservations::drop(cx, key, (attribute, value))
}

/// At most `limit` users in the order of their keys, from after the key `last` on.
pub(super) fn walk<'cx>(
    cx: &'cx Cx,
    last: Option<&str>,
    limit: usize,
) -> Result<Vec<Row<'cx, User>>, Error> {
    let prefix = keys::user("");
    let range = last.map_or_else(|| keys::under(&prefix), |last| keys::after(&prefix, last));
    cx.scan(range.start.as_str()..range.end.as_str(), limit)
}

/// Takes aliases for a user, unless somebody else has one of them.
fn claim(cx: &Cx, key: &str, wanted: &BTreeSet<Named>, taken: Code) -> Result<(), Error> {
    let is_split = cx.place.is_split();
    let claims: Vec<_> = wanted
        .iter()
        .map(|(attribute, value)| match is_split {
            true => reservations::claim(cx, key, (attribute, value)),
            false => claim_here(cx, key, (attribute, value)),
        })
        .collect();
    for ((attribute, _), is_free) in wanted.iter().zip(claims) {
        if !is_free? {
            return Err(match taken {
                Code::AliasExists => Error::saying(
                    Code::AliasExists,
                    alloc::format!("An account with the given {attribute} already exists."),
                ),
                taken => taken.into(),
            });
        }
    }
    Ok(())
}

fn claim_here(cx: &Cx, key: &str, (attribute, value): (&str, &str)) -> Result<bool, Error> {
    let alias = keys::alias(attribute, value);
    let holder = match attribute {
        // Random, so that nobody has it: a read saved for each new user.
        "sub" => None,
        _ => cx.get::<Alias>(alias.as_str())?.map(|alias| alias.into_inner().user),
    };
    if is_name(cx, key, (attribute, value))? || holder.is_some_and(|holder| holder != key) {
        return Ok(false);
    }
    cx.put(&alias, &Alias { user: String::from(key), nonce: 0 })?;
    Ok(true)
}

/// Whether an alias is another user's name: whoever has it for a username is found first, so that it
/// would lead nowhere.
pub(super) fn is_name(cx: &Cx, key: &str, (attribute, value): (&str, &str)) -> Result<bool, Error> {
    match attribute {
        "preferred_username" | "username" if value != key && cx.has(&keys::user(value))? => {
            Ok(true)
        }
        "preferred_username" => {
            let named = cx.get::<Alias>(keys::alias("username", value))?;
            Ok(named.is_some_and(|alias| alias.user != key))
        }
        _ => Ok(false),
    }
}

/// How many users the pool has.
pub(crate) fn count_all(cx: &Cx) -> Result<u64, Error> {
    let here = cx.get::<UserCount>(keys::USER_COUNT)?.map_or(0, |count| count.users);
    if !cx.place.is_split() {
        return Ok(here);
    }
    let others = cx.consult_others("CountUsers", &Json::Object(Map::new()))?;
    let counts =
        others.iter().filter_map(|answer| shard::text(answer, "Users")?.parse::<u64>().ok());
    Ok(here + counts.sum::<u64>())
}

fn count(cx: &Cx, change: impl Fn(u64) -> u64) -> Result<(), Error> {
    let users = change(cx.get::<UserCount>(keys::USER_COUNT)?.map_or(0, |count| count.users));
    if users == 0 {
        cx.delete(keys::USER_COUNT);
        return Ok(());
    }
    cx.put(keys::USER_COUNT, &UserCount { users })
}

/// Takes an alias from whoever holds it, whose attribute is then unverified.
pub(crate) fn release(cx: &Cx, pool: &Pool, attribute: &str, value: &str) -> Result<(), Error> {
    if let Some(rounds) = cx.rounds() {
        let value = folded(pool, attribute, value);
        let alias = cx.get::<Alias>(keys::alias(attribute, &value))?;
        if !cx.is_here(&value) || alias.is_some_and(|alias| !cx.is_here(&alias.user)) {
            // It is taken from its holder when it is claimed.
            rounds.force(attribute, &value);
            return Ok(());
        }
    }
    let Some(holder) = owner_of(cx, pool, attribute, value)? else { return Ok(()) };
    let Some(mut row) = cx.get::<User>(keys::user(&holder))? else { return Ok(()) };
    let before = User::clone(&row);
    row.verify(attribute, false);
    save(cx, pool, &before, &mut row)
}
