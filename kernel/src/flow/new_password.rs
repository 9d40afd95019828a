//! `NEW_PASSWORD_REQUIRED`: who was given a temporary password chooses one.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};

use super::{Door, Outcome, Parameters, challenge_session, refuse_barred, required};
use crate::{
    access::client_secret,
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
    token::{self, Grant},
};

const CHALLENGE: ChallengeName = ChallengeName::NewPasswordRequired;
/// Before the name of an attribute, in the challenge and in its answer.
const PREFIX: &str = "userAttributes.";

/// Asks for a new password, and for the required attributes that the user lacks.
pub(super) fn ask(cx: &Cx, door: &Door<'_>, user: &User) -> Result<Outcome, Error> {
    let session = challenge_session::mint(cx, door, user, CHALLENGE)?;
    let shown = user.attributes.iter().filter(|(name, _)| door.client.reads(name));
    let shown: Map<String, Json> =
        shown.map(|(name, value)| (name.clone(), Json::from(value.as_str()))).collect();
    let lacking: Vec<Json> = attribute::required(door.pool)
        .filter(|name| user.attribute(name).is_none())
        .map(|name| Json::from(alloc::format!("{PREFIX}{name}")))
        .collect();
    let parameters = BTreeMap::from(
        [
            ("USER_ID_FOR_SRP", user.username.clone()),
            ("requiredAttributes", Json::Array(lacking).to_string()),
            ("userAttributes", Json::Object(shown).to_string()),
        ]
        .map(|(name, value)| (name.to_string(), value)),
    );
    Ok(Outcome::Challenge { name: CHALLENGE, session: Some(session), parameters })
}

/// Takes the new password, and attributes with it.
pub(super) fn answer(
    cx: &Cx,
    door: &Door<'_>,
    session: Option<&str>,
    responses: &Parameters,
) -> Result<Outcome, Error> {
    let name = required(responses, "USERNAME")?;
    let new_password = required(responses, "NEW_PASSWORD")?;
    let hash = responses.get("SECRET_HASH").map(String::as_str);
    client_secret::secret_hash_if_any(cx, door.client, name, hash)?;
    let missing = || Error::saying(Code::InvalidParameter, "Missing required parameter Session");
    let session = session.ok_or_else(missing)?;
    let session = challenge_session::open(cx, door, CHALLENGE, session)?;
    let foreign = || Error::saying(Code::NotAuthorized, "Invalid session for the user.");
    let mut user = directory::find(cx, door.pool, session.username())?.ok_or_else(foreign)?;
    let named = directory::find(cx, door.pool, name)?;
    let is_same = session.is_of(&user) && named.is_some_and(|named| named.sub == user.sub);
    if !is_same || user.status != UserStatus::ForceChangePassword {
        return Err(foreign());
    }
    refuse_barred(&user)?;
    password::check(door.pool, new_password)?;
    let before = User::clone(&user);
    let changes = changes(door, &user, responses)?;
    user.change(changes);
    attribute::complete(door.pool, &user.attributes)?;
    password::replace(cx, door.pool, &mut user, new_password, None)?;
    user.status = UserStatus::Confirmed;
    directory::save(cx, door.pool, &before, &mut user)?;
    session.spend(cx)?;
    let grant = Grant { pool: door.pool, client: door.client, user: &user };
    token::sign_in(cx, &grant).map(Outcome::Tokens)
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
