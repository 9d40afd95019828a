//! What may still be changed of the schema of a pool that has users?
//!
//! AWS freezes all of it. Here flags and bounds may change: what users have stays as it is, and what
//! is written from then on keeps to the new ones. A custom attribute may go, which takes a walk
//! through all users.

use alloc::{collections::BTreeSet, format, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{CUSTOM_PREFIX, DEVELOPER_PREFIX, check_lengths, check_values, invalid};
use crate::{
    error::Error,
    shape::Text,
    shapes::{AttributeDataType, SchemaAttributeType, SchemaChangeType},
    store::Record,
};

/// Custom attributes on their way out, as kept under `schema-change`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Departure {
    pub(crate) names: BTreeSet<String>,
    /// Whether users lose their values; if not, one value keeps all of them.
    pub(crate) with_values: bool,
    /// Of a split pool, the number of the place whose users are looked at.
    #[serde(default)]
    pub(crate) place: u8,
    /// The key of the user there who was looked at last.
    pub(crate) last: Option<String>,
    pub(crate) examined: u64,
    /// Some users who have a value.
    pub(crate) holders: Vec<String>,
}

impl Record for Departure {}

impl Departure {
    pub(crate) fn new(names: BTreeSet<String>, with_values: bool) -> Self {
        Self { names, with_values, place: 0, last: None, examined: 0, holders: Vec::new() }
    }
}

/// Makes changes of flags and bounds stand; bounds that are given replace those there were.
///
/// # Errors
/// `InvalidParameterException` for an attribute that is not there, is named twice or is the
/// service's own, and for bounds that make no sense or are of another type.
pub(crate) fn change(
    schema: &mut [SchemaAttributeType],
    changes: &[SchemaChangeType],
) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for change in changes {
        let name = change.name.as_str();
        if !seen.insert(name) {
            return Err(invalid(format!("{name}: Duplicate schema attribute.")));
        }
        if matches!(name, "sub" | "identities" | "email_verified" | "phone_number_verified") {
            return Err(invalid(format!("You can not change schema attribute {name}")));
        }
        let is_named = |known: &&mut SchemaAttributeType| {
            known.name.as_ref().is_some_and(|known| known.as_str() == name)
        };
        let known = schema.iter_mut().find(is_named).ok_or_else(|| unknown(name))?;
        apply(known, change)?;
    }
    Ok(())
}

fn apply(known: &mut SchemaAttributeType, change: &SchemaChangeType) -> Result<(), Error> {
    let name = change.name.as_str();
    let bounds_of_other_type = || Err(invalid(format!("{name}: The bounds are of another type.")));
    if let Some(lengths) = &change.string_attribute_constraints {
        if known.attribute_data_type != Some(AttributeDataType::String) {
            return bounds_of_other_type();
        }
        check_lengths(lengths, name)?;
        known.string_attribute_constraints = Some(lengths.clone());
    }
    if let Some(values) = &change.number_attribute_constraints {
        if known.attribute_data_type != Some(AttributeDataType::Number) {
            return bounds_of_other_type();
        }
        check_values(values, name)?;
        known.number_attribute_constraints = Some(values.clone());
    }
    known.mutable = change.mutable.or(known.mutable);
    known.required = change.required.or(known.required);
    Ok(())
}

/// Checks that attributes may go.
///
/// # Errors
/// `InvalidParameterException` for one that is not there or is not custom.
pub(crate) fn removable(schema: &[SchemaAttributeType], name: &str) -> Result<(), Error> {
    if !name.starts_with(CUSTOM_PREFIX) && !name.starts_with(DEVELOPER_PREFIX) {
        return Err(invalid(format!("{name}: Only custom attributes can be removed.")));
    }
    let is_named = |known: &SchemaAttributeType| {
        known.name.as_ref().is_some_and(|known| known.as_str() == name)
    };
    schema.iter().any(is_named).then_some(()).ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> Error {
    invalid(format!("{name}: Attribute does not exist in the schema."))
}
