//! How is a request signed that goes to AWS? As SDKs sign: in its headers.

use alloc::{format, string::String, vec::Vec};

use super::{ALGORITHM, Signed, Stated, canonical, clock, scope::Scope, text_to_sign};
use crate::{
    crypto::{hex, hmac_sha256, sha256},
    http::Request,
};

/// Who signs, and for what.
pub struct Signer<'a> {
    /// The id of the key.
    pub access_key_id: &'a str,
    /// The key.
    pub secret_access_key: &'a str,
    /// Where the service is.
    pub region: &'a str,
    /// The name of the service in scopes, such as `ses`.
    pub service: &'a str,
}

// The key opens whatever its holder may do.
impl core::fmt::Debug for Signer<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Signer({}, {}, {})", self.access_key_id, self.region, self.service)
    }
}

impl Signer<'_> {
    /// Signs method, path, query, body and all headers of a request, one of which must be `host`;
    /// gives the headers to add. `now_ms` counts from 1970.
    #[must_use]
    pub fn sign(&self, request: &Request, now_ms: u64) -> [(&'static str, String); 2] {
        let date = clock::basic(i64::try_from(now_ms / 1000).unwrap_or(0));
        let mut headers = request.headers.clone();
        headers.push(("x-amz-date".into(), date.clone()));
        headers.sort();
        let scope = Scope::new((self.access_key_id, &date), self.region, self.service);
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let names = names.join(";");
        let stated = Stated {
            algorithm: ALGORITHM.into(),
            credential: "".into(),
            date: date.as_str().into(),
            expires_s: None,
            is_presigned: false,
            session_token: None,
            signature: "".into(),
            signed_headers: names.as_str().into(),
        };
        let signed = Signed { headers: &headers, ..Signed::from(request) };
        let payload = hex(&sha256(&[&request.body]));
        let canonical = canonical::request(&signed, &stated, self.service, &payload);
        let text = text_to_sign(&date, &scope.without_key(), &sha256(&[canonical.as_bytes()]));
        let key = scope.signing_key(self.secret_access_key);
        let signature = hex(&hmac_sha256(&key, &[text.as_bytes()]));
        let value: String = format!(
            "{ALGORITHM} Credential={}/{}, SignedHeaders={names}, Signature={signature}",
            self.access_key_id,
            scope.without_key()
        );
        [("x-amz-date", date), ("authorization", value)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_signed_as_the_published_example_is() {
        // `get-vanilla-query-order-key-case` of AWS's Signature Version 4 test suite.
        let request = Request {
            method: "GET".into(),
            path: "/".into(),
            query: "Param2=value2&Param1=value1".into(),
            headers: alloc::vec![("host".into(), "example.amazonaws.com".into())],
            ..Request::default()
        };
        let signer = Signer {
            access_key_id: "AKIDEXAMPLE",
            secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            region: "us-east-1",
            service: "service",
        };
        // 2015-08-30T12:36:00Z
        let [date, authorization] = signer.sign(&request, 1_440_938_160_000);
        assert_eq!(date, ("x-amz-date", "20150830T123600Z".into()));
        assert_eq!(
            authorization.1,
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
                 SignedHeaders=host;x-amz-date, \
                 Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
        );
    }
}
