//! Which attributes do the users of a pool have, and what may they hold?
//!
//! Every pool has the standard attributes of OpenID Connect Core §5.1; a pool adds custom ones and
//! may demand or narrow standard ones, once, when it is made.

use alloc::{collections::BTreeSet, format, string::String, vec::Vec};

use crate::{
    error::{Code, Error},
    shape::Text,
    shapes::{
        AttributeDataType, CustomAttributeName, NumberAttributeConstraintsType,
        SchemaAttributeType, StringAttributeConstraintsType,
    },
};

/// The prefix of the attributes that a pool adds.
pub(crate) const CUSTOM_PREFIX: &str = "custom:";
/// The prefix of those that only administrators write.
pub(crate) const DEVELOPER_PREFIX: &str = "dev:custom:";

const CUSTOM_MAX: usize = 50;
/// The longest value of an attribute, in characters.
const LENGTH_MAX: u32 = 2048;

/// What bounds the values of a standard attribute.
#[derive(Clone, Copy)]
enum Bound {
    /// A string of that many characters.
    Length(u32, u32),
    /// A string without bounds of its own.
    Unbounded,
    /// `true` or `false`.
    Flag,
    /// A number that is not negative.
    Count,
}

/// The standard attributes, in the order in which they are described.
const STANDARD: &[(&str, Bound)] = &[
    ("sub", Bound::Length(1, LENGTH_MAX)),
    ("name", Bound::Length(0, LENGTH_MAX)),
    ("given_name", Bound::Length(0, LENGTH_MAX)),
    ("family_name", Bound::Length(0, LENGTH_MAX)),
    ("middle_name", Bound::Length(0, LENGTH_MAX)),
    ("nickname", Bound::Length(0, LENGTH_MAX)),
    ("preferred_username", Bound::Length(0, LENGTH_MAX)),
    ("profile", Bound::Length(0, LENGTH_MAX)),
    ("picture", Bound::Length(0, LENGTH_MAX)),
    ("website", Bound::Length(0, LENGTH_MAX)),
    ("email", Bound::Length(0, LENGTH_MAX)),
    ("email_verified", Bound::Flag),
    ("gender", Bound::Length(0, LENGTH_MAX)),
    ("birthdate", Bound::Length(10, 10)),
    ("zoneinfo", Bound::Length(0, LENGTH_MAX)),
    ("locale", Bound::Length(0, LENGTH_MAX)),
    ("phone_number", Bound::Length(0, LENGTH_MAX)),
    ("phone_number_verified", Bound::Flag),
    ("address", Bound::Length(0, LENGTH_MAX)),
    ("updated_at", Bound::Count),
    ("identities", Bound::Unbounded),
];

fn standard((name, bound): &(&str, Bound)) -> SchemaAttributeType {
    let attribute_data_type = match bound {
        Bound::Length(..) | Bound::Unbounded => AttributeDataType::String,
        Bound::Flag => AttributeDataType::Boolean,
        Bound::Count => AttributeDataType::Number,
    };
    SchemaAttributeType {
        name: Some(CustomAttributeName::from(*name)),
        attribute_data_type: Some(attribute_data_type),
        developer_only_attribute: Some(false),
        mutable: Some(*name != "sub"),
        required: Some(*name == "sub"),
        number_attribute_constraints: matches!(bound, Bound::Count).then(|| {
            NumberAttributeConstraintsType { min_value: Some("0".into()), max_value: None }
        }),
        string_attribute_constraints: match bound {
            Bound::Length(min, max) => Some(StringAttributeConstraintsType {
                min_length: Some(format!("{min}")),
                max_length: Some(format!("{max}")),
            }),
            Bound::Unbounded => Some(StringAttributeConstraintsType::default()),
            Bound::Flag | Bound::Count => None,
        },
    }
}

/// The whole schema of a pool that was made with these attributes: the standard ones as changed,
/// then the custom ones in their order.
///
/// # Errors
/// `InvalidParameterException` for what AWS refuses: a standard attribute made into another, a
/// required custom one, one named twice, more than 50, bounds that make no sense.
pub(crate) fn complete(given: &[SchemaAttributeType]) -> Result<Vec<SchemaAttributeType>, Error> {
    let mut schema: Vec<_> = STANDARD.iter().map(standard).collect();
    let mut seen = BTreeSet::new();
    for asked in given {
        let name = asked.name.as_ref().map_or("", Text::as_str);
        if name.is_empty() {
            return Err(invalid("Attribute name must be given for every schema attribute.".into()));
        }
        if !seen.insert(name) {
            return Err(invalid(format!("{name}: Duplicate schema attribute.")));
        }
        match schema.iter_mut().take(STANDARD.len()).find(|known| known.name == asked.name) {
            Some(known) => change(known, asked, name)?,
            None => schema.push(custom(asked, name)?),
        }
    }
    if schema.len() > STANDARD.len() + CUSTOM_MAX {
        return Err(invalid(format!("A user pool has {CUSTOM_MAX} custom attributes at most.")));
    }
    Ok(schema)
}

/// Whether every pool has that attribute.
pub(crate) fn is_standard(name: &str) -> bool {
    STANDARD.iter().any(|(standard, _)| *standard == name)
}

fn is_developer_only(asked: &SchemaAttributeType) -> bool {
    asked.developer_only_attribute == Some(true)
}

fn invalid(message: String) -> Error {
    Error::saying(Code::InvalidParameter, message)
}

/// Changes of a standard attribute what may be changed: whether it must be there, whether it may
/// change, how long it is.
fn change(
    known: &mut SchemaAttributeType,
    asked: &SchemaAttributeType,
    name: &str,
) -> Result<(), Error> {
    let is_other_type = asked.attribute_data_type.is_some()
        && asked.attribute_data_type != known.attribute_data_type;
    if is_other_type || is_developer_only(asked) {
        return Err(invalid(format!(
            "You can not change AttributeDataType or set developerOnlyAttribute for standard \
             schema attribute {name}"
        )));
    }
    if name == "sub" && (asked.mutable == Some(true) || asked.required == Some(false)) {
        return Err(invalid(format!("You can not change schema attribute {name}")));
    }
    known.mutable = asked.mutable.or(known.mutable);
    known.required = asked.required.or(known.required);
    let data_type = known.attribute_data_type.unwrap_or(AttributeDataType::String);
    let bounds = bounds(asked, name, data_type)?;
    if let Some(lengths) = bounds.0 {
        known.string_attribute_constraints = Some(lengths);
    }
    if let Some(values) = bounds.1 {
        known.number_attribute_constraints = Some(values);
    }
    Ok(())
}

fn custom(asked: &SchemaAttributeType, name: &str) -> Result<SchemaAttributeType, Error> {
    if asked.required == Some(true) {
        return Err(invalid("Required custom attributes are not supported currently.".into()));
    }
    let data_type = asked.attribute_data_type.unwrap_or(AttributeDataType::String);
    let prefix = if is_developer_only(asked) { DEVELOPER_PREFIX } else { CUSTOM_PREFIX };
    let full_name = format!("{prefix}{name}");
    let (lengths, values) = bounds(asked, &full_name, data_type)?;
    Ok(SchemaAttributeType {
        name: Some(CustomAttributeName::from(full_name)),
        attribute_data_type: Some(data_type),
        developer_only_attribute: Some(is_developer_only(asked)),
        mutable: Some(asked.mutable.unwrap_or(true)),
        required: Some(false),
        string_attribute_constraints: (data_type == AttributeDataType::String)
            .then(|| lengths.unwrap_or_default()),
        number_attribute_constraints: (data_type == AttributeDataType::Number)
            .then(|| values.unwrap_or_default()),
    })
}

type Bounds = (Option<StringAttributeConstraintsType>, Option<NumberAttributeConstraintsType>);

/// The bounds that were asked for, those of the attribute's type alone, once they make sense.
fn bounds(
    asked: &SchemaAttributeType,
    name: &str,
    data_type: AttributeDataType,
) -> Result<Bounds, Error> {
    match data_type {
        AttributeDataType::String => {
            let lengths = asked.string_attribute_constraints.clone();
            if let Some(lengths) = &lengths {
                check_lengths(lengths, name)?;
            }
            Ok((lengths, None))
        }
        AttributeDataType::Number => {
            let values = asked.number_attribute_constraints.clone();
            if let Some(values) = &values {
                check_values(values, name)?;
            }
            Ok((None, values))
        }
        AttributeDataType::Boolean | AttributeDataType::DateTime => Ok((None, None)),
    }
}

fn check_lengths(lengths: &StringAttributeConstraintsType, name: &str) -> Result<(), Error> {
    let read = |text: &Option<String>, which: &str| match text {
        None => Ok(None),
        Some(text) => text.parse::<u32>().map(Some).map_err(|_| {
            invalid(format!("Invalid String{which}Length for schema attribute {name}"))
        }),
    };
    let min = read(&lengths.min_length, "Min")?;
    let max = read(&lengths.max_length, "Max")?;
    if min.max(max) > Some(LENGTH_MAX) {
        return Err(invalid(format!(
            "user.{name}: String attributes cannot have a length of more than {LENGTH_MAX}"
        )));
    }
    if min.zip(max).is_some_and(|(min, max)| min > max) {
        return Err(invalid(format!("user.{name}: Max length cannot be less than min length.")));
    }
    Ok(())
}

fn check_values(values: &NumberAttributeConstraintsType, name: &str) -> Result<(), Error> {
    let read = |text: &Option<String>, which: &str| match text {
        None => Ok(None),
        Some(text) => text
            .parse::<f64>()
            .ok()
            .filter(|value| value.is_finite())
            .map(Some)
            .ok_or(invalid(format!("Invalid Number{which}Value for schema attribute {name}"))),
    };
    let min = read(&values.min_value, "Min")?;
    let max = read(&values.max_value, "Max")?;
    if min.zip(max).is_some_and(|(min, max)| min > max) {
        return Err(invalid(format!("user.{name}: Max value cannot be less than min value.")));
    }
    Ok(())
}
