//! Which attributes may be written, by whom, and what may they hold?
//!
//! The pool's schema says most of it; what only the service knows (`sub`, `identities`) nobody
//! writes, and what only an administrator may claim (`email_verified`) no client does.

mod proof;
mod value;

pub(crate) use proof::Unproved;
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
    shapes::{AttributeName, AttributeType},
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

/// The attributes of a new user. An empty value is none. `name` is the attribute that the user is
/// named by, if any, and its value.
///
/// # Errors
/// `InvalidParameterException` if they don't conform to the schema, `NotAuthorizedException` if
/// the client may not write one of them.
pub(crate) fn of_new_user(
    pool: &Pool,
    writer: Writer<'_>,
    given: Vec<AttributeType>,
    name: Option<(&str, &str)>,
) -> Result<Attributes, Error> {
    let mut attributes = read(given);
    attributes.retain(|_, value| !value.is_empty());
    allowed(writer, &attributes)?;
    if let Some((name, value)) = name {
        let other = attributes.insert(name.into(), value.into());
        if other.is_some_and(|other| pool.fold(&other) != pool.fold(value)) {
            return Err(invalid(format!("Username and {name} must be the same.")));
        }
    }
    let mut faults = Vec::new();
    for (name, value) in &mut attributes {
        faults.extend(fault(pool, name, value)?.map(|fault| format!("{name}: {fault}")));
    }
    nonconforming(faults)?;
    for attribute in VERIFIABLE {
        provable(attribute, &attributes, attributes.contains_key(attribute))?;
    }
    // Whoever an administrator makes may give the rest at the first sign-in.
    if let Writer::Client(_) = writer {
        complete(pool, &attributes)?;
    }
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
    for (name, value) in &mut changes {
        let old = user.attribute(name);
        let fault = match pool.schema(name) {
            Some(schema) => {
                let is_required = schema.required == Some(true);
                // What is required and was never given may still come.
                let is_fixed = schema.mutable == Some(false) && !(is_required && old.is_none());
                match (is_fixed, value.is_empty()) {
                    (true, _) if old != Some(value) => Some(FIXED.to_string()),
                    (_, true) => is_required.then(|| REQUIRED.to_string()),
                    (_, false) => fault(pool, name, value)?,
                }
            }
            None => Some(UNKNOWN.to_string()),
        };
        if let Some(fault) = fault {
            return Err(invalid(format!("user.{name}: {fault}")));
        }
    }
    let keeps = |attribute: &str| match changes.get(attribute) {
        Some(value) => !value.is_empty(),
        None => user.attribute(attribute).is_some(),
    };
    for attribute in VERIFIABLE {
        provable(attribute, &changes, keeps(attribute))?;
    }
    let mut names = VERIFIABLE.into_iter().filter(|name| pool.has_username_attribute(name));
    let nameless = names.clone().find(|name| user.attribute(name).is_some());
    if let Some(name) = nameless.filter(|_| !names.any(keeps)) {
        // Nobody could sign in any more.
        return Err(invalid(format!("user.{name}: {REQUIRED}")));
    }
    Ok(changes)
}

/// What an existing user's attributes become when these are taken away.
///
/// # Errors
/// As [`changes`].
pub(crate) fn removals(
    pool: &Pool,
    writer: Writer<'_>,
    user: &User,
    names: Vec<AttributeName>,
) -> Result<Attributes, Error> {
    let empty = names.into_iter().map(|name| AttributeType { name, value: None });
    changes(pool, writer, user, empty.collect())
}

/// Checks that no attribute is missing that the schema requires.
///
/// # Errors
/// `InvalidParameterException`.
pub(crate) fn complete(pool: &Pool, attributes: &Attributes) -> Result<(), Error> {
    let missing = required(pool).filter(|name| !attributes.contains_key(*name));
    nonconforming(missing.map(|name| format!("{name}: {REQUIRED}")).collect())
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
            self.waiting.remove(&name);
            if value.is_empty() {
                self.attributes.remove(&name);
            } else {
                self.attributes.insert(name, value);
            }
        }
        for attribute in VERIFIABLE {
            if self.attribute(attribute).is_none() {
                self.attributes.remove(&twin(attribute));
            }
        }
        self.forget_addressless_factors();
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
///
/// # Errors
/// `InvalidParameterException` where Cognito says what is wrong without speaking of the schema.
fn fault(pool: &Pool, name: &str, value: &mut str) -> Result<Option<String>, Error> {
    match (name, pool.schema(name)) {
        (SUB, _) => Ok(Some(FIXED.to_string())),
        // Federation alone writes it.
        ("identities", _) | (_, None) => Ok(Some(UNKNOWN.to_string())),
        (_, Some(schema)) => value::fault(schema, name, value),
    }
}

/// Checks that whoever says that an address is verified, or is not, has one.
fn provable(attribute: &str, written: &Attributes, has: bool) -> Result<(), Error> {
    if has || !written.contains_key(&twin(attribute)) {
        return Ok(());
    }
    Err(invalid(String::from(match attribute {
        "email" => "Email is required to verify/un-verify an email",
        _ => "Phone Number is required to verify/un-verify a phone number",
    })))
}

/// The name of the attribute that says whether that one is verified.
fn twin(attribute: &str) -> String {
    format!("{attribute}_verified")
}

fn nonconforming(faults: Vec<String>) -> Result<(), Error> {
    if faults.is_empty() {
        return Ok(());
    }
    Err(invalid(format!("Attributes did not conform to the schema: {}", faults.join("\n"))))
}

fn invalid(message: String) -> Error {
    Error::saying(Code::InvalidParameter, message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        model::{pool::schema, user::UserStatus},
        shape::{Json, Wire},
        shapes::{SchemaAttributeType, SchemaAttributes, UserPoolClientType, UserPoolType},
    };

    fn pool(schema: Json) -> Pool {
        let schema = schema::complete(&Vec::<SchemaAttributeType>::read(schema).unwrap()).unwrap();
        Pool {
            id: "eu-west-1_000000000".into(),
            region: "eu-west-1".into(),
            description: UserPoolType {
                schema_attributes: Some(SchemaAttributes(schema)),
                ..UserPoolType::default()
            },
            token_algorithm: crate::KeyAlgorithm::default(),
            sessions: crate::model::session::SessionSettings::default(),
            factors: crate::model::factor::FactorSettings::default(),
            departing: alloc::collections::BTreeSet::new(),
            former_names: crate::model::pool::names::FormerNames::default(),
        }
    }

    fn client(settings: Json) -> Client {
        let description = UserPoolClientType::read(settings).unwrap();
        Client { id: "1".into(), description, secrets: alloc::vec![], sso_minutes: None }
    }

    fn given(pairs: &[(&str, &str)]) -> Vec<AttributeType> {
        let pair = |(name, value): &(&str, &str)| AttributeType {
            name: (*name).into(),
            value: Some((*value).into()),
        };
        pairs.iter().map(pair).collect()
    }

    fn user(pairs: &[(&str, &str)]) -> User {
        let mut user = User::new("ann".into(), "s".into(), UserStatus::Confirmed, 0);
        user.attributes = read(given(pairs));
        user
    }

    /// What an administrator's new user has, or what is wrong with it.
    fn made(pool: &Pool, pairs: &[(&str, &str)]) -> Result<Attributes, String> {
        let made = of_new_user(pool, Writer::Administrator, given(pairs), None);
        made.map_err(|error| error.message.into_owned())
    }

    fn changed(pool: &Pool, user: &User, pairs: &[(&str, &str)]) -> Result<Attributes, String> {
        let changed = changes(pool, Writer::Administrator, user, given(pairs));
        changed.map_err(|error| error.message.into_owned())
    }

    fn fault(text: &str) -> Result<Attributes, String> {
        Err(format!("Attributes did not conform to the schema: {text}"))
    }

    #[test]
    fn only_what_the_schema_has_is_written() {
        let pool = pool(json!([{ "Name": "tenant" }]));
        assert!(made(&pool, &[("custom:tenant", "a"), ("locale", "de")]).is_ok());
        for name in ["tenant", "custom:other", "cognito:groups", "identities", "Email"] {
            assert_eq!(
                made(&pool, &[(name, "a")]),
                fault(&format!("{name}: Attribute does not exist in the schema."))
            );
        }
        assert_eq!(
            made(&pool, &[("sub", "mine")]),
            fault("sub: Attribute cannot be updated. (changing an immutable attribute)")
        );
    }

    #[test]
    fn every_fault_is_named() {
        let pool = pool(json!([]));
        assert_eq!(
            made(&pool, &[("updated_at", "soon"), ("nope", "a")]),
            fault(
                "nope: Attribute does not exist in the schema.\nupdated_at: Value must be a number"
            )
        );
    }

    #[test]
    fn the_last_of_several_values_stands_and_an_empty_one_is_none() {
        let pool = pool(json!([]));
        let made = made(&pool, &[("name", "a"), ("name", "b"), ("locale", "")]).unwrap();
        assert_eq!(made, read(given(&[("name", "b")])));
    }

    #[test]
    fn a_verified_address_needs_an_address() {
        let pool = pool(json!([]));
        let email = ("email", "a@example.com");
        let stored = made(&pool, &[email, ("email_verified", "True")]).unwrap();
        assert_eq!(stored.get("email_verified").map(String::as_str), Some("true"));
        assert_eq!(
            made(&pool, &[("email_verified", "true")]),
            Err("Email is required to verify/un-verify an email".into())
        );
        assert_eq!(
            made(&pool, &[email, ("phone_number_verified", "false")]),
            Err("Phone Number is required to verify/un-verify a phone number".into())
        );
        assert!(changed(&pool, &user(&[email]), &[("email_verified", "true")]).is_ok());
        let both = [("email", ""), ("email_verified", "true")];
        assert!(changed(&pool, &user(&[email]), &both).is_err());
    }

    #[test]
    fn a_client_may_not_write_what_only_administrators_say() {
        let pool = pool(json!([{ "Name": "note", "DeveloperOnlyAttribute": true }]));
        let any = client(json!({}));
        let listed = client(json!({ "WriteAttributes": ["name", "dev:custom:note"] }));
        let write = |client: &Client, name: &str| {
            let made = of_new_user(&pool, Writer::Client(client), given(&[(name, "a")]), None);
            made.map(|_| ()).map_err(|error| error.code)
        };
        assert_eq!(write(&any, "name"), Ok(()));
        assert_eq!(write(&listed, "name"), Ok(()));
        assert_eq!(write(&listed, "locale"), Err(Code::NotAuthorized));
        for client in [&any, &listed] {
            for name in ["email_verified", "phone_number_verified", "dev:custom:note"] {
                assert_eq!(write(client, name), Err(Code::NotAuthorized), "{name}");
            }
        }
        assert!(made(&pool, &[("dev:custom:note", "a")]).is_ok());
    }

    #[test]
    fn clients_give_what_is_required_and_administrators_may_leave_it_out() {
        let pool = pool(json!([{ "Name": "email", "Required": true }]));
        assert!(made(&pool, &[]).is_ok());
        let of_client = of_new_user(&pool, Writer::Client(&client(json!({}))), Vec::new(), None);
        assert_eq!(
            of_client.map_err(|error| error.message.into_owned()),
            fault("email: The attribute is required")
        );
        assert_eq!(
            changed(&pool, &user(&[("email", "a@example.com")]), &[("email", "")]),
            Err("user.email: The attribute is required".into())
        );
    }

    #[test]
    fn what_is_immutable_is_written_once() {
        let pool = pool(json!([
            { "Name": "tier", "Mutable": false },
            { "Name": "given_name", "Mutable": false, "Required": true },
        ]));
        assert!(made(&pool, &[("custom:tier", "gold")]).is_ok());
        let gold = user(&[("custom:tier", "gold")]);
        let fixed = Err("user.custom:tier: Attribute cannot be updated. (changing an immutable \
                         attribute)"
            .into());
        assert_eq!(changed(&pool, &gold, &[("custom:tier", "lead")]), fixed);
        assert_eq!(changed(&pool, &gold, &[("custom:tier", "")]), fixed);
        assert_eq!(changed(&pool, &user(&[]), &[("custom:tier", "gold")]), fixed);
        assert!(changed(&pool, &gold, &[("custom:tier", "gold")]).is_ok());
        // An administrator left it out; the user gives it at the first sign-in.
        assert!(changed(&pool, &gold, &[("given_name", "Ann")]).is_ok());
        assert_eq!(
            changed(&pool, &gold, &[("custom:none", "a")]),
            Err("user.custom:none: Attribute does not exist in the schema.".into())
        );
    }

    #[test]
    fn a_changed_address_is_unverified_and_a_removed_one_forgotten() {
        let verified = [("email", "a@example.com"), ("email_verified", "true")];
        let after = |changes: &[(&str, &str)]| {
            let mut user = user(&verified);
            user.change(read(given(changes)));
            user.attributes
        };
        let is = |pairs: &[(&str, &str)]| read(given(pairs));
        let other = ("email", "b@example.com");
        assert_eq!(after(&[other]), is(&[other, ("email_verified", "false")]));
        assert_eq!(after(&[other, verified[1]]), is(&[other, verified[1]]));
        assert_eq!(after(&[verified[0]]), is(&verified));
        assert_eq!(after(&[("email", "")]), is(&[]));
        assert_eq!(after(&[("name", "A")]), is(&[verified[0], verified[1], ("name", "A")]));
    }

    #[test]
    fn the_name_that_a_user_is_given_is_an_attribute_too() {
        let pool = pool(json!([]));
        let made = |pairs: &[(&str, &str)]| {
            let name = Some(("email", "a@example.com"));
            of_new_user(&pool, Writer::Administrator, given(pairs), name).ok()
        };
        assert_eq!(made(&[]), Some(read(given(&[("email", "a@example.com")]))));
        assert!(made(&[("email", "a@example.com"), ("email_verified", "true")]).is_some());
        assert_eq!(made(&[("email", "b@example.com")]), None);
    }
}
