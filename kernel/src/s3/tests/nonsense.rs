//! Nonsense of all kinds is refused, whoever sends it: never a fault of the service's, never a panic.

use super::*;
use crate::crypto::Random;

/// Things that headers, parameters and paths may hold, sensible ones among them.
const PIECES: [&str; 24] = [
    "",
    "0",
    "1",
    "-1",
    "10000",
    "18446744073709551616",
    "a",
    "%",
    "%2",
    "%zz",
    "%00",
    "%F0%9F%98%80",
    "\u{e9}",
    "a/b",
    "..",
    "*",
    "\"e1\"",
    "W/\"e1\"",
    "bytes=0-1",
    "bytes=9-",
    "REPLACE",
    "url",
    "2",
    "Wed, 25 Nov 2026 12:00:00 GMT",
];
const PARAMETERS: [&str; 16] = [
    "list-type",
    "prefix",
    "delimiter",
    "max-keys",
    "encoding-type",
    "continuation-token",
    "marker",
    "start-after",
    "uploads",
    "uploadId",
    "partNumber",
    "versionId",
    "delete",
    "location",
    "response-content-type",
    "fetch-owner",
];
const HEADERS: [&str; 20] = [
    "cache-control",
    "content-encoding",
    "content-length",
    "content-md5",
    "content-type",
    "expires",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "range",
    "x-amz-checksum-crc32",
    "x-amz-checksum-mode",
    "x-amz-checksum-sha256",
    "x-amz-copy-source",
    "x-amz-copy-source-range",
    "x-amz-decoded-content-length",
    "x-amz-meta-a",
    "x-amz-metadata-directive",
    "x-amz-trailer",
];
const PAYLOADS: [&str; 5] = [
    UNSIGNED,
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
];
const BODIES: [&str; 8] = [
    "",
    "hello",
    "5\r\nhello\r\n0\r\n\r\n",
    "<Delete><Object><Key>a</Key></Object></Delete>",
    "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>e</ETag></Part></CompleteMultipartUpload>",
    "<a><b></a></b>",
    "ffffffffffffffff\r\n",
    "0;chunk-signature=\r\n\r\n",
];

fn one_of<'a>(random: &Random, of: &[&'a str]) -> &'a str {
    of[usize::try_from(random.below(of.len() as u64)).unwrap()]
}

fn any_call(random: &Random) -> Call {
    let methods = ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"];
    let method = methods[usize::try_from(random.below(6)).unwrap()];
    let paths =
        ["/", "/files", "/files/", "/files/a", "/files/a//b", "/files/a/../b", "/nowhere/a"];
    let mut call = Call::new(method, one_of(random, &paths));
    if random.below(4) == 0 {
        call.path.push_str(one_of(random, &PIECES));
    }
    let pairs = (0..random.below(4))
        .map(|_| format!("{}={}", one_of(random, &PARAMETERS), one_of(random, &PIECES)));
    call.query = pairs.collect::<Vec<_>>().join("&");
    for _ in 0..random.below(5) {
        let name = one_of(random, &HEADERS);
        if !call.headers.iter().any(|(known, _)| known == name) {
            call.headers.push((name.into(), one_of(random, &PIECES).trim().into()));
        }
    }
    if random.below(2) == 0 {
        let payload = one_of(random, &PAYLOADS).to_string();
        call.headers.push(("x-amz-content-sha256".into(), payload));
    }
    call.body = one_of(random, &BODIES).into();
    if random.below(2) == 0 && !call.headers.iter().any(|(name, _)| name == "content-length") {
        let len = call.body.len().to_string();
        call.headers.push(("content-length".into(), len));
    }
    call
}

#[test]
fn no_request_is_the_services_fault() {
    let mut root = Client::root();
    root.keep("files", "a", b"0123456789");
    let random = Random::new([5; 32]);
    let mut taken = 0;
    for n in 0..2_000 {
        let call = any_call(&random);
        let request = root.sign(&call).request;
        let (mut visit, mut step) = root.door.enter(&request, root.world.now_ms(), [7; 32]);
        let reply = loop {
            step = match step {
                super::super::Step::Answer(reply) => break reply,
                super::super::Step::Ask { .. } => panic!("root is asked about"),
                super::super::Step::Read { .. } => visit.read(&request.body),
                super::super::Step::Access { access, .. } => {
                    let outcome = root.outcome(access, &request, &mut visit);
                    super::super::Step::Answer(visit.found(outcome))
                }
            };
        };
        assert_ne!(
            reply.status, 500,
            "{n}: {} {}?{} {:?}",
            call.method, call.path, call.query, call.headers
        );
        taken += u32::from(reply.status < 300);
    }
    // Enough of it makes sense for the rest to mean something.
    assert!(taken > 100, "{taken}");
}

#[test]
fn no_body_breaks_the_reader_of_chunks() {
    let random = Random::new([6; 32]);
    let mut root = Client::root();
    for payload in &PAYLOADS[1..4] {
        let signed = root.sign(
            &Call::new("PUT", "/files/a")
                .with("x-amz-content-sha256", payload)
                .with("x-amz-decoded-content-length", "11"),
        );
        for _ in 0..60 {
            let mut body = signed_body(&root, payload);
            for _ in 0..1 + random.below(3) {
                let at = usize::try_from(random.below(body.len() as u64)).unwrap();
                body[at] = random.bytes::<1>()[0];
            }
            let request = crate::Request { body: body.clone(), ..signed.request.clone() };
            // What is changed is what was signed by chance alone.
            match root.send(&request) {
                // Nothing says what an unsigned body without a checksum is to be.
                Ok(_) if payload.contains("UNSIGNED") => {}
                Ok(_) => assert_eq!(root.objects[&("files".into(), "a".into())].0, b"hello world"),
                Err(code) => assert!(
                    ["IncompleteBody", "SignatureDoesNotMatch", "BadDigest"].contains(&&*code),
                    "{code}: {body:?}"
                ),
            }
        }
    }
}

fn signed_body(root: &Client, payload: &str) -> Vec<u8> {
    if payload.ends_with("UNSIGNED-PAYLOAD-TRAILER") {
        return b"6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n".to_vec();
    }
    let call = Call::new("PUT", "/files/a")
        .with("x-amz-content-sha256", payload)
        .with("x-amz-decoded-content-length", "11");
    root.sign(&call).chunked(&[b"hello ", b"world"])
}
