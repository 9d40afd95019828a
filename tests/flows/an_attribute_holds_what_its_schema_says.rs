//! Every type of attribute, at its bounds and beyond them, by whomever it is written.

use kernel::testing::{PASSWORD, TestPool, World, shown};
use serde_json::{Value as Json, json};

fn pool(world: &World) -> TestPool {
    world.pool(json!({ "Schema": [
        {
            "Name": "text", "AttributeDataType": "String",
            "StringAttributeConstraints": { "MinLength": "2", "MaxLength": "4" },
        },
        { "Name": "free", "AttributeDataType": "String" },
        {
            "Name": "number", "AttributeDataType": "Number",
            "NumberAttributeConstraints": { "MinValue": "-1", "MaxValue": "10" },
        },
        { "Name": "flag", "AttributeDataType": "Boolean" },
        { "Name": "moment", "AttributeDataType": "DateTime" },
    ] }))
}

/// Writes one attribute in each of the ways that there are; all must agree whether it fits.
fn fits(world: &World, pool: &TestPool, (name, value): (&str, &str)) -> Option<String> {
    let attributes = json!([{ "Name": name, "Value": value }]);
    let token = world.sign_in(pool, "ann")["AccessToken"].take();
    let fresh = format!("user-{}", world.now_ms());
    world.advance_s(1);
    let outcomes = [
        ("UpdateUserAttributes", json!({ "AccessToken": token, "UserAttributes": attributes })),
        (
            "AdminUpdateUserAttributes",
            json!({ "UserPoolId": pool.id, "Username": "ann", "UserAttributes": attributes }),
        ),
        (
            "SignUp",
            json!({
                "ClientId": pool.client, "Username": fresh, "Password": PASSWORD,
                "UserAttributes": attributes,
            }),
        ),
        (
            "AdminCreateUser",
            json!({
                "UserPoolId": pool.id, "Username": format!("{fresh}-b"),
                "UserAttributes": attributes,
            }),
        ),
    ]
    .map(|(operation, input)| world.call(operation, input).map_err(|failure| failure.code));
    let taken = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    if taken == outcomes.len() {
        let user = world.ok("GetUser", json!({ "AccessToken": token }));
        return shown(&user, name);
    }
    let invalid = Err("InvalidParameterException".into());
    assert!(outcomes.iter().all(|outcome| *outcome == invalid), "{name}={value}: {outcomes:?}");
    None
}

#[test]
fn what_fits_is_shown_and_what_does_not_is_refused() {
    let world = World::new();
    let pool = pool(&world);
    world.user(&pool, "ann", json!([]));
    let long = "x".repeat(2048);
    let wide = "\u{e4}".repeat(1024);
    for (name, values) in [
        ("custom:text", &["ab", "abcd", "\u{1f600}\u{1f600}"][..]),
        ("custom:free", &[long.as_str(), wide.as_str(), " "]),
        ("custom:number", &["-1", "10", "2.5", "0"]),
        ("custom:flag", &["true", "false"]),
        ("custom:moment", &["1795000000", "2026-11-25", "2026-11-25T10:00:00Z"]),
        ("birthdate", &["2000-02-29"]),
        ("updated_at", &["0", "1795000000"]),
        ("email", &["ann@example.com"]),
        ("phone_number", &["+12065550100"]),
    ] {
        for value in values {
            let stored = fits(&world, &pool, (name, value));
            assert_eq!(stored.as_deref(), Some(*value), "{name}");
        }
    }
    assert_eq!(fits(&world, &pool, ("custom:flag", "TRUE")).as_deref(), Some("true"));

    let wider = "\u{e4}".repeat(1025);
    for (name, values) in [
        ("custom:text", &["a", "abcde"][..]),
        ("custom:free", &[wider.as_str()]),
        ("custom:number", &["-2", "11", "1e3", "ten", "0x1", "1."]),
        ("custom:flag", &["yes", "1"]),
        ("custom:moment", &["tomorrow", "2026-13-01"]),
        ("birthdate", &["2001-02-29", "29.2.2000", "2000-1-1"]),
        ("updated_at", &["-1", "soon"]),
        ("email", &["ann", "ann@", "ann example@example.com"]),
        ("phone_number", &["12065550100", "+0", "+1 206"]),
        ("custom:none", &["x"]),
        ("sub", &["mine"]),
        ("identities", &["[]"]),
    ] {
        for value in values {
            assert_eq!(fits(&world, &pool, (name, value)), None, "{name}={value}");
        }
    }
}

#[test]
fn an_attribute_that_was_narrowed_by_no_bound_holds_no_more_than_any() {
    let world = World::new();
    let pool = pool(&world);
    let too_long: Json = json!([{ "Name": "custom:free", "Value": "x".repeat(2049) }]);
    let failure = world.fails(
        "AdminCreateUser",
        json!({ "UserPoolId": pool.id, "Username": "ann", "UserAttributes": too_long }),
    );
    assert!(failure.message.contains("less than or equal to 2048"), "{}", failure.message);
}
