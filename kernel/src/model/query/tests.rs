use alloc::{format, string::String, vec, vec::Vec};

use serde_json::json;

use super::*;
use crate::{
    crypto::Random,
    model::{pool::schema, session::SessionSettings, user::UserStatus},
    shape::Wire,
    shapes::{SchemaAttributeType, SchemaAttributes, UserPoolType},
};

fn pool() -> Pool {
    let custom = json!([
        { "Name": "tier", "AttributeDataType": "String" },
        { "Name": "seats", "AttributeDataType": "Number" },
        { "Name": "since", "AttributeDataType": "DateTime" },
        { "Name": "beta", "AttributeDataType": "Boolean" },
    ]);
    let schema = schema::complete(&Vec::<SchemaAttributeType>::read(custom).unwrap()).unwrap();
    Pool {
        id: "eu-west-1_000000000".into(),
        region: "eu-west-1".into(),
        description: UserPoolType {
            schema_attributes: Some(SchemaAttributes(schema)),
            ..UserPoolType::default()
        },
        token_algorithm: crate::KeyAlgorithm::default(),
        sessions: SessionSettings::default(),
        factors: crate::model::factor::FactorSettings::default(),
        departing: alloc::collections::BTreeSet::new(),
        former_names: crate::model::pool::names::FormerNames::default(),
    }
}

/// Ann has a value everywhere.
fn ann() -> User {
    let mut user = User::new("Ann".into(), "s".into(), UserStatus::Confirmed, 1_795_564_800_000);
    let attributes = [
        ("email", "Ann@Example.com"),
        ("email_verified", "true"),
        ("name", "Ann \"A\" Ärger"),
        ("custom:tier", "Gold"),
        ("custom:seats", "12"),
        ("custom:since", "2026-01-31T10:00:00Z"),
        ("custom:beta", "false"),
    ];
    user.attributes = attributes.map(|(name, value)| (name.into(), value.into())).into();
    user
}

/// Whether a filter finds Ann, who is in the group `Staff`.
fn finds(filter: &str) -> bool {
    let (pool, user) = (pool(), ann());
    let query = Query::parse(&pool, filter).unwrap_or_else(|error| panic!("{}", error.message));
    query.unwrap().fits(&pool, &Subject { user: &user, groups: &["Staff".into()] })
}

fn fault(filter: &str) -> String {
    match Query::parse(&pool(), filter) {
        Ok(_) => panic!("{filter} is read"),
        Err(error) => error.message.into_owned(),
    }
}

#[test]
fn every_operator_compares_as_its_name_says() {
    for (filter, holds) in [
        (r#"email eq "ann@example.COM""#, true),
        (r#"email eq "ann""#, false),
        (r#"email ne "bob@example.com""#, true),
        (r#"email ne "ann@example.com""#, false),
        (r#"email co "@EXAMPLE""#, true),
        (r#"email co "nn@""#, true),
        (r#"email co "bob""#, false),
        (r#"email sw "ann""#, true),
        (r#"email sw "nn""#, false),
        (r#"email ew ".COM""#, true),
        (r#"email ew ".co""#, false),
        (r#"email gt "ann""#, true),
        (r#"email gt "ann@example.com""#, false),
        (r#"email ge "ann@example.com""#, true),
        (r#"email ge "b""#, false),
        (r#"email lt "b""#, true),
        (r#"email lt "ann@example.com""#, false),
        (r#"email le "ann@example.com""#, true),
        (r#"email le "ann""#, false),
        ("email pr", true),
        ("phone_number pr", false),
    ] {
        assert_eq!(finds(filter), holds, "{filter}");
    }
}

#[test]
fn each_kind_of_value_compares_in_its_own_way() {
    for (filter, holds) in [
        ("custom:seats gt 9", true),
        ("custom:seats lt 9", false),
        ("custom:seats eq 12.0", true),
        (r#"custom:seats ge "12""#, true),
        (r#"custom:since ge "2026-01-31""#, true),
        (r#"custom:since lt "2026-01-31T11:00:01+01:00""#, true),
        (r#"custom:since lt "2026-01-31T11:00:00+01:00""#, false),
        ("custom:beta eq false", true),
        ("custom:beta eq true", false),
        ("email_verified eq true", true),
        ("enabled eq true", true),
        ("enabled ne true", false),
        (r#"status eq "confirmed""#, true),
        (r#"cognito:user_status sw "CONF""#, true),
        (r#"created eq "2026-11-25T00:00:00Z""#, true),
        (r#"modified gt "2026-11-24""#, true),
        (r#"groups eq "staff""#, true),
        (r#"groups co "taf""#, true),
        (r#"groups eq "admins""#, false),
        ("groups pr", true),
        (r#"sub eq "S""#, true),
        // Names of this pool are told apart by their case.
        (r#"username eq "Ann""#, true),
        (r#"username eq "ann""#, false),
        (r#"name eq "ann \"a\" \u00e4rger""#, true),
    ] {
        assert_eq!(finds(filter), holds, "{filter}");
    }
}

#[test]
fn who_lacks_a_value_equals_nothing() {
    for (filter, holds) in [
        (r#"phone_number ne "+1""#, true),
        (r#"phone_number eq """#, false),
        (r#"phone_number lt "z""#, false),
        ("phone_number eq null", true),
        ("phone_number ne null", false),
        ("email ne null", true),
        ("custom:beta ne null", true),
    ] {
        assert_eq!(finds(filter), holds, "{filter}");
    }
}

#[test]
fn and_binds_before_or_and_not_before_both() {
    let (yes, no) = ("email pr", "phone_number pr");
    for (filter, holds) in [
        (format!("{yes} or {no} and {no}"), true),
        (format!("({yes} or {no}) and {no}"), false),
        (format!("{no} and {no} or {yes}"), true),
        (format!("{no} and ({no} or {yes})"), false),
        (format!("not ({no}) and {yes}"), true),
        (format!("not ({no} and {yes})"), true),
        (format!("not ({yes}) or {yes}"), true),
        (format!("NOT({yes})OR({no}) Or(({yes} AND {yes}))"), true),
        (format!("  (  ( {yes} ) )  "), true),
    ] {
        assert_eq!(finds(&filter), holds, "{filter}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (filter, told) in [
        ("email", "6: eq, ne, co, sw, ew, gt, ge, lt, le or pr is expected"),
        ("email = \"a\"", "7: eq, ne, co, sw, ew, gt, ge, lt, le or pr is expected"),
        ("email eq", "9: a text in quotation marks is expected"),
        ("email eq ann", "10: a text in quotation marks is expected"),
        ("email eq 'ann'", "10: a text in quotation marks is expected"),
        ("email eq \"ann", "10: the text does not end"),
        ("email eq \"\\q\"", "10: the text is no JSON string"),
        ("custom:none pr", "1: users have no such attribute"),
        ("Email pr", "1: users have no such attribute"),
        ("email pr email pr", "10: `and`, `or` or the end is expected"),
        ("email pr)", "9: `and`, `or` or the end is expected"),
        ("email pr and", "13: the name of an attribute is expected"),
        ("and email pr", "1: users have no such attribute"),
        ("(email pr", "10: a closing parenthesis is expected"),
        ("()", "2: the name of an attribute is expected"),
        ("not email pr", "5: a parenthesis is expected after `not`"),
        ("custom:seats eq many", "17: a number is expected"),
        ("custom:seats eq 1e3", "17: a number is expected"),
        ("custom:seats co 1", "14: only texts are compared so"),
        ("custom:beta eq 1", "16: true or false is expected"),
        ("enabled gt true", "9: true and false are equal or not"),
        ("created gt 5", "12: a date and time in quotation marks is expected"),
        ("created gt \"soon\"", "12: a date and time in quotation marks is expected"),
        ("email gt null", "10: a text in quotation marks is expected"),
        ("name eq \"ä\" ü", "13: `and`, `or` or the end is expected"),
    ] {
        assert_eq!(fault(filter), format!("Invalid filter at character {told}"), "{filter}");
    }
}

#[test]
fn parentheses_stand_in_each_other_only_so_deep() {
    let nested = |depth: usize| [&*"(".repeat(depth), "email pr", &*")".repeat(depth)].concat();
    assert!(finds(&nested(20)));
    assert_eq!(fault(&nested(21)), "Invalid filter at character 21: the parentheses are too deep");
    assert!(fault(&"(".repeat(4_096)).ends_with("too deep"));
    assert!(fault(&"not(".repeat(1_024)).ends_with("too deep"));
    // Beside each other they are not deep.
    assert!(finds(&vec!["(email pr)"; 100].join(" and ")));
}

#[test]
fn no_text_is_too_odd_to_be_judged() {
    let pieces = [
        "email",
        "custom:seats",
        "enabled",
        "created",
        "groups",
        "username",
        "eq",
        "ne",
        "co",
        "pr",
        "gt",
        "and",
        "or",
        "not",
        "(",
        ")",
        "\"a\"",
        "\"",
        "\\",
        "\\u",
        "\"\\ud800\"",
        "5",
        "-",
        "true",
        "null",
        " ",
        "\t",
        "\u{a0}",
        "é",
        "\u{10ffff}",
        "[",
        "]",
        "=",
        "\0",
    ];
    let (pool, random) = (pool(), Random::new([3; 32]));
    let mut read = 0;
    for _ in 0..20_000 {
        let len = random.below(14);
        let text: Vec<&str> = (0..len)
            .map(|_| pieces[usize::try_from(random.below(pieces.len() as u64)).unwrap()])
            .collect();
        let text = text.join(if random.below(3) == 0 { "" } else { " " });
        match Query::parse(&pool, &text) {
            Ok(_) => read += 1,
            Err(error) => {
                let at = error.message.trim_start_matches("Invalid filter at character ");
                let at: usize = at.split(':').next().unwrap().parse().unwrap();
                assert!((1..=text.chars().count() + 1).contains(&at), "{text:?}: {at}");
            }
        }
    }
    assert!(read > 50, "some of it makes sense: {read}");
}

#[test]
fn what_is_written_down_is_read_as_it_was_meant() {
    let (pool, random) = (pool(), Random::new([4; 32]));
    for _ in 0..500 {
        let query = drawn(&pool, &random, 3);
        let text = written(&query);
        let read = Query::parse(&pool, &text).unwrap_or_else(|error| panic!("{}", error.message));
        assert!(read == Some(query), "{text}");
    }
}

/// Any question.
fn drawn(pool: &Pool, random: &Random, depth: u64) -> Query {
    let kind = if depth == 0 { random.below(2) } else { random.below(5) };
    let several = || (0..2 + random.below(2)).map(|_| drawn(pool, random, depth - 1)).collect();
    match kind {
        0 => Query::Present(Path::Attribute("email".into())),
        1 => {
            let path = Path::Attribute("name".into());
            let value = path.folded(pool, &random.text("ab\"\\() ", 6));
            Query::Compares(Comparison { path, operator: Operator::Contains, value })
        }
        2 => Query::Not(Box::new(drawn(pool, random, depth - 1))),
        3 => Query::All(several()),
        _ => Query::Any(several()),
    }
}

fn written(query: &Query) -> String {
    let joined = |queries: &[Query], word: &str| {
        let parts: Vec<_> = queries
            .iter()
            .map(|query| match query {
                Query::All(_) | Query::Any(_) => format!("({})", written(query)),
                query => written(query),
            })
            .collect();
        parts.join(word)
    };
    match query {
        Query::All(queries) => joined(queries, " and "),
        Query::Any(queries) => joined(queries, " or "),
        Query::Compares(comparison) => {
            let text = comparison.value.text().unwrap();
            format!("name co {}", serde_json::to_string(text).unwrap())
        }
        Query::Not(query) => format!("not ({})", written(query)),
        Query::Present(_) => "email pr".into(),
    }
}
