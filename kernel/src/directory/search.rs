//! Which users does a listing show? Every filter is a few ranges of keys, so that a page costs what
//! is on it, however many users there are.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::ops::Range;

use super::{
    aliases::{self, Alias, STANDING},
    filter::{Field, Filter, enabled_word},
    merge::{Found, Part, merge, part},
};
use crate::{
    cx::Cx,
    error::Error,
    model::{
        pool::Pool,
        user::{User, UserStatus},
    },
    store::keys,
};

/// Beyond so many records a page ends, even if it is not full.
const EXAMINED_MAX: usize = 1_000;
/// So many records are read at once, unless a page holds more.
const READ_MAX: usize = 250;

/// What is searched: a range of keys, and what they are.
#[derive(Debug, PartialEq, Eq)]
enum Source {
    /// Index entries, which name their user last; in the order of their keys.
    Index(Vec<Range<String>>),
    /// Aliases of that attribute, and users who need none.
    Names(&'static str, Vec<Range<String>>),
    /// One user, by the key.
    User(Option<String>),
    /// Users themselves.
    Users(Range<String>),
}

/// At most `limit` users that the filter lets through, in the order of what is searched, and the
/// key after which the next page begins, if there may be one.
pub(crate) fn search(
    cx: &Cx,
    pool: &Pool,
    filter: Option<&Filter>,
    (last, limit): (Option<String>, usize),
) -> Result<(Vec<User>, Option<String>), Error> {
    let (found, last) = found(cx, pool, filter, (last, limit))?;
    Ok((found.into_iter().map(|found| found.user).collect(), last))
}

/// The same, with the keys that say where in what is searched they stand.
pub(super) fn found(
    cx: &Cx,
    pool: &Pool,
    filter: Option<&Filter>,
    (last, limit): (Option<String>, usize),
) -> Result<Part, Error> {
    let here = search_here(cx, pool, filter, (last.clone(), limit))?;
    if !cx.place.is_split() {
        return Ok(here);
    }
    let filter = filter.map_or_else(String::new, Filter::text);
    let input = serde_json::json!({ "Filter": filter, "Last": last, "Limit": limit.to_string() });
    let others = cx.consult_others("SearchUsersHere", &input)?;
    let others = others.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    Ok(merge(others.into_iter().chain([here]).collect(), limit))
}

/// The same of the users who live here.
pub(crate) fn search_here(
    cx: &Cx,
    pool: &Pool,
    filter: Option<&Filter>,
    (last, limit): (Option<String>, usize),
) -> Result<Part, Error> {
    let mut source = Source::of(cx, pool, filter)?;
    let mut found: Vec<Found> = Vec::new();
    let mut last = last;
    let mut examined = 0;
    loop {
        if let Some(last) = &last {
            source.skip(last);
        }
        // One more than the page holds, to know whether another page follows; ever more, where
        // few fit.
        let wanted = (limit + 1 - found.len()).max(examined.min(READ_MAX));
        let records = source.read(cx, wanted)?;
        let Some((key, _)) = records.last() else {
            return Ok((found, None));
        };
        last = Some(key.clone());
        examined += records.len();
        for (key, user) in records {
            let Some(user) = user else { continue };
            if filter.is_none_or(|filter| filter.lets_through(pool, &user)) {
                found.push(Found { key, user });
            }
        }
        if found.len() > limit {
            found.truncate(limit);
            let last = found.last().map(|found| found.key.clone());
            return Ok((found, last));
        }
        if examined >= EXAMINED_MAX {
            return Ok((found, last));
        }
    }
}

/// The user of an alias, or who stands under that key and has no such alias.
fn user_of_name(cx: &Cx, attribute: &str, key: &str) -> Result<Option<String>, Error> {
    let Some(user) = key.strip_prefix(keys::user("").as_str()) else {
        return Ok(cx.get::<Alias>(key)?.map(|alias| alias.into_inner().user));
    };
    let Some(row) = cx.get::<User>(key)? else { return Ok(None) };
    let value = match attribute {
        "sub" => row.sub.clone(),
        _ => row.username.to_lowercase(),
    };
    let is_listed =
        cx.get::<Alias>(keys::alias(attribute, &value))?.is_some_and(|alias| alias.user == user);
    Ok((!is_listed).then(|| user.into()))
}

/// The user of a `sub`, if that user lives here.
fn user_of_sub(cx: &Cx, sub: &str) -> Result<Option<String>, Error> {
    Ok(cx.get::<Alias>(keys::alias("sub", sub))?.map(|alias| alias.into_inner().user))
}

impl Source {
    fn of(cx: &Cx, pool: &Pool, filter: Option<&Filter>) -> Result<Self, Error> {
        let Some(filter) = filter else { return Ok(Self::everybody()) };
        Ok(match filter.field {
            Field::Attribute(name) => filter.index(name, &filter.lowercase()),
            Field::Enabled => filter
                .standing(|is_enabled, _| filter.fits(enabled_word(is_enabled), &filter.value)),
            Field::Status => {
                let wanted = filter.lowercase();
                filter.standing(|_, status| filter.fits(&status.wire().to_lowercase(), &wanted))
            }
            Field::Sub if pool.has_mixed_names() => filter.names("sub", &filter.value),
            Field::Sub if pool.has_username_attributes() => filter.usernames(&filter.value),
            Field::Sub if filter.is_prefix => {
                let subs = keys::under(&keys::alias("sub", &filter.value));
                Self::Names("sub", [subs].into())
            }
            Field::Sub => match user_of_sub(cx, &filter.value)? {
                Some(user) => filter.usernames(&user),
                None => Self::User(None),
            },
            Field::Username if pool.has_other_keys() && !pool.is_case_sensitive() => {
                filter.names("username", &pool.fold(&filter.value))
            }
            Field::Username => filter.usernames(&pool.key_of(&filter.value)),
        })
    }

    /// Without a filter.
    fn everybody() -> Self {
        Self::Users(keys::under(&keys::user("")))
    }

    fn ranges(&self) -> &[Range<String>] {
        match self {
            Self::Index(ranges) | Self::Names(_, ranges) => ranges,
            Self::User(_) => &[],
            Self::Users(range) => core::slice::from_ref(range),
        }
    }

    /// Begins after a key that was seen.
    fn skip(&mut self, last: &str) {
        let start = keys::after("", last).start;
        match self {
            Self::Index(ranges) | Self::Names(_, ranges) => {
                ranges.retain(|range| range.end > start);
                for range in ranges {
                    range.start = start.clone().max(core::mem::take(&mut range.start));
                }
            }
            Self::User(key) => drop(key.take_if(|key| *key < start)),
            Self::Users(range) => range.start = start,
        }
    }

    /// At most `limit` keys from the beginning.
    fn keys(&self, cx: &Cx, limit: usize) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        for range in self.ranges() {
            let range = range.start.as_str()..range.end.as_str();
            if found.len() < limit && range.start < range.end {
                found.extend(cx.keys(range, limit - found.len())?);
            }
        }
        Ok(found)
    }

    /// At most `limit` records from the beginning, and the users whom they stand for.
    fn read(&self, cx: &Cx, limit: usize) -> Result<Vec<(String, Option<User>)>, Error> {
        if let Self::Users(range) = self {
            let range = range.start.as_str()..range.end.as_str();
            if range.start >= range.end {
                return Ok(Vec::new());
            }
            let rows = cx.scan::<User>(range, limit)?;
            return Ok(rows
                .into_iter()
                .map(|row| (String::from(row.key()), Some(row.into_inner())))
                .collect());
        }
        // One record that may be at hand.
        if let Self::User(key) = self {
            let user = key.as_ref().map(|key| cx.get::<User>(key.as_str())).transpose()?.flatten();
            let found = user.map(|row| (String::from(row.key()), Some(row.into_inner())));
            return Ok(found.into_iter().collect());
        }
        let user_of = |key: &String| match self {
            Self::Names(attribute, _) => user_of_name(cx, attribute, key),
            _ => Ok(keys::indexed(key).map(String::from)),
        };
        let records = self.keys(cx, limit)?.into_iter().map(|key| {
            let user = match user_of(&key)? {
                Some(user) => cx.get::<User>(keys::user(&user))?,
                None => None,
            };
            Ok((key, user.map(|row| row.into_inner())))
        });
        records.collect()
    }
}

impl Filter {
    fn index(&self, attribute: &str, value: &str) -> Source {
        let prefix = keys::index_prefix(attribute, value);
        let is_whole = if self.is_prefix { "" } else { "/" };
        Source::Index([keys::under(&[&prefix, is_whole].concat())].into())
    }

    /// All users who stand so.
    fn standing(&self, fits: impl Fn(bool, UserStatus) -> bool) -> Source {
        let all = [false, true].into_iter().flat_map(|is_enabled| {
            UserStatus::ALL.into_iter().map(move |status| (is_enabled, status))
        });
        let mut ranges: Vec<_> = all
            .filter(|(is_enabled, status)| fits(*is_enabled, *status))
            .map(|(is_enabled, status)| {
                let value = aliases::standing(is_enabled, status);
                keys::under(&[&keys::index_prefix(STANDING, &value), "/"].concat())
            })
            .collect();
        ranges.sort_by(|one, other| one.start.cmp(&other.start));
        Source::Index(ranges)
    }

    /// Users whom an alias names, or who need none.
    fn names(&self, attribute: &'static str, value: &str) -> Source {
        let range = |key: String| match self.is_prefix {
            true => keys::under(&key),
            false => key.clone()..keys::after("", &key).start,
        };
        let ranges = [range(keys::alias(attribute, value)), range(keys::user(value))];
        Source::Names(attribute, ranges.into())
    }

    fn usernames(&self, name: &str) -> Source {
        let key = keys::user(name);
        match self.is_prefix {
            true => Source::Users(keys::under(&key)),
            false => Source::User(Some(key)),
        }
    }
}
