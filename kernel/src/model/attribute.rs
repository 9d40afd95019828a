//! Which attributes may be written, by whom, and what may they hold?
//!
//! The pool's schema says most of it; what only the service knows (`sub`, `identities`) nobody
//! writes, and what only an administrator may claim (`email_verified`) no client does.

mod value;

pub(crate) use value::{is_email, is_phone_number};

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    client::Client,
    pool::Pool,
    user::{User, VERIFIABLE},
};
use crate::{
    error::{Code, Error},
    shape::Text,
    shapes::AttributeType,
};

/// Attributes by name.
pub(crate) type Attributes = BTreeMap<String, String>;

/// Who writes attributes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Writer<'a> {
    /// Whoever signs with an access key.
    Administrator,
    /// An app client, in its user's name.
    Client(&'a Client),
}

/// The attributes of a new user. An empty value is none.
///
/// # Errors
/// `InvalidParameterException` if they don't conform to the schema, `NotAuthorizedException` if
/// the client may not write one of them.
pub(crate) fn of_new_user(
    pool: &Pool,
    writer: Writer<'_>,
    given: Vec<AttributeType>,
) -> Result<Attributes, Error> {
    let mut attributes = read(given);
    attributes.retain(|_, value| !value.is_empty());
    allowed(writer, &attributes)?;
    let mut faults = Vec::new();
    for (name, value) in &mut attributes {
        faults.extend(fault(pool, name, value)?);
    }
    faulty(faults)?;
    Ok(attributes)
}

/// What an existing user's attributes become: an empty value takes one away.
///
/// # Errors
/// As [`of_new_user`]; also `InvalidParameterException` if one is written that never changes, or
/// one taken away that is required.
pub(crate) fn changes(
    pool: &Pool,
    writer: Writer<'_>,
    user: &User,
    given: Vec<AttributeType>,
) -> Result<Attributes, Error> {
    let mut changes = read(given);
    allowed(writer, &changes)?;
    let mut faults = Vec::new();
    for (name, value) in &mut changes {
        let schema = pool.schema(name);
        let is_fixed = schema.is_some_and(|schema| schema.mutable == Some(false));
        if is_fixed && user.attribute(name) != Some(value) {
            faults.push(format!("{name}: {FIXED}"));
        } else if !value.is_empty() {
            faults.extend(fault(pool, name, value)?);
        } else if schema.is_none() {
            faults.push(format!("{name}: {UNKNOWN}"));
        } else if schema.and_then(|schema| schema.required) == Some(true) {
            faults.push(format!("{name}: {REQUIRED}"));
        }
    }
    faulty(faults)?;
    Ok(changes)
}

/// Checks that no attribute is missing that the schema requires.
///
/// # Errors
/// `InvalidParameterException`.
pub(crate) fn complete(pool: &Pool, attributes: &Attributes) -> Result<(), Error> {
    let missing = required(pool).filter(|name| !attributes.contains_key(*name));
    faulty(missing.map(|name| format!("{name}: {REQUIRED}")).collect())
}

/// The attributes that every user of the pool must have, besides `sub`.
pub(crate) fn required(pool: &Pool) -> impl Iterator<Item = &str> {
    let schema = pool.description.schema_attributes.iter().flat_map(|schema| schema.iter());
    let required = schema.filter(|attribute| attribute.required == Some(true));
    required.filter_map(|attribute| attribute.name.as_ref()).map(Text::as_str).filter(|n| *n != SUB)
}

impl User {
    /// Makes changes stand that were checked. A changed address is unverified, unless the changes
    /// say otherwise.
    pub(crate) fn change(&mut self, changes: Attributes) {
        for attribute in VERIFIABLE {
            let changed = changes.get(attribute);
            if changed.is_some_and(|value| self.attribute(attribute) != Some(value)) {
                self.verify(attribute, false);
            }
        }
        for (name, value) in changes {
            if value.is_empty() {
                self.attributes.remove(&name);
            } else {
                self.attributes.insert(name, value);
            }
        }
    }
}

const SUB: &str = "sub";
const UNKNOWN: &str = "Attribute does not exist in the schema.";
const FIXED: &str = "Attribute cannot be updated. (changing an immutable attribute)";
const REQUIRED: &str = "The attribute is required";

/// The last of several values of an attribute stands.
fn read(given: Vec<AttributeType>) -> Attributes {
    let pair = |attribute: AttributeType| {
        (attribute.name.into_string(), attribute.value.map(Text::into_string).unwrap_or_default())
    };
    given.into_iter().map(pair).collect()
}

fn allowed(writer: Writer<'_>, attributes: &Attributes) -> Result<(), Error> {
    let Writer::Client(client) = writer else { return Ok(()) };
    let is_refused = |name: &String| name.starts_with("dev:") || !client.writes(name);
    if attributes.keys().any(is_refused) {
        let message = "A client attempted to write unauthorized attribute";
        return Err(Error::saying(Code::NotAuthorized, message));
    }
    Ok(())
}

/// What is wrong with one attribute; a value that has several spellings gets its usual one.
fn fault(pool: &Pool, name: &str, value: &mut String) -> Result<Option<String>, Error> {
    let is_flag =
        VERIFIABLE.iter().any(|attribute| name.strip_prefix(attribute) == Some("_verified"));
    let fault = match name {
        SUB => Some(FIXED.to_string()),
        "identities" => Some(UNKNOWN.to_string()),
        _ if is_flag => value::boolean(value),
        _ => match pool.schema(name) {
            Some(schema) => value::fault(schema, name, value)?,
            None => Some(UNKNOWN.to_string()),
        },
    };
    Ok(fault.map(|fault| format!("{name}: {fault}")))
}

fn faulty(faults: Vec<String>) -> Result<(), Error> {
    if faults.is_empty() {
        return Ok(());
    }
    let message = format!("Attributes did not conform to the schema: {}", faults.join("\n"));
    Err(Error::saying(Code::InvalidParameter, message))
}
