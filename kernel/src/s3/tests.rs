//! The door as a client sees it, and as an attacker does.

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use serde_json::json;

use self::client::{Call, Client, UNSIGNED};
use super::{Door, Reply};
use crate::{
    crypto::{hex, sha256},
    shape::Json,
};

mod client;
mod nonsense;
mod uploads;

fn code<T>(result: Result<T, String>) -> String {
    result.err().unwrap_or_default()
}

fn text(reply: &Reply) -> &str {
    core::str::from_utf8(&reply.body).unwrap()
}

fn header<'a>(reply: &'a Reply, name: &str) -> &'a str {
    let found = reply.headers.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value.as_str())
}

fn allows(action: &str, resource: &str) -> Json {
    json!({ "Effect": "Allow", "Action": action, "Resource": resource })
}

fn get(path: &str) -> Call {
    Call::new("GET", path)
}

#[test]
fn an_object_is_put_and_found_with_all_that_was_said_of_it() {
    let mut root = Client::root();
    let put = Call::new("PUT", "/files/a/b%20c.txt")
        .body("hello")
        .with("content-type", "text/plain")
        .with("content-encoding", "aws-chunked,gzip")
        .with("expires", "Wed, 25 Nov 2026 12:00:00 GMT")
        .with("x-amz-meta-color", "red")
        .with("x-amz-meta-city", "Zürich");
    let reply = root.call(&put).unwrap();
    assert_eq!((reply.status, header(&reply, "etag")), (200, "\"e1\""));
    assert!(root.has("files", "a/b c.txt"));
    let found = root.call(&get("/files/a/b%20c.txt")).unwrap();
    assert!(found.streams);
    for (name, value) in [
        ("accept-ranges", "bytes"),
        ("content-encoding", "gzip"),
        ("content-length", "5"),
        ("content-security-policy", "sandbox"),
        ("content-type", "text/plain"),
        ("expires", "Wed, 25 Nov 2026 12:00:00 GMT"),
        ("last-modified", "Wed, 25 Nov 2026 12:00:00 GMT"),
        ("x-amz-meta-city", "=?UTF-8?B?WsO8cmljaA==?="),
        ("x-amz-meta-color", "red"),
    ] {
        assert_eq!(header(&found, name), value, "{name}");
    }
    let head = root.call(&Call::new("HEAD", "/files/a/b%20c.txt")).unwrap();
    assert!(!head.streams && header(&head, "content-length") == "5");
    let replaced = root.call(&get("/files/a/b%20c.txt?response-content-type=image%2Fpng")).unwrap();
    assert_eq!(header(&replaced, "content-type"), "image/png");
}

#[test]
fn what_is_not_there_is_told_in_the_words_of_s3() {
    let mut root = Client::root();
    for (call, expected) in [
        (get("/nowhere/a"), "NoSuchBucket"),
        (get("/nowhere"), "NoSuchBucket"),
        (get("/files/a"), "NoSuchKey"),
        (Call::new("HEAD", "/files/a"), "404"),
        (get("/files/a?versionId=3"), "NoSuchVersion"),
        (get("/files/a?acl"), "NotImplemented"),
        (get("/files/a?uploadId=u"), "NotImplemented"),
        (get("/files?policy"), "NotImplemented"),
        (Call::new("PUT", "/files"), "NotImplemented"),
        (Call::new("DELETE", "/files"), "NotImplemented"),
        (Call::new("PATCH", "/files/a"), "MethodNotAllowed"),
        (Call::new("POST", "/files/a"), "MethodNotAllowed"),
        (Call::new("PUT", "/files/a").with("x-amz-acl", "public-read").body("x"), "NotImplemented"),
        (Call::new("PUT", "/files/a").with("x-amz-tagging", "a=b").body("x"), "NotImplemented"),
        (
            Call::new("PUT", "/files/a").with("x-amz-storage-class", "ICE").body("x"),
            "InvalidStorageClass",
        ),
        (
            Call::new("PUT", "/files/a").with("x-amz-meta-a", &"x".repeat(2048)).body("x"),
            "MetadataTooLarge",
        ),
        (Call::new("DELETE", "/files/a").with("if-match", "e1"), "NotImplemented"),
        (Call::new("PUT", "/files/b").with("x-amz-copy-source", "files/a").body(""), "NoSuchKey"),
        (Call::new("PUT", "/files/b").with("x-amz-copy-source", "no/a").body(""), "NoSuchBucket"),
    ] {
        assert_eq!(
            code(root.call(&call)),
            expected,
            "{} {}?{}",
            call.method,
            call.path,
            call.query
        );
    }
}

#[test]
fn buckets_are_the_accounts_own() {
    let mut root = Client::root();
    root.keep("files", "a", b"1");
    let of = |owner: &str| get("/files/a").with("x-amz-expected-bucket-owner", owner);
    assert!(root.call(&of("123456789012")).is_ok());
    assert_eq!(code(root.call(&of("210987654321"))), "AccessDenied");
}

#[test]
fn an_error_names_what_it_is_about() {
    let client = Client::root();
    let request = client.sign(&get("/files/%3Ca%3E")).request;
    let (mut visit, _) = client.door.enter(&request, client.world.now_ms(), [7; 32]);
    let reply = visit.found(super::Outcome::Nothing);
    assert_eq!((reply.status, header(&reply, "content-type")), (404, "application/xml"));
    assert_eq!(header(&reply, "access-control-allow-origin"), "*");
    let id = header(&reply, "x-amz-request-id");
    assert_eq!(
        text(&reply),
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code>\
             <Message>The specified key does not exist.</Message><Resource>/files/%3Ca%3E</Resource>\
             <RequestId>{id}</RequestId></Error>"
        )
    );
}

#[test]
fn a_policy_sees_the_very_key_that_was_signed() {
    let own = "arn:aws:s3:::files/private/${cognito-identity.amazonaws.com:sub}/*";
    let mut guest = Client::guest(&allows("s3:*Object", own));
    let id = guest.identity.clone();
    let put = |path: &str| Call::new("PUT", path).body("x");
    let encoded = id.replace(':', "%3A");
    assert!(guest.call(&put(&format!("/files/private/{encoded}/a"))).is_ok());
    assert!(guest.call(&put(&format!("/files/private/{encoded}/a%2A%3F"))).is_ok());
    assert!(guest.call(&get(&format!("/files/private/{encoded}/a"))).is_ok());
    for path in [
        "/files/a".to_string(),
        "/files/private/somebody/a".into(),
        format!("/files/private/{encoded}"),
        format!("/files//private/{encoded}/a"),
        format!("/files/private//{encoded}/a"),
        format!("/files/Private/{encoded}/a"),
        format!("/other/private/{encoded}/a"),
        format!("/files/private%252F{encoded}/a"),
        "/files/private/%2A/a".into(),
        "/files/private/%24%7Bcognito-identity.amazonaws.com%3Asub%7D/a".into(),
    ] {
        assert_eq!(code(guest.call(&put(&path))), "AccessDenied", "{path}");
        assert_eq!(code(guest.call(&get(&path))), "AccessDenied", "{path}");
        let delete = Call::new("DELETE", &path);
        assert_eq!(code(guest.call(&delete)), "AccessDenied", "{path}");
    }
    for path in [
        format!("/files/private/{encoded}/../somebody/a"),
        format!("/files/private/{encoded}/%2E%2E/somebody/a"),
        format!("/files/private/{encoded}/./a"),
        format!("/files/private/{encoded}/a%00"),
    ] {
        // What the client signs is not what it sends, or it is no key.
        assert!(["InvalidURI", "SignatureDoesNotMatch"].contains(&&*code(guest.call(&put(&path)))));
    }
    assert_eq!(guest.objects.len(), 2);
}

#[test]
fn an_encoded_slash_is_signed_as_a_slash() {
    let mut root = Client::root();
    let mut request = root.sign(&Call::new("PUT", "/files/a/b").body("x")).request;
    request.path = "/files/a%2Fb".into();
    assert!(root.send(&request).is_ok() && root.has("files", "a/b"));
    request.path = "/files/a%252Fb".into();
    assert_eq!(code(root.send(&request)), "SignatureDoesNotMatch");
}

#[test]
fn forms_of_letters_are_not_mixed_up() {
    let own = "arn:aws:s3:::files/caf\u{e9}/*";
    let mut guest = Client::guest(&allows("s3:PutObject", own));
    assert!(guest.call(&Call::new("PUT", "/files/caf%C3%A9/a").body("x")).is_ok());
    let other = Call::new("PUT", "/files/cafe%CC%81/a").body("x");
    assert_eq!(code(guest.call(&other)), "AccessDenied");
}

#[test]
fn a_list_shows_what_the_policy_lets_it_ask_for() {
    let statement = json!({
        "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::files",
        "Condition": { "StringLike": {
            "s3:prefix": ["private/${cognito-identity.amazonaws.com:sub}/*"],
        } },
    });
    let mut guest = Client::guest(&statement);
    let id = guest.identity.clone();
    guest.keep("files", &format!("private/{id}/a&b"), b"12");
    guest.keep("files", "private/somebody/a", b"1");
    let encoded = id.replace(':', "%3A");
    let own = format!("/files?list-type=2&prefix=private%2F{encoded}%2F");
    let reply = guest.call(&get(&own)).unwrap();
    let shown = text(&reply);
    assert!(shown.contains(&format!("<Key>private/{id}/a&amp;b</Key>")), "{shown}");
    assert!(shown.contains("<Size>2</Size>") && shown.contains("<KeyCount>1</KeyCount>"));
    assert!(shown.contains("<LastModified>2026-11-25T12:00:00.000Z</LastModified>"), "{shown}");
    assert!(!shown.contains("somebody"));
    let reply = guest.call(&get(&format!("{own}&encoding-type=url"))).unwrap();
    assert!(text(&reply).contains(&format!("<Key>private/{encoded}/a%26b</Key>")));
    for path in [
        "/files?list-type=2".to_string(),
        "/files".into(),
        "/files?list-type=2&prefix=private%2Fsomebody%2F".into(),
        format!("/files?list-type=2&prefix=private%2F{encoded}"),
        format!("/other?list-type=2&prefix=private%2F{encoded}%2F"),
        "/".into(),
        "/files?location".into(),
    ] {
        assert_eq!(code(guest.call(&get(&path))), "AccessDenied", "{path}");
    }
}

#[test]
fn who_may_not_list_does_not_learn_what_is_missing() {
    let mut guest = Client::guest(&allows("s3:GetObject", "arn:aws:s3:::files/*"));
    assert_eq!(code(guest.call(&get("/files/a"))), "AccessDenied");
    guest.allow(&json!([
        allows("s3:GetObject", "arn:aws:s3:::files/*"),
        allows("s3:ListBucket", "arn:aws:s3:::files"),
    ]));
    assert_eq!(code(guest.call(&get("/files/a"))), "NoSuchKey");
}

#[test]
fn a_copy_needs_both_ends() {
    let read = allows("s3:GetObject", "arn:aws:s3:::files/*");
    let write = allows("s3:PutObject", "arn:aws:s3:::files/*");
    let mut guest = Client::guest(&read);
    guest.keep("files", "a", b"1");
    guest.keep("other", "a", b"1");
    let copy =
        |source: &str| Call::new("PUT", "/files/b").with("x-amz-copy-source", source).body("");
    assert_eq!(code(guest.call(&copy("/files/a"))), "AccessDenied");
    guest.allow(&write);
    assert_eq!(code(guest.call(&copy("/files/a"))), "AccessDenied");
    guest.allow(&json!([read, write]));
    assert_eq!(code(guest.call(&copy("/other/a"))), "AccessDenied");
    assert_eq!(code(guest.call(&copy("/files/../other/a"))), "InvalidURI");
    assert!(guest.call(&copy("/files/a")).is_ok() && guest.has("files", "b"));
    let itself = Call::new("PUT", "/files/b").with("x-amz-copy-source", "files/b").body("");
    assert_eq!(code(guest.call(&itself)), "InvalidRequest");
}

#[test]
fn of_many_objects_those_go_that_may() {
    let mut guest = Client::guest(&allows("s3:DeleteObject", "arn:aws:s3:::files/own/*"));
    for key in ["own/a", "own/b", "others/a"] {
        guest.keep("files", key, b"1");
    }
    let body = "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
        <Object><Key>own/a</Key></Object><Object><Key>others/a</Key></Object>\
        <Object><Key>own/../others/a</Key></Object>\
        <Object><Key>own/b</Key><VersionId>7</VersionId></Object></Delete>";
    let reply = guest.call(&Call::new("POST", "/files?delete").body(body)).unwrap();
    let shown = text(&reply);
    assert!(shown.contains("<Deleted><Key>own/a</Key></Deleted>"), "{shown}");
    assert!(shown.contains("<Error><Key>others/a</Key><Code>AccessDenied</Code>"), "{shown}");
    assert!(shown.contains("<Key>own/../others/a</Key><Code>InvalidURI</Code>"), "{shown}");
    assert!(shown.contains("<Key>own/b</Key><Code>NoSuchVersion</Code>"), "{shown}");
    assert!(!guest.has("files", "own/a"));
    assert!(guest.has("files", "others/a") && guest.has("files", "own/b"));
    for body in ["", "<Delete/>", "<Delete><Object/></Delete>", "<Other/>", "<Delete>"] {
        let call = Call::new("POST", "/files?delete").body(body);
        assert_eq!(code(guest.call(&call)), "MalformedXML", "{body}");
    }
    let mut altered = guest.sign(&Call::new("POST", "/files?delete").body(body)).request;
    altered.body = body.replace("others/a", "own/b").into_bytes();
    assert_eq!(code(guest.send(&altered)), "XAmzContentSHA256Mismatch");
}

#[test]
fn a_role_may_do_what_its_policies_say_within_two_seconds() {
    let mut guest = Client::guest(&allows("s3:GetObject", "arn:aws:s3:::files/*"));
    guest.keep("files", "a", b"1");
    assert!(guest.call(&get("/files/a")).is_ok());
    guest.allow(&json!([
        allows("s3:*", "*"),
        { "Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::files/a" },
    ]));
    assert_eq!(code(guest.call(&get("/files/a"))), "AccessDenied");
    let _ =
        guest.world.query("iam", "DeleteRolePolicy", &[("RoleName", "guest"), ("PolicyName", "p")]);
    let _ = guest.world.query("iam", "DeleteRole", &[("RoleName", "guest")]);
    assert_eq!(code(guest.call(&get("/files/b"))), "NoSuchKey");
    guest.world.advance_s(2);
    assert_eq!(code(guest.call(&get("/files/b"))), "AccessDenied");
}

#[test]
fn a_revoked_identity_comes_in_no_more_within_two_seconds() {
    let mut guest = Client::guest(&allows("s3:GetObject", "arn:aws:s3:::files/*"));
    guest.keep("files", "a", b"1");
    assert!(guest.call(&get("/files/a")).is_ok());
    let id = json!({ "IdentityId": guest.identity });
    let _ = guest.world.ok("RevokeIdentityCredentials", id);
    guest.world.advance_s(2);
    assert_eq!(code(guest.call(&get("/files/a"))), "ExpiredToken");
}

#[test]
fn the_account_is_not_asked_about_each_request() {
    let mut guest = Client::guest(&allows("s3:GetObject", "arn:aws:s3:::files/*"));
    guest.keep("files", "a", b"1");
    let is_asked = |guest: &Client| {
        let request = guest.sign(&get("/files/a")).request;
        let (_, step) = guest.door.enter(&request, guest.world.now_ms(), [7; 32]);
        matches!(step, super::Step::Ask { .. })
    };
    assert!(is_asked(&guest));
    assert!(guest.call(&get("/files/a")).is_ok() && !is_asked(&guest));
    guest.world.advance_s(2);
    assert!(is_asked(&guest));
}

#[test]
fn nobody_comes_in_without_a_good_signature() {
    let mut guest = Client::guest(&allows("s3:*", "*"));
    guest.keep("files", "a", b"1");
    let good = guest.sign(&get("/files/a")).request;
    assert!(guest.send(&good).is_ok());
    let change = |name: &str, value: Option<&str>| {
        let mut request = good.clone();
        request.headers.retain(|(known, _)| known != name);
        request.headers.extend(value.map(|value| (name.to_string(), value.to_string())));
        request
    };
    // Another session of the very same identity and role.
    let id = json!({ "IdentityId": guest.identity });
    let other = guest.world.ok("GetCredentialsForIdentity", id);
    let other = other["Credentials"]["SessionToken"].as_str();
    for (name, value, expected) in [
        ("authorization", None, "AccessDenied"),
        ("authorization", Some("AWS4-HMAC-SHA256 x"), "AuthorizationHeaderMalformed"),
        ("x-amz-security-token", None, "SignatureDoesNotMatch"),
        ("x-amz-security-token", other, "InvalidAccessKeyId"),
        ("x-amz-security-token", Some("x"), "InvalidAccessKeyId"),
        ("x-amz-content-sha256", Some(UNSIGNED), "SignatureDoesNotMatch"),
        ("x-amz-date", Some("20261125T110000Z"), "RequestTimeTooSkewed"),
        ("x-amz-extra", Some("1"), "AccessDenied"),
        ("host", Some("files.localhost:8787"), "SignatureDoesNotMatch"),
    ] {
        assert_eq!(code(guest.send(&change(name, value))), expected, "{name} {value:?}");
    }
    let mut moved = good.clone();
    moved.path = "/files/b".into();
    assert_eq!(code(guest.send(&moved)), "SignatureDoesNotMatch");
    moved = good.clone();
    moved.method = "DELETE".into();
    assert_eq!(code(guest.send(&moved)), "SignatureDoesNotMatch");
    moved = good.clone();
    moved.query = "versionId=null".into();
    assert_eq!(code(guest.send(&moved)), "SignatureDoesNotMatch");
    guest.world.advance_s(301);
    assert_eq!(code(guest.send(&good)), "RequestTimeTooSkewed");
    guest.world.advance_s(3_300);
    let late = guest.sign(&get("/files/a")).request;
    assert_eq!(code(guest.send(&late)), "ExpiredToken");
    guest.key.secret_access_key.push('x');
    let wrong = guest.sign(&get("/files/a")).request;
    assert_eq!(code(guest.send(&wrong)), "SignatureDoesNotMatch");
}

#[test]
fn a_presigned_url_is_good_for_what_it_says_until_it_is_over() {
    let mut guest = Client::guest(&allows("s3:*", "arn:aws:s3:::files/*"));
    guest.keep("files", "a", b"1");
    let url = guest.presign(&get("/files/a"), 60);
    assert!(guest.send(&url).is_ok());
    let mut put = url.clone();
    put.method = "PUT".into();
    assert_eq!(code(guest.send(&put)), "SignatureDoesNotMatch");
    let mut longer = url.clone();
    longer.query = longer.query.replace("X-Amz-Expires=60", "X-Amz-Expires=600");
    assert_eq!(code(guest.send(&longer)), "SignatureDoesNotMatch");
    let mut more = url.clone();
    more.query.push_str("&response-content-type=text%2Fhtml");
    assert_eq!(code(guest.send(&more)), "SignatureDoesNotMatch");
    let forever = guest.presign(&get("/files/a"), 604_801);
    assert_eq!(code(guest.send(&forever)), "AuthorizationQueryParametersError");
    guest.world.advance_s(61);
    assert_eq!(code(guest.send(&url)), "AccessDenied");
    let upload =
        guest.presign(&Call::new("PUT", "/files/b?x-amz-meta-color=red").body("hello"), 60);
    let reply = guest.send(&upload).unwrap();
    assert_eq!(reply.status, 200);
    let found = guest.call(&get("/files/b")).unwrap();
    assert_eq!(header(&found, "x-amz-meta-color"), "red");
    // Credentials that are over take their URLs with them.
    guest.world.advance_s(3_500);
    let late = guest.presign(&get("/files/a"), 3_600);
    guest.world.advance_s(200);
    assert_eq!(code(guest.send(&late)), "ExpiredToken");
}

#[test]
fn pages_of_other_origins_read_nothing_where_some_are_named() {
    let client = Client::root();
    let origins = vec!["https://app.example.com".to_string()];
    let buckets = super::Buckets { names: vec!["files".into()], host: None, origins };
    let door = Door::new(client.world.engine(), buckets);
    let allowed = |origin: &str| {
        let mut request = client.sign(&get("/files?location")).request;
        request.headers.push(("origin".into(), origin.into()));
        let (_, step) = door.enter(&request, client.world.now_ms(), [7; 32]);
        let super::Step::Answer(reply) = step else { return None };
        assert_eq!((reply.status, header(&reply, "vary")), (200, "origin"));
        Some(header(&reply, "access-control-allow-origin").to_string())
    };
    assert_eq!(allowed("https://app.example.com").as_deref(), Some("https://app.example.com"));
    assert_eq!(allowed("https://evil.example.com").as_deref(), Some(""));
}

fn hash(bytes: &[u8]) -> String {
    hex(&sha256(&[bytes]))
}

fn one_byte_more(bytes: &[u8]) -> Vec<u8> {
    [bytes, b"x"].concat()
}
