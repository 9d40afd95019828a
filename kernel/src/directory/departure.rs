//! Custom attributes on their way out of a pool: users are looked at step by step, and with the last
//! of them the attributes go, or stay.

use alloc::{collections::BTreeSet, string::String};

use super::users::{save, walk};
use crate::{
    cx::Cx,
    error::Error,
    model::{
        client::Client,
        pool::{Pool, schema::change::Departure},
        user::User,
    },
    shape::Text,
    shapes::ChangeStatus,
    store::keys,
};

/// So many users are looked at in one step.
const STEP: usize = 500;
/// So many of those who have a value are named.
const HOLDERS_MAX: usize = 100;

/// Looks at the next users. The pool is changed, and not yet written.
pub(crate) fn depart(
    cx: &Cx,
    pool: &mut Pool,
    departure: &mut Departure,
) -> Result<ChangeStatus, Error> {
    let users = walk(cx, departure.last.as_deref(), STEP)?;
    let is_last = users.len() < STEP;
    for mut user in users {
        departure.examined += 1;
        departure.last = Some(user.key().into());
        if !departure.names.iter().any(|name| user.attributes.contains_key(name)) {
            continue;
        }
        if departure.with_values {
            let before = User::clone(&user);
            user.attributes.retain(|name, _| !departure.names.contains(name));
            save(cx, pool, &before, &mut user)?;
        } else if departure.holders.len() < HOLDERS_MAX {
            departure.holders.push(user.username.clone());
        }
    }
    if !is_last {
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
