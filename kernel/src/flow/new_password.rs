//! `NEW_PASSWORD_REQUIRED`: who was given a temporary password chooses one.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use super::{
    Challenge, Door, Outcome, Parameters,
    challenge_session::{Held, foreign},
    next,
    passed::Passed,
    required,
    respond::Answer,
};
use crate::{
    cx::Cx,
    directory,
    error::{Code, Error},
    model::{
        attribute::{self, Writer},
        password,
        user::{User, UserStatus},
    },
    shape::{Json, Map},
    shapes::{AttributeType, ChallengeName},
};

const CHALLENGE: ChallengeName = ChallengeName::NewPasswordRequired;
/// Before the name of an attribute, in the challenge and in its answer.
const PREFIX: &str = "userAttributes.";

/// Asks for a new password, and for the required attributes that the user lacks.
pub(super) fn ask(
    cx: &Cx,
    door: &Door<'_>,
    user: &User,
    passed: Passed,
) -> Result<Challenge, Error> {
    let shown = user.attributes.iter().filter(|(name, _)| door.client.reads(name));
    let shown: Map<String, Json> =
        shown.map(|(name, value)| (name.clone(), Json::from(value.as_str()))).collect();
    let lacking: Vec<Json> = attribute::required(door.pool)
        .filter(|name| user.attribute(name).is_none())
        .map(|name| Json::from(alloc::format!("{PREFIX}{name}")))
        .collect();
    let parameters = [
        ("USER_ID_FOR_SRP", user.username.clone()),
        ("requiredAttributes", Json::Array(lacking).to_string()),
        ("userAttributes", Json::Object(shown).to_string()),
    ];
    Challenge::in_session(cx, door, user, (CHALLENGE, passed, Held::Nothing), parameters)
}

/// Takes the new password, and attributes with it.
pub(super) fn answer(cx: &Cx, door: &Door<'_>, answer: &Answer<'_>) -> Result<Outcome, Error> {
    required(answer.responses, "USERNAME")?;
    let new_password = required(answer.responses, "NEW_PASSWORD")?;
    let (session, mut user) = answer.resume(cx, door)?;
    if user.status != UserStatus::ForceChangePassword {
        return Err(foreign());
    }
    password::check(door.pool, new_password)?;
    let before = User::clone(&user);
    let changes = changes(door, &user, answer.responses)?;
    user.change(changes);
    attribute::complete(door.pool, &user.attributes)?;
    password::replace(cx, door.pool, &mut user, new_password, None)?;
    user.status = UserStatus::Confirmed;
    directory::save(cx, door.pool, &before, &mut user)?;
    session.spend(cx)?;
    next(cx, door, &user, session.passed)
}

/// The attributes in the answer. A required one that has a value stays as it is.
fn changes(
    door: &Door<'_>,
    user: &User,
    responses: &Parameters,
) -> Result<attribute::Attributes, Error> {
    let given = responses.iter().filter_map(|(name, value)| {
        let name = name.strip_prefix(PREFIX)?;
        Some(AttributeType { name: name.into(), value: Some(value.as_str().into()) })
    });
    let writer = if door.is_admin { Writer::Administrator } else { Writer::Client(door.client) };
    let changes = attribute::changes(door.pool, writer, user, given.collect())?;
    let fixed = attribute::required(door.pool).find(|name| {
        let has = user.attribute(name);
        has.is_some() && changes.get(*name).is_some_and(|value| Some(value.as_str()) != has)
    });
    match fixed {
        None => Ok(changes),
        Some(name) => Err(Error::saying(
            Code::NotAuthorized,
            alloc::format!("Cannot modify an already provided {name}"),
        )),
    }
}
