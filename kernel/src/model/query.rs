//! A question about users, in the filter language of SCIM (RFC 7644 §3.4.2.2), and the order in which
//! they are wanted.
//!
//! Attributes go by Cognito's names, case mattering. `username`, `status`, `enabled`, `created`,
//! `modified` and `groups` are of the user. Texts are compared in any case, but for usernames where
//! these are told apart by it; numbers by their value; times as moments. Who lacks an attribute is
//! not equal to anything, and comes last in ascending order.

mod parse;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use value::Value;

use alloc::{boxed::Box, string::String, vec::Vec};
use core::cmp::Ordering;

use crate::{
    error::{Code, Error},
    model::{pool::Pool, user::User},
    shapes::{AttributeDataType, SortOrder},
};

/// What users are asked for.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Query {
    /// All of these hold.
    All(Vec<Self>),
    /// One of these holds.
    Any(Vec<Self>),
    Compares(Comparison),
    Not(Box<Self>),
    /// The user has a value there.
    Present(Path),
}

/// A value beside one that is given.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Comparison {
    pub(crate) path: Path,
    pub(crate) operator: Operator,
    pub(crate) value: Value,
}

/// How two values are compared, in SCIM's words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Contains,
    EndsWith,
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    StartsWith,
}

/// What of a user is looked at.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Path {
    Attribute(String),
    Created,
    Enabled,
    Groups,
    Modified,
    Status,
    Username,
}

/// Of what kind the values there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Flag,
    Moment,
    Number,
    Text,
}

/// In which order users are wanted.
pub(crate) struct Order {
    path: Path,
    kind: Kind,
    direction: SortOrder,
}

/// A user, with the names of the groups that it is in.
pub(crate) struct Subject<'a> {
    pub(crate) user: &'a User,
    pub(crate) groups: &'a [String],
}

impl Query {
    /// Reads a filter; nothing but spaces is none.
    ///
    /// # Errors
    /// `InvalidParameterException`, with the place in the text, if it is no filter or speaks of what
    /// users of the pool don't have.
    pub(crate) fn parse(pool: &Pool, text: &str) -> Result<Option<Self>, Error> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        parse::parse(pool, text).map(Some).map_err(|fault| {
            let message =
                alloc::format!("Invalid filter at character {}: {}", fault.at, fault.what);
            Error::saying(Code::InvalidParameter, message)
        })
    }

    /// Whether it holds for a user.
    pub(crate) fn fits(&self, pool: &Pool, subject: &Subject<'_>) -> bool {
        match self {
            Self::All(queries) => queries.iter().all(|query| query.fits(pool, subject)),
            Self::Any(queries) => queries.iter().any(|query| query.fits(pool, subject)),
            Self::Compares(comparison) => comparison.fits(pool, subject),
            Self::Not(query) => !query.fits(pool, subject),
            Self::Present(path) => !path.values(pool, (path.kind(pool), subject)).is_empty(),
        }
    }

    /// Whether it asks for groups, which are not looked up otherwise.
    pub(crate) fn asks_for_groups(&self) -> bool {
        match self {
            Self::All(queries) | Self::Any(queries) => queries.iter().any(Self::asks_for_groups),
            Self::Compares(comparison) => comparison.path == Path::Groups,
            Self::Not(query) => query.asks_for_groups(),
            Self::Present(path) => *path == Path::Groups,
        }
    }

    /// What must hold of every user who fits.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Comparison> {
        let all = match self {
            Self::All(queries) => queries.as_slice(),
            query => core::slice::from_ref(query),
        };
        all.iter().filter_map(|query| match query {
            Self::Compares(comparison) => Some(comparison),
            _ => None,
        })
    }
}

impl Comparison {
    fn fits(&self, pool: &Pool, subject: &Subject<'_>) -> bool {
        let values = self.path.values(pool, (self.value.kind(), subject));
        values.iter().any(|value| self.operator.holds(value, &self.value))
    }
}

impl Operator {
    fn holds(self, value: &Value, given: &Value) -> bool {
        let order = value.cmp(given);
        let texts = value.text().zip(given.text());
        let of_texts =
            |holds: fn(&str, &str) -> bool| texts.is_some_and(|(value, given)| holds(value, given));
        match self {
            Self::Contains => of_texts(|value, given| value.contains(given)),
            Self::EndsWith => of_texts(|value, given| value.ends_with(given)),
            Self::Equal => order == Ordering::Equal,
            Self::Greater => order == Ordering::Greater,
            Self::GreaterOrEqual => order != Ordering::Less,
            Self::Less => order == Ordering::Less,
            Self::LessOrEqual => order != Ordering::Greater,
            Self::StartsWith => of_texts(|value, given| value.starts_with(given)),
        }
    }
}

impl Path {
    /// What goes by that name in a pool.
    pub(crate) fn named(pool: &Pool, name: &str) -> Option<Self> {
        Some(match name {
            "created" => Self::Created,
            "enabled" => Self::Enabled,
            "groups" => Self::Groups,
            "modified" => Self::Modified,
            "status" | "cognito:user_status" => Self::Status,
            "username" => Self::Username,
            _ => {
                pool.schema(name)?;
                Self::Attribute(name.into())
            }
        })
    }

    pub(crate) fn kind(&self, pool: &Pool) -> Kind {
        match self {
            Self::Created | Self::Modified => Kind::Moment,
            Self::Enabled => Kind::Flag,
            Self::Groups | Self::Status | Self::Username => Kind::Text,
            Self::Attribute(name) => {
                match pool.schema(name).and_then(|schema| schema.attribute_data_type) {
                    Some(AttributeDataType::Boolean) => Kind::Flag,
                    Some(AttributeDataType::DateTime) => Kind::Moment,
                    Some(AttributeDataType::Number) => Kind::Number,
                    Some(AttributeDataType::String) | None => Kind::Text,
                }
            }
        }
    }

    /// A text as it is compared there.
    pub(crate) fn folded(&self, pool: &Pool, text: &str) -> Value {
        match self {
            Self::Username => Value::Text(pool.fold(text).into_owned()),
            _ => Value::Text(text.to_lowercase()),
        }
    }

    /// What a user has there: one value or none, but for groups.
    fn values(&self, pool: &Pool, (kind, subject): (Kind, &Subject<'_>)) -> Vec<Value> {
        let user = subject.user;
        let value = match self {
            Self::Created => Some(Value::Moment(user.created_ms)),
            Self::Enabled => Some(Value::Flag(user.is_enabled)),
            Self::Groups => {
                return subject.groups.iter().map(|name| self.folded(pool, name)).collect();
            }
            Self::Modified => Some(Value::Moment(user.modified_ms)),
            Self::Status => Some(self.folded(pool, user.status.wire())),
            Self::Username => Some(self.folded(pool, &user.username)),
            Self::Attribute(name) => user.attribute(name).and_then(|text| match kind {
                Kind::Text => Some(self.folded(pool, text)),
                kind => Value::read(kind, text),
            }),
        };
        value.into_iter().collect()
    }
}

impl Order {
    /// The order by what goes by that name.
    ///
    /// # Errors
    /// `InvalidParameterException` if there is no such thing, or there may be several of it.
    pub(crate) fn by(pool: &Pool, name: &str, direction: SortOrder) -> Result<Self, Error> {
        let path = Path::named(pool, name).filter(|path| *path != Path::Groups);
        let path = path.ok_or_else(|| {
            let message = alloc::format!("Invalid sort attribute: {name}");
            Error::saying(Code::InvalidParameter, message)
        })?;
        let kind = path.kind(pool);
        Ok(Self { path, kind, direction })
    }

    /// What a user is put in order by.
    pub(crate) fn rank(&self, pool: &Pool, user: &User) -> Option<Value> {
        let subject = Subject { user, groups: &[] };
        self.path.values(pool, (self.kind, &subject)).pop().map(Value::shortened)
    }

    /// Which of two users comes first, by what they are put in order by and their keys.
    pub(crate) fn compare(
        &self,
        one: (&Option<Value>, &str),
        other: (&Option<Value>, &str),
    ) -> Ordering {
        let ranks = match (one.0, other.0) {
            (Some(one), Some(other)) => one.cmp(other),
            // Those who lack it come last.
            (one, other) => other.is_some().cmp(&one.is_some()),
        };
        let ascending = ranks.then_with(|| one.1.cmp(other.1));
        match self.direction {
            SortOrder::Ascending => ascending,
            SortOrder::Descending => ascending.reverse(),
        }
    }
}
