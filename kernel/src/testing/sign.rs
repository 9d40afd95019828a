//! Signs requests as SDKs do (SigV4), for tests.

use alloc::{format, string::String};

use time::{OffsetDateTime, macros::format_description};

use crate::{
    Request, RootCredentials,
    crypto::{hex, hmac_sha256, sha256},
};

pub(super) fn sign(
    request: &mut Request,
    key: &RootCredentials,
    (service, region): (&str, &str),
    now_ms: u64,
) {
    let seconds = i64::try_from(now_ms / 1000).unwrap_or_default();
    let now = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let form = format_description!("[year][month][day]T[hour][minute][second]Z");
    let date = now.format(&form).unwrap_or_default();
    let day = date.get(..8).unwrap_or_default();
    request.headers.push(("x-amz-date".into(), date.clone()));
    request.headers.sort();
    let names: alloc::vec::Vec<&str> = request.headers.iter().map(|(n, _)| n.as_str()).collect();
    let names = names.join(";");
    let headers: String =
        request.headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let declared = request.headers.iter().find(|(name, _)| name == "x-amz-content-sha256");
    let body =
        declared.map_or_else(|| hex(&sha256(&[&request.body])), |(_, declared)| declared.clone());
    let canonical = format!("{}\n{}\n\n{headers}\n{names}\n{body}", request.method, request.path);
    let scope = format!("{day}/{region}/{service}/aws4_request");
    let digest = hex(&sha256(&[canonical.as_bytes()]));
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{digest}");
    let secret = format!("AWS4{}", key.secret_access_key);
    let mut signing = hmac_sha256(secret.as_bytes(), &[day.as_bytes()]);
    for part in [region, service, "aws4_request", &to_sign] {
        signing = hmac_sha256(&signing, &[part.as_bytes()]);
    }
    let signature = hex(&signing);
    let id = &key.access_key_id;
    let value = format!(
        "AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}"
    );
    request.headers.push(("authorization".into(), value));
}
