//! What exactly is signed? The canonical request: one text for every way to send the same thing.

use alloc::{
    borrow::Cow,
    string::{String, ToString},
    vec::Vec,
};

use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_decode_str, percent_encode,
};

use super::{Signed, Stated, invalid, mismatch, presigned};
use crate::error::Error;

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// The text whose hash is signed; `payload` is what it says of the body.
pub(super) fn request(
    request: &Signed<'_>,
    stated: &Stated<'_>,
    service: &str,
    payload: &str,
) -> String {
    let mut text = String::with_capacity(1024);
    let path = path(request.path, service);
    let query = query(request.query, stated.is_presigned);
    for line in [request.method, &path, &query] {
        text.push_str(line);
        text.push('\n');
    }
    for name in stated.signed_headers.split(';') {
        text.push_str(name);
        text.push(':');
        push_values(&mut text, request, name);
        text.push('\n');
    }
    for line in ["\n", &stated.signed_headers, "\n", payload] {
        text.push_str(line);
    }
    text
}

/// Refuses a signature that would be good on any host.
pub(super) fn check_host(signed_headers: &str) -> Result<(), Error> {
    match signed_headers.split(';').any(|name| name.eq_ignore_ascii_case("host")) {
        true => Ok(()),
        false => Err(invalid(
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
        )),
    }
}

/// Refuses headers that are signed and not there, and such of AWS that are there and not signed.
pub(super) fn check_headers(request: &Signed<'_>, signed_headers: &str) -> Result<(), Error> {
    let names: Vec<&str> = signed_headers.split(';').collect();
    let is_there = |name: &&str| request.headers.iter().any(|(n, _)| n == name);
    // The canonical request has them in order and once: a list in disorder can't have been signed.
    if !names.is_sorted_by(|a, b| a < b) || !names.iter().all(is_there) {
        return Err(mismatch());
    }
    request.header("host")?;
    for (name, _) in request.headers {
        if name.starts_with("x-amz-") && names.binary_search(&name.as_str()).is_err() {
            return Err(invalid(alloc::format!(
                "'{name}' must be a 'SignedHeader' in the AWS Authorization."
            )));
        }
    }
    Ok(())
}

/// The parameters of a query, decoded.
pub(super) fn pairs(query: &str) -> impl Iterator<Item = (Cow<'_, [u8]>, Cow<'_, [u8]>)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

/// Bytes in lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// S3's paths are names of objects, in which dots and slashes count; other services normalise the
/// path and encode once more what is encoded already.
fn path(path: &str, service: &str) -> String {
    if service == "s3" {
        let decoded: Cow<'_, [u8]> = percent_decode_str(path).into();
        return percent_encode(&decoded, RESERVED_IN_PATH).to_string();
    }
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => _ = segments.pop(),
            _ => segments.push(segment),
        }
    }
    let mut text = String::from("/");
    text.extend(percent_encode(segments.join("/").as_bytes(), RESERVED_IN_PATH));
    if path.ends_with('/') && !segments.is_empty() {
        text.push('/');
    }
    text
}

fn query(query: &str, is_presigned: bool) -> String {
    let pairs = pairs(query)
        .filter(|(name, _)| !(is_presigned && **name == *presigned::SIGNATURE.as_bytes()));
    let encode = |bytes: &[u8]| percent_encode(bytes, RESERVED).to_string();
    let mut pairs: Vec<_> = pairs.map(|(name, value)| (encode(&name), encode(&value))).collect();
    pairs.sort_unstable();
    let mut text = String::new();
    for (name, value) in &pairs {
        for part in [if text.is_empty() { "" } else { "&" }, name, "=", value] {
            text.push_str(part);
        }
    }
    text
}

/// In a query, as forms have it, a plus stands for a blank.
fn decode(text: &str) -> Cow<'_, [u8]> {
    match text.contains('+') {
        true => Cow::Owned(percent_decode(text.replace('+', " ").as_bytes()).collect()),
        false => percent_decode_str(text).into(),
    }
}

/// All values of a header, blanks folded, commas between.
fn push_values(text: &mut String, request: &Signed<'_>, name: &str) {
    let values = request.headers.iter().filter(|(n, _)| n == name);
    for (i, (_, value)) in values.enumerate() {
        if i > 0 {
            text.push(',');
        }
        for (i, word) in value.split_ascii_whitespace().enumerate() {
            if i > 0 {
                text.push(' ');
            }
            text.push_str(word);
        }
    }
}
