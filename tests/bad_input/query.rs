//! The same of forms: what IAM and STS are asked in AWS's query protocol.

use std::collections::BTreeSet;

use kernel::{
    BODY_BYTES_MAX, OPERATIONS, Operation, Request, Response, Service,
    shape::{Kind, Shape},
    testing::{Assumed, World},
};
use serde_json::Value as Json;

use super::{
    derive::{self, Bad, Fault},
    example::valid,
    judge,
};

const IAM: &str = "2010-05-08";
const STS: &str = "2011-06-15";

/// All that can be called in a form.
fn operations() -> impl Iterator<Item = &'static Operation> {
    let speaks = |operation: &&Operation| matches!(operation.service, Service::Iam | Service::Sts);
    OPERATIONS.iter().filter(speaks)
}

/// The members of a request as a form has them.
fn form(shape: &Shape, value: &Json, at: &str, out: &mut Vec<(String, String)>) {
    match (&shape.kind, value) {
        (Kind::Structure { fields }, Json::Object(members)) => {
            for field in *fields {
                let at = if at.is_empty() { field.name.into() } else { [at, field.name].join(".") };
                if let Some(member) = members.get(field.name) {
                    form(field.shape, member, &at, out);
                }
            }
        }
        (Kind::List { of, .. }, Json::Array(items)) => {
            for (n, item) in items.iter().enumerate() {
                form(of, item, &format!("{at}.member.{}", n + 1), out);
            }
        }
        (_, Json::String(text)) => out.push((at.into(), text.clone())),
        (_, other) => out.push((at.into(), other.to_string())),
    }
}

fn members(operation: &Operation, request: &Json) -> Vec<(String, String)> {
    let mut members = Vec::new();
    form(operation.input, request, "", &mut members);
    members
}

fn send(world: &World, operation: &Operation, request: &Json) -> Response {
    let members = members(operation, request);
    let members: Vec<_> =
        members.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    world.query(operation.service.signing_name(), operation.name, &members)
}

/// What an error says, if it is one of the client's in the protocol's form.
fn refusal(response: &Response) -> Result<String, String> {
    let Err(told) = Assumed::read(response) else { return Err("was taken".into()) };
    let body = String::from_utf8_lossy(&response.body);
    let is_whole = body.starts_with("<ErrorResponse xmlns=\"https://")
        && body.contains("<Type>Sender</Type>")
        && response.header("content-type") == Some("text/xml")
        && response.header("x-amzn-requestid").is_some_and(|id| body.contains(id));
    match is_whole && (400..500).contains(&response.status) {
        true => Ok(told),
        false => Err(format!("{}: {body}", response.status)),
    }
}

#[test]
fn what_breaks_a_shape_is_told_and_changes_nothing() {
    // What a form can't say: that something is null, or of another type than a text.
    let unsaid = [Fault::Null, Fault::TooFew, Fault::WrongType];
    let world = World::new();
    let (mut faults, mut tried) = (Vec::new(), BTreeSet::new());
    for operation in operations() {
        let full = valid(operation.input, true);
        let before = judge::records(&world);
        let mut seen = BTreeSet::new();
        for Bad { fault, at, request } in derive::all(operation.input, &full) {
            // Nor that there are structures without members.
            let list = at.trim_start_matches('/').replace('/', ".");
            let mut said = members(operation, &request).into_iter().map(|(name, _)| name);
            let is_said = fault != Fault::TooMany || said.any(|name| name.starts_with(&list));
            if unsaid.contains(&fault) || !is_said || !seen.insert((fault, at.clone())) {
                continue;
            }
            tried.insert(fault);
            match refusal(&send(&world, operation, &request)) {
                Ok(told) if told.starts_with("400 ValidationError: ") => {}
                told => faults.push(format!("{} {at} {fault:?}: {told:?}", operation.name)),
            }
        }
        if judge::records(&world) != before {
            faults.push(format!("{} changes something", operation.name));
        }
    }
    assert!(faults.is_empty(), "{} faults, beginning with {:#?}", faults.len(), &faults[..1]);
    for fault in Fault::ALL.iter().filter(|fault| !unsaid.contains(fault)) {
        // No operation has words to choose from.
        assert!(tried.contains(fault) || *fault == Fault::UnknownWord, "{fault:?} was not tried");
    }
    assert_eq!(world.log(), [""; 0]);
}

#[test]
fn whatever_keeps_to_the_shapes_is_answered_without_a_fault_of_ours() {
    for operation in operations() {
        for is_full in [false, true] {
            let world = World::new();
            let response = send(&world, operation, &valid(operation.input, is_full));
            if response.status != 200 {
                let told = refusal(&response);
                assert!(told.is_ok(), "{}: {told:?}", operation.name);
            }
            assert_eq!(world.log(), [""; 0], "{}", operation.name);
        }
    }
}

#[test]
fn what_is_no_call_is_told_so() {
    let world = World::new();
    let long = format!("Action=GetCallerIdentity&Version={STS}&x=");
    let long = [long.as_bytes(), &vec![b'a'; BODY_BYTES_MAX]].concat();
    let role = format!("Action=CreateRole&Version={IAM}&RoleName=a&Tags.member.");
    let malformed = |rest: &str| (format!("{role}{rest}").into_bytes(), "400 MalformedInput");
    let plain = |text: &str, expected| (text.as_bytes().to_vec(), expected);
    for (body, expected) in [
        plain("", "400 MissingAction"),
        plain("&&=&", "400 MissingAction"),
        plain("{\"Action\":\"GetCallerIdentity\"}", "400 MissingAction"),
        plain(&format!("Version={STS}"), "400 MissingAction"),
        plain(&format!("Action=&Version={STS}"), "400 MissingAction"),
        plain("Action=GetCallerIdentity", "400 InvalidAction: Could not find operation Get"),
        plain("Action=GetCallerIdentity&Version=2012-01-01", "400 InvalidAction"),
        plain(&format!("Action=GetCallerIdentity&Version={IAM}"), "400 InvalidAction"),
        plain(&format!("Action=GetUser&Version={IAM}"), "400 InvalidAction"),
        plain(&format!("Action=getcalleridentity&Version={STS}"), "400 InvalidAction"),
        plain(&format!("Action=ShowRole&Version={STS}"), "400 InvalidAction"),
        plain(&format!("Action=%3Cb%3E%26&Version={STS}"), "400 InvalidAction"),
        plain(&format!("Action=AssumeRoleWithSAML&Version={STS}"), "400 InvalidIdentityToken"),
        plain(&format!("Action=GetRole&Version={IAM}"), "400 ValidationError"),
        plain(&format!("Action=GetRole&Version={IAM}&RoleName=%ff"), "400 MalformedInput"),
        (b"Action=GetRole\xff&Version=2010-05-08".to_vec(), "400 MalformedInput"),
        malformed("0.Key=a"),
        malformed("01.Key=a"),
        malformed("+1.Key=a"),
        malformed("-1.Key=a"),
        malformed("x.Key=a"),
        malformed("4294967296.Key=a"),
        malformed("=a"),
        (long, "413 RequestEntityTooLarge"),
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).to_string();
        let service = if shown.contains(IAM) { "iam" } else { "sts" };
        let response = world.send(&world.form_of(service, &body));
        let told = refusal(&response).unwrap();
        assert!(told.starts_with(expected), "{shown}: {told}");
        assert!(!String::from_utf8_lossy(&response.body).contains("<b>"), "{shown}");
    }
    assert_eq!(world.log(), [""; 0]);
}

#[test]
fn a_list_is_read_in_the_order_of_its_numbers() {
    let world = World::new();
    let url = ("Url", "https://id.example.com");
    let list = [10, 2, 4_000_000_000_u32].map(|n| format!("ClientIDList.member.{n}"));
    let members = [url, (&list[0], "b"), (&list[1], "a"), (&list[2], "c"), (&list[1], "z")];
    let made = Assumed::read(&world.query("iam", "CreateOpenIDConnectProvider", &members)).unwrap();
    let arn = made.member("OpenIDConnectProviderArn");
    let named = [("OpenIDConnectProviderArn", &*arn)];
    let shown = Assumed::read(&world.query("iam", "GetOpenIDConnectProvider", &named)).unwrap();
    let expected = "<member>a</member><member>b</member><member>c</member>";
    assert_eq!(shown.member("ClientIDList"), expected);
}

#[test]
fn a_signature_that_does_not_hold_is_told_in_the_words_of_the_protocol() {
    let world = World::new();
    let body = format!("Action=ListRoles&Version={IAM}");
    let good = world.form_of("iam", body.as_bytes());
    assert_eq!(world.send(&good).status, 200);
    let with = |change: fn(&str) -> Option<String>| {
        let mut request = good.clone();
        let (signed, rest): (Vec<_>, Vec<_>) =
            request.headers.into_iter().partition(|(name, _)| name == "authorization");
        request.headers = rest;
        request
            .headers
            .extend(change(&signed[0].1).map(|value| (String::from("authorization"), value)));
        refusal(&world.send(&request)).unwrap()
    };
    assert!(with(|_| None).starts_with("403 MissingAuthenticationToken"));
    assert!(with(|_| Some("AWS4-HMAC-SHA256 x".into())).starts_with("400 IncompleteSignature"));
    let forged = with(|value| Some(value.replace("Signature=", "Signature=0").chars().collect()));
    assert!(forged.starts_with("403 SignatureDoesNotMatch"), "{forged}");
    let nobody = with(|value| Some(value.replace("AKIACOGNATEDEVELOP01", "AKIANOBODY0000000000")));
    assert!(nobody.starts_with("403 InvalidClientTokenId"), "{nobody}");
    let changed = Request { body: format!("{body}&PathPrefix=/").into_bytes(), ..good.clone() };
    let changed = refusal(&world.send(&changed)).unwrap();
    assert!(changed.starts_with("403 SignatureDoesNotMatch"), "{changed}");
    let other = refusal(&world.send(&world.form_of("sts", body.as_bytes()))).unwrap();
    assert!(other.starts_with("403 SignatureDoesNotMatch"), "{other}");
}
