//! Custom attributes on their way out of a pool: users are looked at step by step, and with the last
//! of them the attributes go, or stay.

use alloc::{collections::BTreeSet, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::users::{save, walk};
use crate::{
    cx::Cx,
    error::Error,
    model::{
        client::Client,
        pool::{Pool, schema::change::Departure},
        user::User,
    },
    place::Place,
    shape::{Json, Text},
    shapes::ChangeStatus,
    store::keys,
};

/// So many users are looked at in one step.
const STEP: usize = 500;
/// So many of those who have a value are named.
const HOLDERS_MAX: usize = 100;

/// What came of looking at some users of a place.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Step {
    examined: u64,
    /// The key of the user who was looked at last, if there may be more.
    last: Option<String>,
    holders: Vec<String>,
}

/// Looks at the next users, of one place at a time: others know what goes only after the first of
/// these steps. The pool is changed, and not yet written.
pub(crate) fn depart(
    cx: &Cx,
    pool: &mut Pool,
    departure: &mut Departure,
) -> Result<ChangeStatus, Error> {
    let step = match cx.place.numbered(departure.place).filter(|place| *place != cx.place) {
        None => examine_here(cx, pool, departure)?,
        Some(place) => examine_at(cx, &place, departure)?,
    };
    departure.examined += step.examined;
    let room = HOLDERS_MAX.saturating_sub(departure.holders.len());
    departure.holders.extend(step.holders.into_iter().take(room));
    departure.last = step.last;
    if departure.last.is_none() {
        departure.place += 1;
    }
    if departure.last.is_some() || cx.place.numbered(departure.place).is_some() {
        cx.put(keys::SCHEMA_CHANGE, departure)?;
        return Ok(ChangeStatus::InProgress);
    }
    cx.delete(keys::SCHEMA_CHANGE);
    let departing = core::mem::take(&mut pool.departing);
    if !departure.holders.is_empty() {
        return Ok(ChangeStatus::Failed);
    }
    forget(cx, pool, &departing)?;
    Ok(ChangeStatus::Succeeded)
}

fn examine_at(cx: &Cx, place: &Place, departure: &Departure) -> Result<Step, Error> {
    let bug = |_| Error::bug("a step through users does not serialise");
    let departure = serde_json::to_value(departure).map_err(bug)?;
    let input = serde_json::json!({ "Departure": departure });
    let mut answer = cx.consult(place, "ExamineUsers", &input)?;
    let step = answer.get_mut("Step").map(Json::take).unwrap_or_default();
    serde_json::from_value(step).map_err(bug)
}

/// Looks at the next users who live here.
pub(crate) fn examine_here(cx: &Cx, pool: &Pool, departure: &Departure) -> Result<Step, Error> {
    let users = walk(cx, departure.last.as_deref(), STEP)?;
    let is_last = users.len() < STEP;
    let mut step = Step { examined: 0, last: None, holders: Vec::new() };
    for mut user in users {
        step.examined += 1;
        if !is_last {
            step.last = Some(user.key().into());
        }
        if !departure.names.iter().any(|name| user.attributes.contains_key(name)) {
            continue;
        }
        if departure.with_values {
            let before = User::clone(&user);
            user.attributes.retain(|name, _| !departure.names.contains(name));
            save(cx, pool, &before, &mut user)?;
        } else if step.holders.len() < HOLDERS_MAX {
            step.holders.push(user.username.clone());
        }
    }
    Ok(step)
}

/// Removes attributes from the schema, and from the lists of clients.
fn forget(cx: &Cx, pool: &mut Pool, gone: &BTreeSet<String>) -> Result<(), Error> {
    if let Some(schema) = &mut pool.description.schema_attributes {
        let stays = |name: &str| !gone.contains(name);
        schema.0.retain(|known| known.name.as_ref().is_none_or(|name| stays(name.as_str())));
    }
    let clients = keys::under(&keys::client(""));
    for mut client in cx.scan::<Client>(clients.start.as_str()..clients.end.as_str(), usize::MAX)? {
        let before = client.description.clone();
        let settings = &mut client.description;
        for list in [&mut settings.read_attributes, &mut settings.write_attributes] {
            list.iter_mut().for_each(|list| list.retain(|name| !gone.contains(name.as_str())));
        }
        if client.description != before {
            client.save()?;
        }
    }
    Ok(())
}
