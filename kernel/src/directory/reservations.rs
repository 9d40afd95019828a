//! Aliases of a split pool, where the alias and its user may live at different places.
//!
//! The user's record is the truth; what stands under `alias/` at the alias's home is a reservation
//! (see [`shard`](crate::shard)).

use alloc::string::{String, ToString};

use serde::{Deserialize, Serialize};

use super::{
    aliases::{Alias, aliases},
    users,
};
use crate::{
    cx::Cx,
    error::Error,
    model::{pool::Pool, user::User},
    shape::Json,
    shard::{self, about},
    store::{Record, keys},
};

/// An attribute and its folded value.
type Named<'a> = (&'a str, &'a str);

/// An alias that its user gave up while its home may still say so.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Unsettled {
    attribute: String,
    value: String,
    user: String,
}

impl Record for Unsettled {}

/// So many are settled after a call; the rest waits for the next.
const SETTLED_MAX: usize = 100;

/// Who truly has an alias.
pub(super) fn owner(cx: &Cx, named: Named<'_>) -> Result<Option<String>, Error> {
    let Some(home) = cx.home(named.1) else { return owner_here(cx, named) };
    let answer = cx.consult(&home, "OwnerOfAlias", &Json::Object(about(named, "")))?;
    Ok(shard::text(&answer, "Owner").map(String::from))
}

/// Who truly has an alias that lives here.
pub(crate) fn owner_here(cx: &Cx, named: Named<'_>) -> Result<Option<String>, Error> {
    let Some(alias) = cx.get::<Alias>(keys::alias(named.0, named.1))? else { return Ok(None) };
    let alias = alias.into_inner();
    Ok(is_good(cx, named, &alias, false)?.then_some(alias.user))
}

/// Whether a reservation is its user's by right, after that user was perhaps asked to give it up.
fn is_good(cx: &Cx, named: Named<'_>, alias: &Alias, yields: bool) -> Result<bool, Error> {
    let Some(home) = cx.home(&alias.user) else {
        if yields {
            give_up(cx, named, &alias.user)?;
        }
        return holds(cx, named, &alias.user);
    };
    let mut input = about(named, &alias.user);
    input.insert("Yields".into(), Json::from(yields));
    input.insert("Nonce".into(), Json::from(alias.nonce.to_string()));
    let answer = cx.consult(&home, "HoldsAlias", &Json::Object(input))?;
    Ok(answer.get("Holds") != Some(&Json::Bool(false)))
}

/// Whether a user who lives here truly has an alias, or a running call is about to see to that.
pub(crate) fn holds(cx: &Cx, named: Named<'_>, owner: &str) -> Result<bool, Error> {
    let claim = (named.0.to_string(), named.1.to_string(), owner.to_string());
    if cx.kernel().claims.has(&claim) {
        return Ok(true);
    }
    let Some(pool) = cx.shared::<Pool>(keys::POOL)? else { return Ok(false) };
    let Some(user) = cx.get::<User>(keys::user(owner))? else { return Ok(false) };
    Ok(is_of(&pool, &user, named))
}

/// Whether a user's record has an alias.
pub(super) fn is_of(pool: &Pool, user: &User, (attribute, value): Named<'_>) -> bool {
    aliases(pool, user).iter().any(|(known, held)| *known == attribute && held == value)
}

/// Takes an alias from a user who lives here, whose attribute is then unverified.
pub(crate) fn give_up(cx: &Cx, named: Named<'_>, owner: &str) -> Result<(), Error> {
    let Some(pool) = cx.shared::<Pool>(keys::POOL)? else { return Ok(()) };
    let Some(mut row) = cx.get::<User>(keys::user(owner))? else { return Ok(()) };
    if !is_of(&pool, &row, named) {
        return Ok(());
    }
    let before = User::clone(&row);
    row.verify(named.0, false);
    users::save(cx, &pool, &before, &mut row)
}

/// Reserves an alias that lives here for a user; says whether nobody else truly has it.
pub(crate) fn reserve(
    cx: &Cx,
    named: Named<'_>,
    owner: &str,
    is_forced: bool,
) -> Result<bool, Error> {
    // Names live where the aliases that spell like them do.
    if users::is_name(cx, owner, named)? {
        return Ok(false);
    }
    let key = keys::alias(named.0, named.1);
    if let Some(alias) = cx.get::<Alias>(key.as_str())?
        && alias.user != owner
        && is_good(cx, named, &alias, is_forced)?
    {
        return Ok(false);
    }
    let nonce = u64::from_be_bytes(cx.random.bytes());
    cx.put(&key, &Alias { user: owner.into(), nonce })?;
    Ok(true)
}

/// Takes an alias that lives here from a user who does not truly have it.
pub(crate) fn unreserve(cx: &Cx, named: Named<'_>, owner: &str) -> Result<(), Error> {
    let key = keys::alias(named.0, named.1);
    if let Some(alias) = cx.get::<Alias>(key)?
        && alias.user == owner
        && !is_good(cx, named, &alias, false)?
    {
        alias.delete();
    }
    Ok(())
}

/// Takes an alias for a user who lives here, wherever the alias does; says whether it was free.
pub(super) fn claim(cx: &Cx, key: &str, named: Named<'_>) -> Result<bool, Error> {
    let Some(rounds) = cx.rounds() else { return Ok(true) };
    if named.0 == "sub" {
        // Listings look it up beside its user.
        cx.put(&keys::alias(named.0, named.1), &Alias { user: key.into(), nonce: 0 })?;
    }
    let is_forced = rounds.is_forced(named.0, named.1);
    let Some(home) = cx.home(named.1) else {
        return if named.0 == "sub" { Ok(true) } else { reserve(cx, named, key, is_forced) };
    };
    rounds.claim((named.0.into(), named.1.into(), key.into()));
    let mut input = about(named, key);
    input.insert("IsForced".into(), Json::from(is_forced));
    let answer = cx.consult(&home, "ClaimAlias", &Json::Object(input))?;
    Ok(answer.get("IsTaken") == Some(&Json::Bool(false)))
}

/// Takes an alias away from a user who lives here.
pub(super) fn drop(cx: &Cx, key: &str, named: Named<'_>) -> Result<(), Error> {
    let is_here = cx.is_here(named.1);
    if is_here || named.0 == "sub" {
        cx.delete(&keys::alias(named.0, named.1));
    }
    if let (false, Some(rounds)) = (is_here, cx.rounds()) {
        rounds.owe();
        let unsettled =
            Unsettled { attribute: named.0.into(), value: named.1.into(), user: key.into() };
        cx.put(&keys::unsettled(named.0, named.1, key), &unsettled)?;
    }
    Ok(())
}

/// Tells the homes of aliases that were given up here; those that can't be reached are told
/// later.
pub(crate) async fn settle(cx: &mut Cx) -> Result<(), Error> {
    let range = keys::under(keys::UNSETTLED);
    let rows = cx.scan::<Unsettled>(range.start.as_str()..range.end.as_str(), SETTLED_MAX)?;
    let rows: alloc::vec::Vec<_> =
        rows.into_iter().map(|row| (String::from(row.key()), row.into_inner())).collect();
    for (key, Unsettled { attribute, value, user }) in rows {
        if shard::tell(cx, (&attribute, &value), &user).await.is_ok() {
            cx.delete(&key);
            cx.commit()?;
        }
    }
    Ok(())
}
