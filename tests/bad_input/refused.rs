//! The requests, and what comes of them.

use std::collections::BTreeSet;

use kernel::{
    Code, OPERATIONS, Operation, Request, Service,
    shape::{Kind, check},
    testing::outcome,
};
use serde_json::{Value as Json, json};

use super::{
    derive::{self, Bad, Fault},
    example::{self, Lived, len},
    judge,
};

/// All that can be called from outside in AWS JSON.
fn operations() -> impl Iterator<Item = &'static Operation> {
    // IAM and STS speak in forms.
    let others = [Service::Internal, Service::Iam, Service::Sts];
    OPERATIONS.iter().filter(move |operation| !others.contains(&operation.service))
}

fn assert_none(faults: &[String]) {
    let shown = &faults[..faults.len().min(20)];
    assert!(faults.is_empty(), "{} faults, beginning with {shown:#?}", faults.len());
}

#[test]
fn what_keeps_to_the_shapes_passes_and_what_breaks_one_does_not() {
    let lived = Lived::new();
    let (mut faults, mut tried) = (Vec::new(), BTreeSet::new());
    for operation in operations() {
        let full = lived.request(operation, true);
        for (size, request) in [("small", &lived.request(operation, false)), ("full", &full)] {
            if let Err(fault) = check(operation.input, request) {
                faults.push(format!("{}: the {size} request breaks {fault:?}", operation.name));
            }
        }
        for Bad { fault, at, request } in derive::all(operation.input, &full) {
            tried.insert(fault);
            if check(operation.input, &request).is_ok() {
                faults.push(format!("{} {at}: {fault:?} is taken", operation.name));
            }
        }
    }
    assert_none(&faults);
    assert!(tried.is_superset(&Fault::ALL.into()), "only {tried:?} were tried");
}

/// The body of a request, made bad as a whole.
fn raw(request: &Json) -> Vec<(&'static str, Vec<u8>)> {
    let good = request.to_string();
    let open = &good[..good.len() - 1];
    let comma = if open.len() > 1 { "," } else { "" };
    let with = |member: &str| format!("{open}{comma}{member}}}").into_bytes();
    vec![
        ("an array", b"[]".to_vec()),
        ("null", b"null".to_vec()),
        ("a string", b"\"x\"".to_vec()),
        ("cut short", open.as_bytes().to_vec()),
        ("more after it", format!("{good} x").into_bytes()),
        ("a byte order mark", format!("\u{FEFF}{good}").into_bytes()),
        ("UTF-16", good.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("deep lists", with(&format!("\"x\":{}{}", "[".repeat(10_000), "]".repeat(10_000)))),
        ("deep objects", with(&format!("\"x\":{}1{}", "{\"x\":".repeat(9_999), "}".repeat(9_999)))),
        ("a number too large", with("\"x\":1e999")),
        ("half a surrogate", with("\"x\":\"\\ud800\"")),
        ("a raw control character", with("\"x\":\"\u{1}\"")),
        ("invalid UTF-8", [open.as_bytes(), comma.as_bytes(), b"\"x\":\"\xff\xfe\"}"].concat()),
        ("overlong UTF-8", [open.as_bytes(), comma.as_bytes(), b"\"x\":\"\xc0\xaf\"}"].concat()),
    ]
}

/// One bad request of each kind: the walk over all of them is the other test's.
fn one_of_each(operation: &Operation, full: &Json) -> Vec<Bad> {
    let mut seen = BTreeSet::new();
    let mut bad = derive::all(operation.input, full);
    bad.retain(|bad| seen.insert(bad.fault));
    bad
}

/// A request with that body, signed where it must be.
fn with_body(lived: &Lived, operation: &Operation, body: Vec<u8>) -> Request {
    let target = [operation.service.target(), operation.name].join(".");
    lived.world.request_of(&target, body)
}

#[test]
fn a_bad_request_gets_a_declared_error_and_changes_nothing() {
    let lived = Lived::new();
    let mut faults = Vec::new();
    for operation in operations() {
        let before = judge::records(&lived.world);
        let mut judge = |what: &str, body: Vec<u8>| {
            let response = lived.world.send(&with_body(&lived, operation, body));
            match judge::refusal(operation, &response) {
                Ok(Code::InvalidParameter | Code::Serialization | Code::Validation) => {}
                Ok(code) => faults.push(format!("{} with {what}: {code:?}", operation.name)),
                Err(fault) => faults.push(format!("{} with {what}: {fault}", operation.name)),
            }
            response.body
        };
        let full = lived.request(operation, true);
        for Bad { fault, at, request } in one_of_each(operation, &full) {
            let what = format!("{fault:?} {at}");
            let told = judge(&what, request.to_string().into_bytes());
            if fault == Fault::WrongType {
                let mut more = request;
                more["NoSuchMember"] = json!({ "a": [1, null, "b"] });
                let with_more = judge(&what, more.to_string().into_bytes());
                assert_eq!(with_more, told, "{} with an extra member", operation.name);
            }
        }
        for (what, body) in raw(&full) {
            judge(what, body);
        }
        if judge::records(&lived.world) != before {
            faults.push(format!("{} changes something", operation.name));
        }
    }
    assert_none(&faults);
    assert_eq!(lived.world.log(), [""; 0]);
}

#[test]
fn a_request_about_nothing_gets_a_declared_error_and_changes_nothing() {
    let lived = Lived::new();
    let mut faults = Vec::new();
    for operation in operations() {
        let Some(request) = lived.about_nothing(operation) else { continue };
        let before = judge::records(&lived.world);
        let body = request.to_string().into_bytes();
        let response = lived.world.send(&with_body(&lived, operation, body));
        if let Err(fault) = judge::refusal(operation, &response) {
            faults.push(format!("{}: {fault}", operation.name));
        }
        if judge::records(&lived.world) != before {
            faults.push(format!("{} changes something", operation.name));
        }
    }
    assert_none(&faults);
    assert_eq!(lived.world.log(), [""; 0]);
}

/// Every text of the request as long as it may be, every number at one of its ends.
fn stretched(operation: &Operation, request: &Json, is_high: bool) -> Json {
    const LONGEST: usize = 5_000;
    let mut request = request.clone();
    let Kind::Structure { fields } = operation.input.kind else { return request };
    for field in fields {
        let Some(member) = request.get_mut(field.name) else { continue };
        match field.shape.kind {
            Kind::Text { min, max, pattern: "", .. } => {
                let long = if is_high { len(max).min(LONGEST) } else { len(min) };
                *member = json!("\u{1F600}".repeat(long));
            }
            Kind::Integer { min, max } | Kind::Long { min, max } => {
                *member = json!(if is_high { max } else { min });
            }
            Kind::List { .. } | Kind::Map { .. } if !is_high => {
                *member = example::valid(field.shape, false);
            }
            _ => {}
        }
    }
    request
}

#[test]
fn whatever_keeps_to_the_shapes_is_answered_without_a_fault_of_ours() {
    let mut faults = Vec::new();
    for operation in operations() {
        // Some are taken, so each has a world of its own.
        let lived = Lived::new();
        let full = lived.request(operation, true);
        for request in [
            lived.request(operation, false),
            stretched(operation, &full, false),
            stretched(operation, &full, true),
            full,
        ] {
            let before = judge::records(&lived.world);
            let body = request.to_string().into_bytes();
            let response = lived.world.send(&with_body(&lived, operation, body));
            if outcome(&response).is_ok() {
                continue;
            }
            if let Err(fault) = judge::refusal(operation, &response) {
                faults.push(format!("{}: {fault}, of {request}", operation.name));
            }
            if judge::records(&lived.world) != before {
                faults.push(format!("{} refuses and changes something", operation.name));
            }
        }
        if !lived.world.log().is_empty() {
            faults.push(format!("{}: {:?}", operation.name, lived.world.log()));
        }
    }
    assert_none(&faults);
}
