//! Policies, by what AWS says of their evaluation and by what must hold of any.

use alloc::{format, string::ToString};

use serde_json::{Value as Json, json};

use super::*;
use crate::crypto::Random;

fn policy(statements: &Json) -> Policy {
    let document = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    Policy::parse(&document, Kind::Permissions).unwrap()
}

fn context() -> Context {
    let mut context = Context::default();
    let mut say = |key: &str, values: &[&str]| {
        context.say(key, values.iter().map(ToString::to_string));
    };
    say("cognito-identity.amazonaws.com:sub", &["eu-west-1:0a1b"]);
    say("cognito-identity.amazonaws.com:amr", &["authenticated", "login.shop"]);
    say("aws:SourceIp", &["203.0.113.7"]);
    say("aws:CurrentTime", &["2026-11-25T12:00:00Z"]);
    say("aws:SecureTransport", &["true"]);
    say("aws:PrincipalTag/level", &["5"]);
    say("aws:PrincipalTag/any", &["*"]);
    context
}

fn ask(policies: &[Policy], action: &str, resource: &str) -> Decision {
    decide(policies, Ask { action, resource, context: &context() })
}

/// Whether a statement with that condition applies.
fn holds(operator: &str, key: &str, value: Json) -> bool {
    let statement = json!({
        "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { operator: { key: value } },
    });
    ask(&[policy(&statement)], "s3:GetObject", "*") == Decision::Allowed
}

#[test]
fn what_nobody_allows_is_not_allowed_and_a_denial_beats_all() {
    let allows = policy(&json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }));
    let denies = policy(&json!({
        "Effect": "Deny", "Action": "s3:Delete*", "Resource": "arn:aws:s3:::orders/*",
    }));
    let both = [allows.clone(), denies];
    assert_eq!(ask(&[], "s3:GetObject", "*"), Decision::Unsaid);
    assert_eq!(ask(&[allows], "sqs:SendMessage", "*"), Decision::Unsaid);
    assert_eq!(ask(&both, "s3:GetObject", "arn:aws:s3:::orders/1"), Decision::Allowed);
    assert_eq!(ask(&both, "S3:deleteobject", "arn:aws:s3:::orders/1"), Decision::Denied);
    assert_eq!(ask(&both, "s3:DeleteObject", "arn:aws:s3:::other/1"), Decision::Allowed);
}

#[test]
fn all_but_what_is_named_is_meant_where_that_is_said() {
    let one = [policy(&json!({
        "Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "NotResource": "arn:aws:s3:::secret/*",
    }))];
    assert_eq!(ask(&one, "s3:GetObject", "arn:aws:s3:::orders/1"), Decision::Allowed);
    assert_eq!(ask(&one, "s3:GetObject", "arn:aws:s3:::secret/1"), Decision::Unsaid);
    assert_eq!(ask(&one, "iam:CreateRole", "arn:aws:s3:::orders/1"), Decision::Unsaid);
}

#[test]
fn a_variable_stands_for_its_value_and_is_never_a_pattern() {
    let on = |resource: &str| {
        [policy(&json!({ "Effect": "Allow", "Action": "*", "Resource": resource }))]
    };
    let own = on("arn:aws:s3:::box/${cognito-identity.amazonaws.com:sub}/*");
    assert_eq!(ask(&own, "s3:GetObject", "arn:aws:s3:::box/eu-west-1:0a1b/x"), Decision::Allowed);
    assert_eq!(ask(&own, "s3:GetObject", "arn:aws:s3:::box/eu-west-1:0a1c/x"), Decision::Unsaid);
    let tag = on("box/${aws:PrincipalTag/any}/x");
    assert_eq!(ask(&tag, "s3:GetObject", "box/ann/x"), Decision::Unsaid);
    assert_eq!(ask(&tag, "s3:GetObject", "box/*/x"), Decision::Allowed);
    let missing = on("box/${aws:username}/x");
    assert_eq!(ask(&missing, "s3:GetObject", "box//x"), Decision::Unsaid);
    let default = on("box/${aws:username, 'all'}/x");
    assert_eq!(ask(&default, "s3:GetObject", "box/all/x"), Decision::Allowed);
    let plain = on("box/${*}/${$}${?}");
    assert_eq!(ask(&plain, "s3:GetObject", "box/*/$?"), Decision::Allowed);
    assert_eq!(ask(&plain, "s3:GetObject", "box/a/$b"), Decision::Unsaid);
}

#[test]
fn what_somebody_says_of_themselves_is_never_a_pattern_or_a_variable() {
    let means = |value: &str, wanted: &str, operator: &str| {
        let mut context = Context::default();
        context.say("aws:PrincipalTag/name", [value.to_string()]);
        context.say("aws:ResourceTag/owner", [wanted.to_string()]);
        let condition = json!({ operator: {
            "aws:ResourceTag/owner": "${aws:PrincipalTag/name}",
        } });
        let policy = policy(&json!({
            "Effect": "Allow", "Action": "*", "Resource": "box/${aws:PrincipalTag/name}/*",
            "Condition": condition,
        }));
        let resource = format!("box/{wanted}/x");
        let ask = Ask { action: "s3:GetObject", resource: &resource, context: &context };
        decide([&policy], ask) == Decision::Allowed
    };
    for operator in ["StringEquals", "StringLike"] {
        for value in
            ["*", "a*", "???", "${aws:PrincipalTag/name}", "${*}", "$", "${", "}", "a/../b"]
        {
            assert!(means(value, value, operator), "{operator} {value}");
            assert!(!means(value, "ann", operator), "{operator} {value}");
            assert!(!means(value, "", operator), "{operator} {value}");
        }
    }
}

#[test]
fn a_document_of_the_old_version_has_no_variables() {
    for (version, own, literal) in
        [(Some("2012-10-17"), true, false), (Some("2008-10-17"), false, true), (None, false, true)]
    {
        let document = json!({ "Version": version, "Statement": {
            "Effect": "Allow", "Action": "*", "Resource": "box/${aws:SourceIp}*",
        } });
        let mut document = document.as_object().unwrap().clone();
        document.retain(|_, value| !value.is_null());
        let document = Json::Object(document).to_string();
        let policy = [Policy::parse(&document, Kind::Permissions).unwrap()];
        let may = |resource: &str| ask(&policy, "s3:GetObject", resource) == Decision::Allowed;
        assert_eq!(may("box/203.0.113.7/x"), own, "{version:?}");
        assert_eq!(may("box/${aws:SourceIp}x"), literal, "{version:?}");
    }
}

#[test]
fn the_parts_of_an_arn_are_compared_one_by_one() {
    let mut context = context();
    let arn = "arn:aws:s3:eu-west-1:123456789012:box/a:b";
    context.say("aws:SourceArn", [arn.to_string()]);
    context.say("aws:RequestedRegion", ["eu-west-1".to_string()]);
    for (wanted, expected) in [
        (arn, true),
        ("arn:aws:s3:*:*:box/*", true),
        ("arn:*:box/*", false),
        ("arn:aws:s3:eu-*-?:123456789012:*", true),
        ("arn:aws:s3:${aws:RequestedRegion}:123456789012:box/*", true),
        ("arn:aws:s3:${aws:username, 'eu-west-1'}:123456789012:box/*", true),
        ("arn:aws:s3:${aws:username}:123456789012:box/*", false),
        ("arn:aws:s3:eu-west-1:123456789012:box", false),
        ("*", true),
        ("box/a:b", false),
    ] {
        let holds = |operator: &str| {
            let policy = policy(&json!({
                "Effect": "Allow", "Action": "*", "Resource": "*",
                "Condition": { operator: { "aws:SourceArn": wanted } },
            }));
            let ask = Ask { action: "s3:GetObject", resource: "*", context: &context };
            decide([&policy], ask) == Decision::Allowed
        };
        for operator in ["ArnLike", "ArnEquals", "ArnLikeIfExists"] {
            assert_eq!(holds(operator), expected, "{operator} {wanted}");
        }
        for operator in ["ArnNotLike", "ArnNotEquals"] {
            assert_eq!(holds(operator), !expected, "{operator} {wanted}");
        }
    }
}

#[test]
fn every_operator_compares_as_it_says() {
    let (sub, level) = ("cognito-identity.amazonaws.com:sub", "aws:PrincipalTag/level");
    let (ip, now) = ("aws:SourceIp", "aws:CurrentTime");
    for (operator, key, value, expected) in [
        ("StringEquals", sub, json!(["x", "eu-west-1:0a1b"]), true),
        ("StringEquals", sub, json!("EU-WEST-1:0A1B"), false),
        ("StringEqualsIgnoreCase", sub, json!("EU-WEST-1:0A1B"), true),
        ("StringNotEquals", sub, json!("x"), true),
        ("StringNotEquals", sub, json!(["x", "eu-west-1:0a1b"]), false),
        ("StringNotEqualsIgnoreCase", sub, json!("EU-WEST-1:0A1B"), false),
        ("StringLike", sub, json!("eu-*:0a??"), true),
        ("StringNotLike", sub, json!("eu-*"), false),
        ("NumericEquals", level, json!(5), true),
        ("NumericNotEquals", level, json!("5.0"), false),
        ("NumericLessThan", level, json!(5), false),
        ("NumericLessThanEquals", level, json!(5), true),
        ("NumericGreaterThan", level, json!(4), true),
        ("NumericGreaterThanEquals", level, json!(6), false),
        ("NumericLessThan", sub, json!(5), false),
        ("DateLessThan", now, json!("2026-11-25T12:00:01Z"), true),
        ("DateGreaterThan", now, json!("2026-11-25"), true),
        ("DateEquals", now, json!(1_795_608_000), true),
        ("DateNotEquals", now, json!("2026-11-25T12:00:00Z"), false),
        ("DateLessThanEquals", now, json!("soon"), false),
        ("Bool", "aws:SecureTransport", json!(true), true),
        ("Bool", "aws:SecureTransport", json!("false"), false),
        ("IpAddress", ip, json!("203.0.113.0/24"), true),
        ("IpAddress", ip, json!("203.0.113.8/31"), false),
        ("IpAddress", ip, json!("2001:db8::/32"), false),
        ("NotIpAddress", ip, json!("203.0.113.7"), false),
        ("BinaryEquals", "aws:PrincipalTag/level", json!("5"), true),
        ("BinaryEquals", "aws:PrincipalTag/level", json!("NQ=="), false),
        ("DateGreaterThanEquals", now, json!("2026-11-25T12:00:00Z"), true),
        ("DateEquals", now, json!("2026-11-25T13:00:00+01:00"), true),
        ("StringNotLikeIfExists", sub, json!("us-*"), true),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", json!("true"), true),
        ("Null", ip, json!("false"), true),
        ("Null", "aws:username", json!("true"), true),
        ("Null", "aws:username", json!(false), false),
    ] {
        assert_eq!(holds(operator, key, value.clone()), expected, "{operator} {key} {value}");
    }
}

#[test]
fn a_key_that_is_missing_meets_what_is_negated_or_optional() {
    let key = "aws:username";
    for (operator, expected) in [
        ("StringEquals", false),
        ("StringNotEquals", true),
        ("StringEqualsIfExists", true),
        ("NumericLessThanIfExists", true),
        ("IpAddress", false),
        ("NotIpAddress", true),
        ("ForAllValues:StringEquals", true),
        ("ForAnyValue:StringEquals", false),
    ] {
        assert_eq!(holds(operator, key, json!("1")), expected, "{operator}");
    }
}

#[test]
fn of_several_values_any_or_all_must_be_met() {
    let key = "cognito-identity.amazonaws.com:amr";
    for (operator, value, expected) in [
        ("ForAnyValue:StringLike", json!("authenticated"), true),
        ("ForAnyValue:StringLike", json!("unauthenticated"), false),
        ("ForAllValues:StringEquals", json!(["authenticated", "login.shop"]), true),
        ("ForAllValues:StringEquals", json!(["authenticated"]), false),
        ("ForAllValues:StringNotEquals", json!(["other"]), true),
        ("ForAnyValue:StringNotEquals", json!(["authenticated"]), true),
        ("StringNotEquals", json!(["authenticated"]), false),
    ] {
        assert_eq!(holds(operator, key, value.clone()), expected, "{operator} {value}");
    }
}

#[test]
fn a_role_trusts_whom_it_names_under_its_conditions() {
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "Federated": "cognito-identity.amazonaws.com" },
        "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        "Condition": { "ForAnyValue:StringLike": {
            "cognito-identity.amazonaws.com:amr": "authenticated",
        } },
    }] });
    let trust = Policy::parse(&document.to_string(), Kind::Trust).unwrap();
    let action = "sts:AssumeRoleWithWebIdentity";
    let trusts = |kind: &str, name: &str, action: &str, context: &Context| {
        trust.trusts(Who { named: &[(kind, name)], is_anybody: true }, action, context)
    };
    let ours = "cognito-identity.amazonaws.com";
    assert_eq!(trusts("Federated", ours, action, &context()), Decision::Allowed);
    assert_eq!(trusts("Federated", ours, action, &Context::default()), Decision::Unsaid);
    assert_eq!(trusts("Federated", ours, "sts:AssumeRole", &context()), Decision::Unsaid);
    assert_eq!(trusts("Federated", "accounts.google.com", action, &context()), Decision::Unsaid);
    assert_eq!(trusts("AWS", ours, action, &context()), Decision::Unsaid);
}

#[test]
fn what_is_no_policy_is_refused() {
    let allow = |more: Json| {
        let mut statement = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
        statement.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "Statement": statement })
    };
    for document in [
        json!([]),
        json!({}),
        json!({ "Statement": [] }),
        json!({ "Version": "2026-01-01", "Statement": allow(json!({}))["Statement"] }),
        json!({ "Statement": { "Effect": "Allow", "Action": "*" } }),
        json!({ "Statement": { "Effect": "Allow", "Resource": "*" } }),
        allow(json!({ "Effect": "allow" })),
        allow(json!({ "NotAction": "*" })),
        allow(json!({ "Action": [] })),
        allow(json!({ "Action": { "a": "b" } })),
        allow(json!({ "Principal": "*" })),
        allow(json!({ "Anything": "*" })),
        allow(json!({ "Condition": { "StringIs": { "a": "b" } } })),
        allow(json!({ "Condition": { "ForSomeValues:StringEquals": { "a": "b" } } })),
        allow(json!({ "Condition": { "StringEquals": "a" } })),
        allow(json!({ "Condition": { "NullIfExists": { "a": "true" } } })),
    ] {
        assert!(Policy::parse(&document.to_string(), Kind::Permissions).is_err(), "{document}");
    }
    assert!(Policy::parse("{", Kind::Permissions).is_err());
    assert!(Policy::parse(&allow(json!({})).to_string(), Kind::Trust).is_err());
}

/// A statement as chance will have it.
fn any_statement(random: &Random) -> Json {
    let pick = |of: &[&str]| {
        let n = usize::try_from(random.below(of.len() as u64)).unwrap();
        of[n].to_string()
    };
    let mut statement = json!({
        "Effect": pick(&["Allow", "Deny", "Allow"]),
        pick(&["Action", "NotAction"]): pick(&["*", "s3:*", "s3:Get*", "sqs:SendMessage"]),
        pick(&["Resource", "NotResource"]): pick(&["*", "a/*", "a/b", "${aws:SourceIp}"]),
    });
    if random.below(2) == 0 {
        let operator = pick(&["StringEquals", "StringNotLike", "ForAllValues:StringLike"]);
        let key = pick(&["aws:SourceIp", "aws:username", "cognito-identity.amazonaws.com:amr"]);
        statement["Condition"] = json!({ operator: { key: pick(&["*", "203*", "x"]) } });
    }
    statement
}

#[test]
fn a_denial_never_widens_and_order_means_nothing() {
    let random = Random::new([9; 32]);
    for _ in 0..2_000 {
        let count = 1 + random.below(4);
        let statements: Vec<Json> = (0..count).map(|_| any_statement(&random)).collect();
        let mut backwards = statements.clone();
        backwards.reverse();
        let together = [policy(&json!(statements))];
        let apart: Vec<Policy> = backwards.iter().map(policy).collect();
        let mut denied = statements.clone();
        let mut denial = any_statement(&random);
        denial["Effect"] = json!("Deny");
        denied.push(denial);
        let denied = [policy(&json!(denied))];
        for action in ["s3:GetObject", "s3:PutObject", "sqs:SendMessage"] {
            for resource in ["*", "a/b", "a/c", "203.0.113.7"] {
                let decision = ask(&together, action, resource);
                assert_eq!(decision, ask(&apart, action, resource), "{statements:?}");
                let less = ask(&denied, action, resource);
                let widens = less == Decision::Allowed && decision != Decision::Allowed;
                assert!(!widens, "{}", format!("{statements:?}"));
            }
        }
    }
}
