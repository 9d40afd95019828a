//! One list of users from what several places of a split pool have found.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use crate::{error::Error, model::user::User, shape::Json, shard};

/// A user in a list, and the key that says where in it.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) key: String,
    pub(crate) user: User,
}

impl Found {
    /// The form in which it travels. What a password is checked against stays at home.
    pub(crate) fn write(&self) -> Json {
        let user = User { credential: None, ..self.user.clone() };
        serde_json::json!({ "Key": self.key, "User": user })
    }

    fn read(json: &Json) -> Result<Self, Error> {
        let key = shard::text(json, "Key").map(String::from);
        let user = json.get("User").and_then(|user| serde_json::from_value(user.clone()).ok());
        let bug = || Error::bug("a user from another place does not parse");
        Ok(Self { key: key.ok_or_else(bug)?, user: user.ok_or_else(bug)? })
    }
}

/// What a place has found, and the key up to which it has looked, if it has not seen all.
pub(super) type Part = (Vec<Found>, Option<String>);

pub(super) fn part(answer: &Json) -> Result<Part, Error> {
    let users = answer.get("Users").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let users = users.iter().map(Found::read).collect::<Result<_, _>>()?;
    Ok((users, shard::text(answer, "Last").map(ToString::to_string)))
}

/// The first `limit` of all in the order of their keys, and the key after which the rest begins.
pub(super) fn merge(parts: Vec<Part>, limit: usize) -> Part {
    // Beyond the place that has looked least far, nothing is known to be complete.
    let bound = parts.iter().filter_map(|(_, last)| last.clone()).min();
    let mut found: Vec<Found> = parts.into_iter().flat_map(|(found, _)| found).collect();
    if let Some(bound) = &bound {
        found.retain(|found| found.key <= *bound);
    }
    found.sort_by(|a, b| a.key.cmp(&b.key));
    if found.len() > limit {
        found.truncate(limit);
        let last = found.last().map(|found| found.key.clone());
        return (found, last);
    }
    (found, bound)
}
