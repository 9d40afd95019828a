//! Bodies that are what was signed, and bodies that are not.

use super::*;

const SIGNED_CHUNKS: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
const SIGNED_TRAILER: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
const TRAILER: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
const CRC32: &str = "x-amz-checksum-crc32";

fn put(payload: &str) -> Call {
    Call::new("PUT", "/files/a").with("x-amz-content-sha256", payload)
}

fn decoded(call: Call, bytes: usize) -> Call {
    call.with("x-amz-decoded-content-length", &bytes.to_string())
}

#[test]
fn a_body_is_what_its_hash_says() {
    let mut root = Client::root();
    let mut request = root.sign(&Call::new("PUT", "/files/a").body("hello")).request;
    request.body = b"hellO".to_vec();
    assert_eq!(code(root.send(&request)), "XAmzContentSHA256Mismatch");
    assert!(!root.has("files", "a"));
    assert_eq!(code(root.call(&put("nonsense").body("x"))), "InvalidArgument");
    assert_eq!(
        code(root.call(&put("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD").body("x"))),
        "NotImplemented"
    );
    let unknown = Call::new("PUT", "/files/a").with("x-amz-content-sha256", UNSIGNED);
    assert_eq!(code(root.call(&unknown)), "MissingContentLength");
    let huge = unknown.with("content-length", &(6u64 << 30).to_string());
    assert_eq!(code(root.call(&huge)), "EntityTooLarge");
    assert!(root.call(&put(UNSIGNED).body("hello")).is_ok());
}

#[test]
fn a_part_is_what_its_hash_says_though_buckets_do_not_look() {
    let mut root = Client::root();
    let part = Call::new("PUT", "/files/a?partNumber=1&uploadId=u").body("hello, world");
    let mut request = root.sign(&part).request;
    assert!(root.send(&request).is_ok());
    request.body = b"hello, worle".to_vec();
    assert_eq!(code(root.send(&request)), "XAmzContentSHA256Mismatch");
    for number in ["0", "10001", "x", ""] {
        let part = Call::new("PUT", &format!("/files/a?partNumber={number}&uploadId=u")).body("x");
        assert_eq!(code(root.call(&part)), "InvalidArgument", "{number}");
    }
}

#[test]
fn checksums_are_compared_with_what_came() {
    for (name, value) in [
        (CRC32, "DUoRhQ=="),
        ("x-amz-checksum-crc32c", "yZRlqg=="),
        ("x-amz-checksum-sha1", "Kq5sNclPz7QV2+lfQIuc6R7oRu0="),
        ("x-amz-checksum-sha256", "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="),
        ("content-md5", "XrY7u+Ae7tCTyyK7j1rNww=="),
    ] {
        let mut root = Client::root();
        let call = put(UNSIGNED).body("hello world").with(name, value);
        // Where there is one hash that buckets know, it is theirs to compare.
        let passes = name.contains("crc");
        if passes {
            let reply = root.call(&call).unwrap();
            assert_eq!(header(&reply, name), value);
            assert_eq!(
                code(root.call(&put(UNSIGNED).body("hello worlD").with(name, value))),
                "BadDigest"
            );
        }
        let both = Call::new("PUT", "/files/a").body("hello world").with(name, value);
        assert!(root.call(&both).is_ok(), "{name}");
        let wrong = Call::new("PUT", "/files/b").body("hello worlD").with(name, value);
        assert_eq!(code(root.call(&wrong)), "BadDigest", "{name}");
        assert!(!root.has("files", "b"));
    }
    let mut root = Client::root();
    for (name, value, expected) in [
        (CRC32, "DUoRhQ", "InvalidRequest"),
        ("x-amz-checksum-sha256", "DUoRhQ==", "InvalidRequest"),
        ("content-md5", "DUoRhQ==", "InvalidDigest"),
    ] {
        assert_eq!(code(root.call(&put(UNSIGNED).body("x").with(name, value))), expected);
    }
    let two =
        put(UNSIGNED).body("x").with(CRC32, "DUoRhQ==").with("x-amz-checksum-crc32c", "DUoRhQ==");
    assert_eq!(code(root.call(&two)), "InvalidRequest");
}

#[test]
fn signed_chunks_are_taken_in_their_order_alone() {
    let mut root = Client::root();
    let mut signed = root.sign(&decoded(put(SIGNED_CHUNKS), 11));
    let body = signed.chunked(&[b"hello ", b"world"]);
    let send = |root: &mut Client, body: &[u8]| {
        let request = crate::Request { body: body.to_vec(), ..signed.request.clone() };
        root.send(&request)
    };
    for piece in [1, 3, 64, 4096] {
        root.piece = piece;
        assert!(send(&mut root, &body).is_ok(), "{piece}");
        assert!(
            root.objects
                .remove(&("files".into(), "a".into()))
                .is_some_and(|o| o.0 == b"hello world")
        );
    }
    let text = String::from_utf8(body.clone()).unwrap();
    let chunks: Vec<&str> = text.split_inclusive("\r\n").collect();
    let swapped = [&chunks[2..4], &chunks[..2], &chunks[4..]].concat().concat();
    let repeated = [&chunks[..2], &chunks[..2], &chunks[4..]].concat().concat();
    for (body, expected) in [
        (text.replace("world", "worle"), "SignatureDoesNotMatch"),
        (swapped, "SignatureDoesNotMatch"),
        (repeated, "SignatureDoesNotMatch"),
        (text.replace("chunk-signature=", "chunk-signature=0"), "SignatureDoesNotMatch"),
        (text.replace(";chunk-signature=", ";"), "SignatureDoesNotMatch"),
        ("5\r\nhello\r\n0\r\n\r\n".into(), "SignatureDoesNotMatch"),
        (chunks[..2].concat(), "IncompleteBody"),
        (chunks[..5].concat(), "IncompleteBody"),
        ([&text, "more"].concat(), "IncompleteBody"),
        (String::new(), "IncompleteBody"),
        ("hello world".into(), "IncompleteBody"),
    ] {
        assert_eq!(code(send(&mut root, body.as_bytes())), expected, "{body}");
        assert!(!root.has("files", "a"));
    }
}

#[test]
fn more_or_less_than_was_announced_is_refused() {
    let mut root = Client::root();
    for announced in [10, 12] {
        let mut signed = root.sign(&decoded(put(SIGNED_CHUNKS), announced));
        signed.request.body = signed.chunked(&[b"hello ", b"world"]);
        assert_eq!(code(root.send(&signed.request)), "IncompleteBody");
    }
    let part = Call::new("PUT", "/files/a?partNumber=1&uploadId=u");
    let part = part.with("content-length", "5").with("x-amz-content-sha256", &hash(b"hello"));
    let mut request = root.sign(&part).request;
    request.body = one_byte_more(b"hello");
    assert_eq!(code(root.send(&request)), "IncompleteBody");
    assert_eq!(
        code(root.call(&decoded(put(SIGNED_CHUNKS), 0).body("0\r\n\r\n"))),
        "SignatureDoesNotMatch"
    );
}

#[test]
fn a_checksum_may_follow_the_body() {
    let mut root = Client::root();
    let call = |checksum: &str, value: &str| {
        let body = format!("b\r\nhello world\r\n0\r\n{checksum}:{value}\r\n\r\n");
        decoded(put(TRAILER), 11)
            .with("x-amz-trailer", CRC32)
            .with("content-encoding", "aws-chunked")
            .body(body)
    };
    let reply = root.call(&call(CRC32, "DUoRhQ==")).unwrap();
    assert_eq!(header(&reply, CRC32), "DUoRhQ==");
    assert_eq!(header(&root.call(&get("/files/a")).unwrap(), "content-encoding"), "");
    assert_eq!(code(root.call(&call(CRC32, "DUoRhA=="))), "BadDigest");
    assert_eq!(code(root.call(&call(CRC32, "no"))), "InvalidRequest");
    assert_eq!(code(root.call(&call("x-amz-checksum-crc32c", "DUoRhQ=="))), "InvalidRequest");
    let none = decoded(put(TRAILER), 1).body("1\r\nx\r\n0\r\n\r\n");
    assert!(root.call(&none).is_ok());
    let other =
        decoded(put(TRAILER), 1).with("x-amz-trailer", "x-other").body("1\r\nx\r\n0\r\n\r\n");
    assert_eq!(code(root.call(&other)), "InvalidRequest");
}

#[test]
fn what_follows_signed_chunks_is_signed_too() {
    let mut root = Client::root();
    let call = decoded(put(SIGNED_TRAILER), 11).with("x-amz-trailer", CRC32);
    let sent = |root: &Client, value: &str, signed_value: &str| {
        let mut signed = root.sign(&call);
        let chunks = signed.chunked(&[b"hello world"]);
        let lines = hash(format!("{CRC32}:{signed_value}\n").as_bytes());
        let signature = signed.next("AWS4-HMAC-SHA256-TRAILER", &lines);
        let trailer = format!("{CRC32}:{value}\r\nx-amz-trailer-signature:{signature}\r\n\r\n");
        let chunks = &chunks[..chunks.len() - 2];
        signed.request.body = [chunks, trailer.as_bytes()].concat();
        signed.request
    };
    let good = sent(&root, "DUoRhQ==", "DUoRhQ==");
    assert!(root.send(&good).is_ok());
    let changed = sent(&root, "DUoRhA==", "DUoRhQ==");
    assert_eq!(code(root.send(&changed)), "SignatureDoesNotMatch");
    let wrong = sent(&root, "DUoRhA==", "DUoRhA==");
    assert_eq!(code(root.send(&wrong)), "BadDigest");
    let mut unsigned = good.clone();
    let text = String::from_utf8(unsigned.body).unwrap();
    let cut = text.find("x-amz-trailer-signature").unwrap();
    unsigned.body = format!("{}\r\n", &text[..cut]).into_bytes();
    assert_eq!(code(root.send(&unsigned)), "SignatureDoesNotMatch");
}

#[test]
fn an_upload_in_parts_is_begun_completed_or_given_up() {
    let own = "arn:aws:s3:::files/own/*";
    let mut guest = Client::guest(&json!([
        allows("s3:PutObject", own),
        { "Effect": "Deny", "Action": "s3:AbortMultipartUpload", "Resource": "*" },
    ]));
    let begun = guest.call(&Call::new("POST", "/files/own/a?uploads").body("")).unwrap();
    assert!(text(&begun).contains("<UploadId>upload</UploadId>"), "{}", text(&begun));
    let others = Call::new("POST", "/files/others/a?uploads").body("");
    assert_eq!(code(guest.call(&others)), "AccessDenied");
    let complete = |numbers: &[&str]| {
        let parts = numbers
            .iter()
            .map(|n| format!("<Part><PartNumber>{n}</PartNumber><ETag>\"e\"</ETag></Part>"));
        let body = format!(
            "<CompleteMultipartUpload>{}</CompleteMultipartUpload>",
            parts.collect::<String>()
        );
        Call::new("POST", "/files/own/a?uploadId=upload").body(body).with(CRC32, "DUoRhQ==")
    };
    assert_eq!(code(guest.call(&complete(&["2", "1"]))), "InvalidPartOrder");
    assert_eq!(code(guest.call(&complete(&["1", "1"]))), "InvalidPartOrder");
    assert_eq!(code(guest.call(&complete(&[]))), "MalformedXML");
    assert_eq!(code(guest.call(&complete(&["x"]))), "MalformedXML");
    let conditional = complete(&["1"]).with("if-none-match", "*");
    assert_eq!(code(guest.call(&conditional)), "NotImplemented");
    let done = guest.call(&complete(&["1", "2"])).unwrap();
    assert!(text(&done).contains("<ETag>&quot;e1&quot;</ETag>"), "{}", text(&done));
    let abort = Call::new("DELETE", "/files/own/a?uploadId=upload");
    assert_eq!(code(guest.call(&abort)), "AccessDenied");
    guest.allow(&allows("s3:AbortMultipartUpload", own));
    assert_eq!(guest.call(&abort).unwrap().status, 204);
    let long = Call::new("POST", "/files/own/a?uploadId=u").body(vec![b' '; (4 << 20) + 1]);
    assert_eq!(code(guest.call(&long)), "MaxMessageLengthExceeded");
}
