//! Which users does a question find? Those of a range of keys that the question narrows down, looked
//! at one after the other, a bounded number in a call.
//!
//! An order is found by looking at everybody whom the question may concern: the first of them who were
//! seen so far travel with the progress, until all were seen.

use alloc::{collections::VecDeque, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{filter::Filter, memberships::groups_of, merge::Found, merge::part, search};
use crate::{
    cx::Cx,
    error::Error,
    model::{
        pool::Pool,
        query::{Comparison, Operator, Order, Path, Query, Subject, Value},
        user::User,
    },
    store::keys,
};

/// So many users are looked at in one call, or a few more.
const EXAMINED_MAX: usize = 1_000;
/// So many are read at once, and fewer while a page may be filled by them.
const READ_MAX: usize = 250;

/// What is asked for.
pub(crate) struct Asked<'a> {
    pub(crate) query: Option<&'a Query>,
    pub(crate) order: Option<&'a Order>,
    /// How many users go on a page.
    pub(crate) limit: usize,
}

/// How far a search has come.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// The key up to which users were looked at.
    last: Option<String>,
    /// Who was on the last page last.
    shown: Option<Ranked>,
    /// The first of those who come after that, among those who were looked at.
    best: VecDeque<Ranked>,
    /// Whether others come after these.
    has_more: bool,
}

/// A user in an order.
#[derive(Clone, Serialize, Deserialize)]
struct Ranked {
    rank: Option<Value>,
    /// The key of the user.
    user: String,
}

/// What came of a call.
pub(crate) struct Answered {
    pub(crate) users: Vec<User>,
    /// How many users were looked at.
    pub(crate) examined: usize,
    /// With what the search goes on, if it does.
    pub(crate) progress: Option<Progress>,
}

/// Looks for users a bit further.
pub(crate) fn query(
    cx: &Cx,
    pool: &Pool,
    asked: &Asked<'_>,
    mut progress: Progress,
) -> Result<Answered, Error> {
    let narrowed = asked.query.and_then(narrowed);
    let mut users = Vec::new();
    let mut examined = 0;
    loop {
        let last = progress.last.take();
        let wanted = match asked.order {
            Some(_) => READ_MAX,
            None => asked.limit.max(examined).min(READ_MAX),
        };
        let (found, next) = search::found(cx, pool, narrowed.as_ref(), (last, wanted))?;
        let count = found.len();
        for (n, Found { key, user }) in found.into_iter().enumerate() {
            examined += 1;
            if !fits(cx, pool, asked, &user)? {
                continue;
            }
            match asked.order {
                Some(order) => progress.consider(pool, (order, asked.limit), &user),
                None => users.push(user),
            }
            if users.len() == asked.limit {
                let is_over = n + 1 == count && next.is_none();
                let progress = Progress { last: Some(key), ..Progress::default() };
                return Ok(Answered { users, examined, progress: (!is_over).then_some(progress) });
            }
        }
        let is_over = next.is_none();
        progress.last = next;
        if is_over && asked.order.is_some() {
            let users = progress.shown_now(cx, pool, asked)?;
            return Ok(Answered { users, examined, progress: progress.after_page() });
        }
        if is_over || examined >= EXAMINED_MAX {
            return Ok(Answered { users, examined, progress: (!is_over).then_some(progress) });
        }
    }
}

impl Progress {
    /// Takes a user among the first, if it belongs there.
    fn consider(&mut self, pool: &Pool, (order, limit): (&Order, usize), user: &User) {
        let new =
            Ranked { rank: order.rank(pool, user), user: pool.key_of(&user.username).into_owned() };
        let is_before = |one: &Ranked, other: &Ranked| {
            order.compare((&one.rank, &one.user), (&other.rank, &other.user)).is_lt()
        };
        if self.shown.as_ref().is_some_and(|shown| !is_before(shown, &new)) {
            return;
        }
        let at = self.best.partition_point(|known| is_before(known, &new));
        self.best.insert(at, new);
        if self.best.len() > limit {
            self.best.truncate(limit);
            self.has_more = true;
        }
    }

    /// The users of the page that is now complete, as they are now.
    fn shown_now(&self, cx: &Cx, pool: &Pool, asked: &Asked<'_>) -> Result<Vec<User>, Error> {
        // All are asked for before the first is missed.
        let users: Vec<_> = self.best.iter().map(|ranked| user(cx, &ranked.user)).collect();
        let mut shown = Vec::with_capacity(users.len());
        for user in users {
            if let Some(user) = user?
                && fits(cx, pool, asked, &user)?
            {
                shown.push(user);
            }
        }
        Ok(shown)
    }

    /// With what the next page begins, if there is one.
    fn after_page(mut self) -> Option<Self> {
        let shown = self.best.pop_back();
        self.has_more.then(|| Self { shown, ..Self::default() })
    }
}

fn fits(cx: &Cx, pool: &Pool, asked: &Asked<'_>, user: &User) -> Result<bool, Error> {
    let Some(query) = asked.query else { return Ok(true) };
    let groups: Vec<String> = match query.asks_for_groups() {
        true => groups_of(cx, user)?.iter().map(|group| group.name.clone()).collect(),
        false => Vec::new(),
    };
    Ok(query.fits(pool, &Subject { user, groups: &groups }))
}

/// A user by its key, wherever it lives.
fn user(cx: &Cx, key: &str) -> Result<Option<User>, Error> {
    let Some(home) = cx.home(key).filter(|_| cx.place.is_split()) else {
        return Ok(cx.get::<User>(keys::user(key))?.map(|row| row.into_inner()));
    };
    let filter = Filter::named("username", false, key).map_or_else(String::new, |f| f.text());
    let input = serde_json::json!({ "Filter": filter, "Limit": "1" });
    let (found, _) = part(&cx.consult(&home, "SearchUsersHere", &input)?)?;
    Ok(found.into_iter().next().map(|found| found.user))
}

/// What an index knows of those who fit: the more telling of the conditions that all must meet.
fn narrowed(query: &Query) -> Option<Filter> {
    let filters = query.conditions().filter_map(filter);
    filters.max_by_key(|(weight, _)| *weight).map(|(_, filter)| filter)
}

/// A condition as a listing's filter, and how much it tells.
fn filter(condition: &Comparison) -> Option<(u8, Filter)> {
    let is_prefix = match condition.operator {
        Operator::Equal => false,
        Operator::StartsWith => true,
        _ => return None,
    };
    let (name, weight) = match &condition.path {
        Path::Attribute(name) if name == "sub" => (name.as_str(), 3),
        Path::Attribute(name) => (name.as_str(), 2),
        Path::Enabled => ("status", 0),
        Path::Status => ("cognito:user_status", 0),
        Path::Username => ("username", 3),
        Path::Created | Path::Groups | Path::Modified => return None,
    };
    let value = match &condition.value {
        Value::Flag(true) => "Enabled",
        Value::Flag(false) => "Disabled",
        Value::Text(text) => text.as_str(),
        Value::Moment(_) | Value::Number(_) => return None,
    };
    let filter = Filter::named(name, is_prefix, value)?;
    Some((if is_prefix { weight } else { weight + 4 }, filter))
}
