use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use serde::Deserialize;

use super::{Expected, Payload, Signed, parse};
use crate::{
    error::{Code, Error},
    http::Request,
};

mod faults;

const MISMATCH: &str = "The request signature we calculated does not match the signature you \
    provided. Check your AWS Secret Access Key and signing method. Consult the service \
    documentation for details.";

#[derive(Deserialize)]
struct File {
    access_key_id: String,
    secret_access_key: String,
    vectors: Vec<Vector>,
}

#[derive(Clone, Deserialize)]
struct Vector {
    name: String,
    now_ms: u64,
    region: String,
    service: String,
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: String,
    #[serde(default)]
    unsigned_payload: bool,
    #[serde(default)]
    is_refused: bool,
    session_token: Option<String>,
    expires: Option<u64>,
    #[serde(default)]
    secret: String,
}

/// Requests that AWS's own client signed, and signed well.
fn vectors() -> Vec<Vector> {
    all_vectors().filter(|v| !v.is_refused).collect()
}

fn all_vectors() -> impl Iterator<Item = Vector> {
    let file = include_str!("../../../../tests/vectors/sigv4.json");
    let file: File = serde_json::from_str(file).unwrap();
    assert_eq!(file.access_key_id, "AKIDEXAMPLE");
    let secret = file.secret_access_key;
    file.vectors.into_iter().map(move |v| Vector { secret: secret.clone(), ..v })
}

fn vector(name: &str) -> Vector {
    vectors().into_iter().find(|v| v.name == name).unwrap()
}

fn signed_in_header() -> impl Iterator<Item = Vector> {
    vectors().into_iter().filter(|v| v.expires.is_none())
}

fn presigned() -> impl Iterator<Item = Vector> {
    vectors().into_iter().filter(|v| v.expires.is_some())
}

impl Vector {
    /// The key's id, the session token and the region of a request that verifies.
    fn outcome(&self) -> Result<(String, Option<String>, String), Error> {
        let request = Request {
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            body: self.body.clone().into(),
            ..Request::default()
        };
        let payload = if self.unsigned_payload { Payload::MayBeLeftOut } else { Payload::Whole };
        let expected = Expected { service: &self.service, payload };
        let claim = parse(Signed::from(&request), &expected, self.now_ms)?;
        let access_key_id = claim.access_key_id().to_string();
        let session_token = claim.session_token().map(String::from);
        let proven = claim.verify(&self.secret)?;
        Ok((access_key_id, session_token, proven.region().to_string()))
    }

    fn fails(&self, code: Code, message: &str) {
        assert_eq!(self.outcome(), Err(Error::saying(code, message.to_string())), "{}", self.name);
    }

    fn mismatches(&self) {
        self.fails(Code::InvalidSignature, MISMATCH);
    }

    fn verifies(&self) {
        let expected = ("AKIDEXAMPLE".into(), self.session_token.clone(), self.region.clone());
        assert_eq!(self.outcome(), Ok(expected), "{}", self.name);
    }

    fn header(&mut self, name: &str) -> &mut String {
        &mut self.headers.iter_mut().find(|(n, _)| n == name).unwrap().1
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(n, _)| n != name);
        self
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_string(), value.to_string()));
        self
    }

    /// The same with a text in its `Authorization` header or its query replaced.
    fn stating(mut self, from: &str, to: &str) -> Self {
        let place = match self.expires {
            Some(_) => &mut self.query,
            None => self.header("authorization"),
        };
        assert!(place.contains(from), "{from} in {place}");
        *place = place.replace(from, to);
        self
    }

    fn signed_headers(&mut self) -> Vec<String> {
        let authorization = self.header("authorization");
        let names = authorization.split("SignedHeaders=").nth(1).unwrap().split(',').next();
        names.unwrap().split(';').map(String::from).collect()
    }
}

fn flipped(text: &str, at: usize) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] ^= 1;
    String::from_utf8(bytes).ok()
}

#[test]
fn what_the_holder_of_the_key_signed_verifies() {
    let vectors = vectors();
    assert_eq!((vectors.len(), presigned().count()), (41, 3));
    for vector in vectors {
        vector.verifies();
    }
}

#[test]
fn what_the_request_does_not_hold_is_not_proven_by_any_signature() {
    let refused: Vec<Vector> = all_vectors().filter(|v| v.is_refused).collect();
    assert_eq!(refused.len(), 2);
    for vector in refused {
        vector.mismatches();
    }
}

#[test]
fn another_secret_does_not_verify() {
    for vector in vectors() {
        let secret = vector.secret.to_lowercase();
        Vector { secret, ..vector.clone() }.mismatches();
        Vector { secret: String::new(), ..vector }.mismatches();
    }
}

#[test]
fn a_secret_that_is_not_configured_opens_nothing() {
    let right = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    let by_the_empty_secret = "29d8b8b5e3cc1e4d8c1a617efcc71250f6beeccf4f731b04290217f1302c0270";
    let vector = vector("get-vanilla").stating(right, by_the_empty_secret);
    Vector { secret: String::new(), ..vector }.mismatches();
}

#[test]
fn a_changed_body_does_not_verify() {
    for vector in vectors().into_iter().filter(|v| !v.unsigned_payload) {
        let body = vector.body.clone() + " ";
        Vector { body, ..vector.clone() }.mismatches();
        if !vector.body.is_empty() {
            let body = flipped(&vector.body, vector.body.len() / 2).unwrap();
            Vector { body, ..vector }.mismatches();
        }
    }
}

#[test]
fn a_body_may_stay_unsigned_only_where_that_is_expected() {
    for vector in vectors().into_iter().filter(|v| v.unsigned_payload) {
        Vector { body: "another".into(), ..vector.clone() }.verifies();
        Vector { unsigned_payload: false, ..vector }.mismatches();
    }
    let hashed = vector("with-content-hash");
    for vector in [&hashed, &vector("list-users")] {
        Vector { unsigned_payload: true, ..vector.clone() }.verifies();
    }
    let changed = Vector { body: "another".into(), unsigned_payload: true, ..hashed.clone() };
    changed.mismatches();
    let mut left_out = Vector { body: "another".into(), unsigned_payload: true, ..hashed };
    *left_out.header("x-amz-content-sha256") = "UNSIGNED-PAYLOAD".into();
    left_out.mismatches();
}

#[test]
fn another_method_path_or_query_does_not_verify() {
    for vector in vectors() {
        Vector { method: "DELETE".into(), ..vector.clone() }.mismatches();
        Vector { path: vector.path.clone() + "x", ..vector.clone() }.mismatches();
        let separator = if vector.query.is_empty() { "" } else { "&" };
        let query = format!("{}{separator}x=", vector.query);
        Vector { query, ..vector }.mismatches();
    }
}

#[test]
fn a_changed_signed_header_does_not_verify() {
    for mut vector in signed_in_header() {
        for name in vector.signed_headers().iter().filter(|name| !name.ends_with("date")) {
            let mut changed = vector.clone();
            changed.header(name).push('x');
            changed.mismatches();
            vector.clone().without(name).mismatches();
        }
    }
    for mut vector in presigned() {
        vector.header("host").push_str(":8080");
        vector.mismatches();
    }
}

#[test]
fn a_header_that_is_not_signed_may_change_unless_it_is_of_aws() {
    for vector in vectors() {
        vector.clone().with("cf-ray", "1").with("user-agent", "2").verifies();
        vector.with("x-amz-added", "1").fails(
            Code::InvalidSignature,
            "'x-amz-added' must be a 'SignedHeader' in the AWS Authorization.",
        );
    }
    let unsigned = vector("list-user-pools-of-a-temporary-key");
    unsigned.stating(";x-amz-security-token", "").fails(
        Code::InvalidSignature,
        "'x-amz-security-token' must be a 'SignedHeader' in the AWS Authorization.",
    );
}

#[test]
fn blanks_in_headers_do_not_count() {
    vector("list-users")
        .stating("AWS4-", " AWS4-")
        .stating("Signature=", "  Signature=")
        .verifies();
    let mut vector = vector("get-header-value-trim");
    *vector.header("my-header2") = "\t\"a b\tc\"  ".into();
    vector.verifies();
}

#[test]
fn one_query_may_be_written_in_several_ways() {
    let vector = vector("list-records");
    let query = "syncSessionToken=a+b%2bc/d=%26%7E*%c3%a9&&maxResults=5&lastSyncCount=0";
    Vector { query: query.into(), ..vector.clone() }.verifies();
    let query = query.replace("a+b", "a%2Bb");
    Vector { query, ..vector }.mismatches();
}

#[test]
fn the_host_must_be_signed() {
    for vector in signed_in_header() {
        vector.stating("host", "hast").fails(
            Code::InvalidSignature,
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
        );
    }
}

#[test]
fn signed_headers_are_in_order_and_named_once() {
    for list in ["x-amz-date;host", "host;host;x-amz-date", "host;;x-amz-date", "Host;x-amz-date"] {
        vector("get-vanilla").stating("host;x-amz-date", list).mismatches();
    }
    let many: String = (0..100).map(|i| format!("a{i:03};")).collect();
    vector("get-vanilla").stating("host;x", &(many + "host;x")).mismatches();
}

#[test]
fn a_signature_must_be_exactly_what_was_calculated() {
    for mut vector in signed_in_header() {
        let header = vector.header("authorization").clone();
        let signature = header.split("Signature=").nth(1).unwrap();
        for spoiled in [signature.to_uppercase(), signature[1..].into(), format!("{signature}0")] {
            vector.clone().stating(signature, &spoiled).mismatches();
        }
    }
}

#[test]
fn no_byte_that_states_the_signature_can_change() {
    // The key's id is not signed: it only selects the secret.
    let passes = |v: Vector| v.outcome().is_ok_and(|(key_id, ..)| key_id == "AKIDEXAMPLE");
    for mut vector in [vector("list-users"), vector("list-user-pools-of-a-temporary-key")] {
        let header = vector.header("authorization").clone();
        for at in 0..header.len() {
            *vector.header("authorization") = flipped(&header, at).unwrap();
            assert!(!passes(vector.clone()), "{at}");
        }
    }
    for vector in presigned() {
        for at in 0..vector.query.len() {
            let query = flipped(&vector.query, at).unwrap();
            assert!(!passes(Vector { query, ..vector.clone() }), "{at}");
        }
    }
}
