//! Which bucket and which object is a request about?
//!
//! `/{bucket}/{key}`, or `/{key}` at the bucket's own host. The key is what the path says once it
//! is decoded, no more and no less: dots, slashes and forms of letters count. It is what was signed,
//! what policies see, and what the bucket is asked for.

use alloc::string::{String, ToString};

use percent_encoding::percent_decode_str;

use super::{Buckets, fault::Fault, xml};
use crate::http::Request;

/// What a path names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) bucket: Option<String>,
    pub(super) key: Option<String>,
}

/// S3's bound, and R2's.
const KEY_BYTES_MAX: usize = 1024;

/// Whether a request came to a host where nothing but objects is.
pub(super) fn is_own_host(request: &Request, buckets: &Buckets) -> bool {
    let host = host(request);
    buckets.host.as_deref().is_some_and(|own| own == host || bucket_at(host, own).is_some())
}

pub(super) fn read(request: &Request, buckets: &Buckets) -> Result<Address, Fault> {
    let path = request.path.strip_prefix('/').ok_or_else(Fault::invalid_uri)?;
    let bases = [buckets.host.as_deref(), Some("localhost")];
    let of_host = bases.into_iter().flatten().find_map(|base| bucket_at(host(request), base));
    let (bucket, key) = match of_host {
        Some(bucket) => (bucket.to_string(), path),
        None => {
            let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
            (decode(bucket)?, key)
        }
    };
    let key = decode(key)?;
    check(&key)?;
    let is_set = |text: &String| !text.is_empty();
    Ok(Address { bucket: Some(bucket).filter(is_set), key: Some(key).filter(is_set) })
}

/// The bucket and the key that `x-amz-copy-source` names: `/{bucket}/{key}`, encoded.
pub(super) fn source(header: &str) -> Result<(String, String), Fault> {
    let (path, query) = header.split_once('?').unwrap_or((header, ""));
    if !matches!(query, "" | "versionId=null") {
        return Err(Fault::not_implemented("x-amz-copy-source"));
    }
    let invalid = || {
        Fault::invalid_argument(
            "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
        )
    };
    let path = decode(path)?;
    let path = path.strip_prefix('/').unwrap_or(&path);
    let (bucket, key) = path.split_once('/').ok_or_else(invalid)?;
    if bucket.is_empty() || key.is_empty() {
        return Err(invalid());
    }
    check(key)?;
    Ok((bucket.to_string(), key.to_string()))
}

/// Refuses keys that no object has, and those of which what stands between here and the caller may
/// make others.
pub(super) fn check(key: &str) -> Result<(), Fault> {
    if key.len() > KEY_BYTES_MAX {
        let fault = Fault::new(400, "KeyTooLongError", "Your key is too long");
        return Err(fault.telling("MaxSizeAllowed", KEY_BYTES_MAX.to_string()));
    }
    let is_relative = key.split('/').any(|segment| matches!(segment, "." | ".."));
    match is_relative || !key.chars().all(xml::is_xml) {
        true => Err(Fault::invalid_uri()),
        false => Ok(()),
    }
}

fn decode(text: &str) -> Result<String, Fault> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(|text| text.into_owned()).map_err(|_| Fault::invalid_uri())
}

/// The host's name, without its port.
fn host(request: &Request) -> &str {
    let host = request.origin.split_once("://").map_or("", |(_, host)| host);
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

fn bucket_at<'a>(host: &'a str, base: &str) -> Option<&'a str> {
    host.strip_suffix(base)?.strip_suffix('.').filter(|bucket| !bucket.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(origin: &str, path: &str) -> Result<Address, Fault> {
        let buckets = Buckets { host: Some("s3.example.com".into()), ..Buckets::default() };
        let request = Request { origin: origin.into(), path: path.into(), ..Request::default() };
        read(&request, &buckets)
    }

    fn address(bucket: &str, key: &str) -> Address {
        let some = |text: &str| Some(text.to_string()).filter(|text| !text.is_empty());
        Address { bucket: some(bucket), key: some(key) }
    }

    #[test]
    fn the_path_names_bucket_and_key_or_the_host_does() {
        let path_style = "https://id.example.com";
        for (origin, path, bucket, key) in [
            (path_style, "/", "", ""),
            (path_style, "/photos", "photos", ""),
            (path_style, "/photos/", "photos", ""),
            (path_style, "/photos/a/b.png", "photos", "a/b.png"),
            ("https://s3.example.com", "/photos/a", "photos", "a"),
            ("https://photos.s3.example.com", "/a/b", "photos", "a/b"),
            ("https://photos.s3.example.com:8443", "/", "photos", ""),
            ("http://photos.localhost:8787", "/a", "photos", "a"),
            ("http://localhost:8787", "/photos/a", "photos", "a"),
            ("https://evils3.example.com", "/photos/a", "photos", "a"),
        ] {
            assert_eq!(at(origin, path), Ok(address(bucket, key)), "{origin}{path}");
        }
    }

    #[test]
    fn the_key_is_what_the_path_says_once_it_is_decoded() {
        for (path, key) in [
            ("/b/a%2Fb", "a/b"),
            ("/b/a//b", "a//b"),
            ("/b//a", "/a"),
            ("/b/a%252Fb", "a%2Fb"),
            ("/b/a+b%20c", "a+b c"),
            ("/b/%C3%A9", "\u{e9}"),
            ("/b/e%CC%81", "e\u{301}"),
            ("/b/a*?", "a*?"),
            ("/b/..a/b../.c", "..a/b../.c"),
        ] {
            assert_eq!(at("http://localhost", path), Ok(address("b", key)), "{path}");
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_no_key() {
        for path in [
            "/b/..",
            "/b/../c",
            "/b/a/../c",
            "/b/a/..",
            "/b/%2e%2e/c",
            "/b/a%2F..%2Fc",
            "/b/./a",
            "/b/a/%2E",
            "/b/a%00",
            "/b/a%01b",
            "/b/%FF",
            "/b/%C0%AF",
            "/b/a%EF%BF%BF",
        ] {
            assert_eq!(at("http://localhost", path), Err(Fault::invalid_uri()), "{path}");
        }
        let long = alloc::format!("/b/{}", "a".repeat(KEY_BYTES_MAX + 1));
        assert_eq!(at("http://localhost", &long).unwrap_err().code, "KeyTooLongError");
    }

    #[test]
    fn a_source_is_read_as_a_path_is() {
        let both = |bucket: &str, key: &str| Ok((bucket.to_string(), key.to_string()));
        assert_eq!(source("/b/a%20b/c"), both("b", "a b/c"));
        assert_eq!(source("b%2Fa+b"), both("b", "a+b"));
        assert_eq!(source("b/a?versionId=null"), both("b", "a"));
        assert_eq!(source("b/a?versionId=1").unwrap_err().code, "NotImplemented");
        assert_eq!(source("b/../c").unwrap_err().code, "InvalidURI");
        for header in ["", "b", "/b", "b/", "/"] {
            assert_eq!(source(header).unwrap_err().code, "InvalidArgument", "{header}");
        }
    }
}
