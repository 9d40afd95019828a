//! Which attributes do the users of a pool have, and what may they hold?
//!
//! Every pool has the standard attributes of OpenID Connect Core §5.1; a pool adds custom ones and
//! may demand or narrow standard ones, once, when it is made.

pub(crate) mod change;

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
    bounded(schema)
}

/// A pool's schema with custom attributes that are added later.
///
/// # Errors
/// `InvalidParameterException` for one that is there, and as [`complete`].
pub(crate) fn extended(
    schema: &[SchemaAttributeType],
    given: &[SchemaAttributeType],
) -> Result<Vec<SchemaAttributeType>, Error> {
    let mut schema = schema.to_vec();
    for asked in given {
        let name = asked.name.as_ref().map_or("", Text::as_str);
        if name.is_empty() {
            return Err(invalid("Attribute name must be given for every schema attribute.".into()));
        }
        let added = custom(asked, name)?;
        if schema.iter().any(|known| known.name == added.name) {
            let name = added.name.as_ref().map_or("", Text::as_str);
            return Err(invalid(format!("{name}: Existing attribute already has name {name}.")));
        }
        schema.push(added);
    }
    bounded(schema)
}

fn bounded(schema: Vec<SchemaAttributeType>) -> Result<Vec<SchemaAttributeType>, Error> {
    if schema.len() > STANDARD.len() + CUSTOM_MAX {
        return Err(invalid(format!("A user pool has {CUSTOM_MAX} custom attributes at most.")));
    }
    Ok(schema)
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

#[cfg(test)]
mod tests {
    use alloc::{format, string::String, vec::Vec};

    use serde_json::json;

    use crate::{shape::Json, testing::World};

    fn made(schema: &Json) -> Vec<Json> {
        let pool = World::new().ok("CreateUserPool", json!({ "PoolName": "p", "Schema": schema }));
        pool["UserPool"]["SchemaAttributes"].as_array().unwrap().clone()
    }

    fn refusal(schema: &Json) -> String {
        let input = json!({ "PoolName": "p", "Schema": schema });
        let refused = World::new().fails("CreateUserPool", input);
        assert_eq!(refused.code, "InvalidParameterException", "{schema}");
        refused.message
    }

    fn one<'a>(schema: &'a [Json], name: &str) -> &'a Json {
        schema.iter().find(|attribute| attribute["Name"] == name).unwrap()
    }

    #[test]
    fn every_pool_has_the_standard_attributes() {
        let pool = World::new().ok("CreateUserPool", json!({ "PoolName": "p" }));
        let schema = pool["UserPool"]["SchemaAttributes"].as_array().unwrap();
        let names: Vec<_> =
            schema.iter().map(|attribute| attribute["Name"].as_str().unwrap()).collect();
        assert_eq!(
            names.join(" "),
            "sub name given_name family_name middle_name nickname preferred_username profile \
             picture website email email_verified gender birthdate zoneinfo locale phone_number \
             phone_number_verified address updated_at identities"
        );
        let standard = |name: &str, data_type: &str| {
            json!({
                "Name": name, "AttributeDataType": data_type, "DeveloperOnlyAttribute": false,
                "Mutable": true, "Required": false,
            })
        };
        assert_eq!(
            *one(schema, "sub"),
            json!({
                "Name": "sub", "AttributeDataType": "String", "DeveloperOnlyAttribute": false,
                "Mutable": false, "Required": true,
                "StringAttributeConstraints": { "MinLength": "1", "MaxLength": "2048" },
            })
        );
        let mut email = standard("email", "String");
        email["StringAttributeConstraints"] = json!({ "MinLength": "0", "MaxLength": "2048" });
        assert_eq!(*one(schema, "email"), email);
        assert_eq!(*one(schema, "email_verified"), standard("email_verified", "Boolean"));
        let mut updated_at = standard("updated_at", "Number");
        updated_at["NumberAttributeConstraints"] = json!({ "MinValue": "0" });
        assert_eq!(*one(schema, "updated_at"), updated_at);
        assert_eq!(
            one(schema, "birthdate")["StringAttributeConstraints"],
            json!({ "MinLength": "10", "MaxLength": "10" })
        );
    }

    #[test]
    fn a_standard_attribute_can_be_required_fixed_and_narrowed() {
        let schema = made(&json!([
            { "Name": "email", "Required": true, "Mutable": false },
            {
                "Name": "name", "AttributeDataType": "String",
                "StringAttributeConstraints": { "MinLength": "1", "MaxLength": "64" },
            },
        ]));
        assert_eq!(schema.len(), 21);
        let email = one(&schema, "email");
        assert_eq!((&email["Required"], &email["Mutable"]), (&json!(true), &json!(false)));
        assert_eq!(email["StringAttributeConstraints"]["MaxLength"], "2048");
        let name = one(&schema, "name");
        assert_eq!(
            name["StringAttributeConstraints"],
            json!({ "MinLength": "1", "MaxLength": "64" })
        );
        assert_eq!((&name["Required"], &name["Mutable"]), (&json!(false), &json!(true)));
    }

    #[test]
    fn custom_attributes_follow_under_their_prefixes() {
        let schema = made(&json!([
            { "Name": "plain" },
            { "Name": "age", "AttributeDataType": "Number", "Mutable": false,
              "NumberAttributeConstraints": { "MinValue": "-1", "MaxValue": "150" } },
            { "Name": "since", "AttributeDataType": "DateTime" },
            { "Name": "note", "AttributeDataType": "String", "DeveloperOnlyAttribute": true },
        ]));
        let custom = |name: &str, data_type: &str| {
            json!({
                "Name": name, "AttributeDataType": data_type, "DeveloperOnlyAttribute": false,
                "Mutable": true, "Required": false,
            })
        };
        let mut plain = custom("custom:plain", "String");
        plain["StringAttributeConstraints"] = json!({});
        let mut age = custom("custom:age", "Number");
        age["Mutable"] = json!(false);
        age["NumberAttributeConstraints"] = json!({ "MinValue": "-1", "MaxValue": "150" });
        let since = custom("custom:since", "DateTime");
        let mut note = custom("dev:custom:note", "String");
        note["DeveloperOnlyAttribute"] = json!(true);
        note["StringAttributeConstraints"] = json!({});
        assert_eq!(schema.get(21..).unwrap(), [plain, age, since, note]);
    }

    #[test]
    fn a_standard_attribute_keeps_its_type() {
        for change in [
            json!({ "Name": "email", "AttributeDataType": "Number" }),
            json!({ "Name": "email", "DeveloperOnlyAttribute": true }),
        ] {
            assert_eq!(
                refusal(&json!([change])),
                "You can not change AttributeDataType or set developerOnlyAttribute for standard \
                 schema attribute email"
            );
        }
        for change in
            [json!({ "Name": "sub", "Mutable": true }), json!({ "Name": "sub", "Required": false })]
        {
            assert_eq!(refusal(&json!([change])), "You can not change schema attribute sub");
        }
    }

    #[test]
    fn custom_attributes_are_never_required() {
        assert_eq!(
            refusal(&json!([{ "Name": "age", "AttributeDataType": "Number", "Required": true }])),
            "Required custom attributes are not supported currently."
        );
    }

    #[test]
    fn an_attribute_is_named_once_and_shortly() {
        let twice = json!([{ "Name": "a" }, { "Name": "a", "AttributeDataType": "Number" }]);
        assert!(refusal(&twice).contains("Duplicate"));
        let twice = json!([{ "Name": "email" }, { "Name": "email" }]);
        assert!(refusal(&twice).contains("Duplicate"));
        assert!(refusal(&json!([{ "Name": "a".repeat(21) }])).contains("less than or equal to 20"));
        assert!(refusal(&json!([{ "AttributeDataType": "String" }])).contains("name"));
        assert_eq!(made(&json!([{ "Name": "a".repeat(20) }])).len(), 22);
    }

    #[test]
    fn fifty_custom_attributes_are_the_most() {
        let many =
            |n: usize| Json::Array((0..n).map(|i| json!({ "Name": format!("a{i}") })).collect());
        assert_eq!(made(&many(50)).len(), 71);
        assert!(refusal(&many(51)).contains("50"));
    }

    #[test]
    fn bounds_that_make_no_sense_are_refused() {
        let string = |min: &str, max: &str| {
            json!([{
                "Name": "a", "AttributeDataType": "String",
                "StringAttributeConstraints": { "MinLength": min, "MaxLength": max },
            }])
        };
        let number = |min: &str, max: &str| {
            json!([{
                "Name": "a", "AttributeDataType": "Number",
                "NumberAttributeConstraints": { "MinValue": min, "MaxValue": max },
            }])
        };
        for (schema, message) in [
            (string("5", "4"), "user.custom:a: Max length cannot be less than min length."),
            (
                string("0", "2049"),
                "user.custom:a: String attributes cannot have a length of more than 2048",
            ),
            (string("x", "4"), "Invalid StringMinLength for schema attribute custom:a"),
            (string("0", "-1"), "Invalid StringMaxLength for schema attribute custom:a"),
            (number("5", "4"), "user.custom:a: Max value cannot be less than min value."),
            (number("x", "4"), "Invalid NumberMinValue for schema attribute custom:a"),
            (number("0", "inf"), "Invalid NumberMaxValue for schema attribute custom:a"),
        ] {
            assert_eq!(refusal(&schema), message);
        }
    }
}
