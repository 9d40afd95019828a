//! How is a URL made that whoever has it may use for a while? Signed in its query, as S3's are.

use alloc::{format, string::String, vec::Vec};

use super::{
    ALGORITHM, Signed, Stated, UNSIGNED_PAYLOAD, canonical, clock, presigned::SIGNATURE,
    scope::Scope, text_to_sign,
};
use crate::crypto::{hex, hmac_sha256, sha256};

/// What a presigned URL allows.
pub(crate) struct Presigned<'a> {
    pub(crate) method: &'a str,
    /// Scheme, host and port.
    pub(crate) origin: &'a str,
    pub(crate) path: &'a str,
    /// Headers that must come with it besides `host`, in alphabetical order and after `host`.
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) region: &'a str,
    pub(crate) expires_s: u64,
}

impl Presigned<'_> {
    /// The URL, good from `now_ms` on.
    pub(crate) fn url(&self, (id, secret): (&str, &str), now_ms: u64) -> String {
        let now_s = i64::try_from(now_ms / 1000).unwrap_or(0);
        let date = clock::basic(now_s);
        let scope = Scope::new((id, &date), self.region, "s3");
        let host = self.origin.split_once("://").map_or(self.origin, |(_, host)| host);
        let headers: Vec<(String, String)> = [("host", host)]
            .iter()
            .chain(self.headers)
            .map(|(name, value)| (String::from(*name), String::from(*value)))
            .collect();
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let query = format!(
            "X-Amz-Algorithm={ALGORITHM}&X-Amz-Credential={id}%2F{}&X-Amz-Date={date}\
             &X-Amz-Expires={}&X-Amz-SignedHeaders={}",
            scope.without_key().replace('/', "%2F"),
            self.expires_s,
            names.join("%3B"),
        );
        let request = Signed {
            method: self.method,
            path: self.path,
            query: &query,
            headers: &headers,
            body: &[],
        };
        let stated = Stated {
            algorithm: ALGORITHM.into(),
            credential: "".into(),
            date: date.as_str().into(),
            expires_s: Some(self.expires_s),
            is_presigned: true,
            session_token: None,
            signature: "".into(),
            signed_headers: names.join(";").into(),
        };
        let canonical = canonical::request(&request, &stated, "s3", UNSIGNED_PAYLOAD);
        let text = text_to_sign(&date, &scope.without_key(), &sha256(&[canonical.as_bytes()]));
        let signature = hex(&hmac_sha256(&scope.signing_key(secret), &[text.as_bytes()]));
        format!("{}{}?{query}&{SIGNATURE}={signature}", self.origin, self.path)
    }
}
