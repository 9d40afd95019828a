//! Which users does a listing show? By an index where there is one, else by walking the users, a
//! bounded number of them at a time.

use alloc::{string::String, vec::Vec};
use core::ops::Range;

use super::{
    aliases::owner_of,
    filter::{Field, Filter},
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
    /// Index entries, which name their user last.
    Index(Range<String>),
    /// `sub`s that are not usernames.
    Subs(Range<String>),
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
    let mut source = Source::of(cx, pool, filter)?;
    let mut found: Vec<(String, User)> = Vec::new();
    let mut last = last;
    let mut examined = 0;
    loop {
        if let Some(last) = &last {
            source.skip(last);
        }
        // One more than the page holds, to know whether another page follows; ever more, where
        // few fit.
        let wanted = (limit + 1 - found.len()).max(examined.min(READ_MAX));
        let records = source.read(cx, pool, wanted)?;
        let Some((key, _)) = records.last() else {
            return Ok((users(found), None));
        };
        last = Some(key.clone());
        examined += records.len();
        for (key, user) in records {
            let Some(user) = user else { continue };
            if filter.is_none_or(|filter| filter.lets_through(pool, &user)) {
                found.push((key, user));
            }
        }
        if found.len() > limit {
            found.truncate(limit);
            let last = found.last().map(|(key, _)| key.clone());
            return Ok((users(found), last));
        }
        if examined >= EXAMINED_MAX {
            return Ok((users(found), last));
        }
    }
}

fn users(found: Vec<(String, User)>) -> Vec<User> {
    found.into_iter().map(|(_, user)| user).collect()
}

impl Source {
    fn of(cx: &Cx, pool: &Pool, filter: Option<&Filter>) -> Result<Self, Error> {
        let Some(filter) = filter else { return Ok(Self::everybody()) };
        Ok(match filter.field {
            Field::Attribute(name) => filter.index(name, &filter.lowercase()),
            Field::Enabled if filter.fits("Enabled", &filter.value) => Self::everybody(),
            Field::Enabled if filter.fits("Disabled", &filter.value) => {
                filter.index("status", "disabled")
            }
            Field::Enabled => Self::Users(Range::default()),
            Field::Status => {
                let wanted = filter.lowercase();
                // The usual status is not indexed.
                if filter.fits(&UserStatus::Confirmed.wire().to_lowercase(), &wanted) {
                    Self::everybody()
                } else {
                    filter.index("cognito:user_status", &wanted)
                }
            }
            Field::Sub if pool.has_username_attributes() => filter.usernames(&filter.value),
            Field::Sub if filter.is_prefix => {
                Self::Subs(keys::under(&keys::alias("sub", &filter.value)))
            }
            Field::Sub => match owner_of(cx, pool, "sub", &filter.value)? {
                Some(user) => filter.usernames(&user),
                None => Self::Users(Range::default()),
            },
            Field::Username => filter.usernames(&pool.fold(&filter.value)),
        })
    }

    fn everybody() -> Self {
        Self::Users(keys::under(&keys::user("")))
    }

    fn range(&self) -> &Range<String> {
        let (Self::Index(range) | Self::Subs(range) | Self::Users(range)) = self;
        range
    }

    /// Begins after a key that was seen.
    fn skip(&mut self, last: &str) {
        let (Self::Index(range) | Self::Subs(range) | Self::Users(range)) = self;
        range.start = keys::after("", last).start;
    }

    /// At most `limit` records from the beginning, and the users whom they stand for.
    fn read(
        &self,
        cx: &Cx,
        pool: &Pool,
        limit: usize,
    ) -> Result<Vec<(String, Option<User>)>, Error> {
        let range = self.range().start.as_str()..self.range().end.as_str();
        if range.start >= range.end {
            return Ok(Vec::new());
        }
        if let Self::Users(_) = self {
            let rows = cx.scan::<User>(range, limit)?;
            return Ok(rows
                .into_iter()
                .map(|row| (String::from(row.key()), Some(row.into_inner())))
                .collect());
        }
        let user_of = |key: &String| match self {
            Self::Subs(_) => {
                let sub = key.rsplit('/').next().unwrap_or_default();
                owner_of(cx, pool, "sub", sub)
            }
            _ => Ok(keys::indexed(key).map(String::from)),
        };
        let records = cx.keys(range, limit)?.into_iter().map(|key| {
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
        Source::Index(keys::under(&[&prefix, is_whole].concat()))
    }

    fn usernames(&self, name: &str) -> Source {
        let key = keys::user(name);
        Source::Users(match self.is_prefix {
            true => keys::under(&key),
            false => key.clone()..keys::after("", &key).start,
        })
    }
}
