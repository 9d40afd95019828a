//! What is kept beside an object: headers of content, and whatever the owner says.

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use super::{asked::Asked, fault, fault::Fault, reply::Reply};

/// Metadata, in R2's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Metadata {
    /// Headers of content by R2's names: `contentType`, and so on.
    pub http: BTreeMap<String, String>,
    /// What `expires` says, in milliseconds since 1970.
    pub cache_expiry_ms: Option<u64>,
    /// `x-amz-meta-{name}` by name.
    pub custom: BTreeMap<String, String>,
    /// `Standard` or `InfrequentAccess`.
    pub storage_class: Option<String>,
}

/// Headers of content, R2's names for them, and the parameters that replace them in an answer.
const HEADERS: [(&str, &str, &str); 5] = [
    ("cache-control", "cacheControl", "response-cache-control"),
    ("content-disposition", "contentDisposition", "response-content-disposition"),
    ("content-encoding", "contentEncoding", "response-content-encoding"),
    ("content-language", "contentLanguage", "response-content-language"),
    ("content-type", "contentType", CONTENT_TYPE_REPLACED),
];
const CONTENT_TYPE_REPLACED: &str = "response-content-type";
const EXPIRES_REPLACED: &str = "response-expires";

/// What S3 calls content of which nothing is said.
const CONTENT_TYPE: &str = "binary/octet-stream";
const PREFIX: &str = "x-amz-meta-";
/// S3's bound of all names and values together.
const CUSTOM_BYTES_MAX: usize = 2048;

/// What would change how an object is kept, and is not done here. A value that asks for nothing is
/// taken.
const REFUSED: [(&str, &[&str]); 12] = [
    ("x-amz-acl", &["private", "bucket-owner-full-control"]),
    ("x-amz-grant-full-control", &[]),
    ("x-amz-grant-read", &[]),
    ("x-amz-grant-read-acp", &[]),
    ("x-amz-grant-write-acp", &[]),
    ("x-amz-object-lock-legal-hold", &["OFF"]),
    ("x-amz-object-lock-mode", &[]),
    // R2 encrypts all that it keeps, with AES-256.
    ("x-amz-server-side-encryption", &["AES256"]),
    ("x-amz-server-side-encryption-customer-algorithm", &[]),
    ("x-amz-tagging", &[""]),
    ("x-amz-website-redirect-location", &[]),
    ("x-amz-write-offset-bytes", &[]),
];

impl Metadata {
    /// What a request says of the object that it writes.
    pub(super) fn of(asked: &Asked) -> Result<Self, Fault> {
        let mut metadata = Self::default();
        for (name, known, _) in HEADERS {
            let value = asked.header(name).map(|value| match name {
                "content-encoding" => without_chunks(value),
                _ => value.to_string(),
            });
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                metadata.http.insert(known.to_string(), value);
            }
        }
        metadata.http.entry("contentType".into()).or_insert_with(|| CONTENT_TYPE.into());
        metadata.cache_expiry_ms = asked.header("expires").and_then(milliseconds);
        for (name, value) in asked.given() {
            if let Some((_, taken)) = REFUSED.iter().find(|(refused, _)| *refused == name)
                && !taken.contains(&value)
            {
                return Err(Fault::not_implemented(name));
            }
            if let Some(name) = name.strip_prefix(PREFIX) {
                metadata.custom.insert(name.to_string(), value.to_string());
            }
        }
        let bytes: usize =
            metadata.custom.iter().map(|(name, value)| name.len() + value.len()).sum();
        if bytes > CUSTOM_BYTES_MAX {
            return Err(fault::metadata_too_large());
        }
        metadata.storage_class = storage_class(asked)?;
        Ok(metadata)
    }

    /// Adds it to an answer, with what the request wants otherwise.
    pub(super) fn add_to(&self, mut reply: Reply, replaced: &[(String, String)]) -> Reply {
        let instead = |parameter: &str| {
            let found = replaced.iter().find(|(name, _)| name == parameter);
            found.map(|(_, value)| value.as_str())
        };
        for (name, known, parameter) in HEADERS {
            let value = instead(parameter).or_else(|| self.http.get(known).map(String::as_str));
            let default = (name == "content-type").then_some(CONTENT_TYPE);
            reply = reply.with_some(name, value.or(default).map(field));
        }
        let expires = self.cache_expiry_ms.map(http_date);
        reply = reply.with_some("expires", instead(EXPIRES_REPLACED).map(field).or(expires));
        if self.storage_class.as_deref() == Some("InfrequentAccess") {
            reply = reply.with("x-amz-storage-class", "STANDARD_IA");
        }
        let (told, untold): (Vec<_>, Vec<_>) =
            self.custom.iter().partition(|(name, _)| is_token(name));
        for (name, value) in told {
            reply = reply.with(&format!("{PREFIX}{}", name.to_ascii_lowercase()), field(value));
        }
        match untold.len() {
            0 => reply,
            missing => reply.with("x-amz-missing-meta", missing.to_string()),
        }
    }
}

/// What a request wants the headers of the answer to be.
pub(super) fn replaced(asked: &Asked) -> Vec<(String, String)> {
    let names = HEADERS.map(|(.., parameter)| parameter);
    let names = names.into_iter().chain([EXPIRES_REPLACED]);
    names.filter_map(|name| Some((name.to_string(), asked.parameter(name)?.to_string()))).collect()
}

/// A moment as HTTP writes it (RFC 9110 §5.6.7).
pub(super) fn http_date(ms: u64) -> String {
    const FORM: &[time::format_description::BorrowedFormatItem<'_>] = time::macros::format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    let date =
        i64::try_from(ms / 1000).ok().and_then(|s| OffsetDateTime::from_unix_timestamp(s).ok());
    date.and_then(|date| date.format(FORM).ok()).unwrap_or_default()
}

fn milliseconds(date: &str) -> Option<u64> {
    let date = OffsetDateTime::parse(date, &Rfc2822).ok()?;
    u64::try_from(date.unix_timestamp()).ok()?.checked_mul(1000)
}

/// How a body came is not how the object is encoded.
fn without_chunks(value: &str) -> String {
    let codings = value.split(',').map(str::trim);
    let kept: Vec<&str> = codings.filter(|coding| *coding != "aws-chunked").collect();
    kept.join(",")
}

fn storage_class(asked: &Asked) -> Result<Option<String>, Fault> {
    match asked.said("x-amz-storage-class") {
        None | Some("STANDARD") => Ok(None),
        Some("STANDARD_IA") => Ok(Some("InfrequentAccess".into())),
        Some(_) => {
            let message = "The storage class you specified is not valid";
            Err(Fault::new(400, "InvalidStorageClass", message))
        }
    }
}

/// A value that a header can hold; others are written as mail has them (RFC 2047), as S3 does.
fn field(value: &str) -> String {
    match value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        true => value.to_string(),
        false => format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode(value)),
    }
}

/// Whether a header can have that name.
fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}
