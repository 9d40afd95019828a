//! For which day, region and service was a request signed, and with which key?

use alloc::{
    format,
    string::{String, ToString},
};

use super::{incomplete, invalid};
use crate::{crypto::hmac_sha256, error::Error};

const TERMINATOR: &str = "aws4_request";

/// The parts of a credential: `{access key id}/{yyyymmdd}/{region}/{service}/aws4_request`.
pub(crate) struct Scope {
    pub(crate) access_key_id: String,
    /// `yyyymmdd`
    pub(crate) date: String,
    pub(crate) region: String,
    pub(crate) service: String,
}

impl Scope {
    /// The scope of what a key signs at that time.
    pub(super) fn new(
        (access_key_id, signed_at): (&str, &str),
        region: &str,
        service: &str,
    ) -> Self {
        Self {
            access_key_id: access_key_id.to_string(),
            date: signed_at.get(..8).unwrap_or_default().to_string(),
            region: region.to_string(),
            service: service.to_string(),
        }
    }

    /// The scope of a credential, if it is that of a request to `service` signed at that time.
    pub(super) fn parse(credential: &str, service: &str, signed_at: &str) -> Result<Self, Error> {
        let mut parts = credential.split('/');
        let five = [(); 5].map(|()| parts.next());
        let ([Some(access_key_id), Some(date), Some(region), Some(named), Some(terminator)], None) =
            (five, parts.next())
        else {
            return Err(incomplete(format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. \
                 keyid/date/region/service/term, got '{credential}'"
            )));
        };
        let day = signed_at.get(..8).unwrap_or_default();
        let faults = [
            (!is_region(region))
                .then(|| "Credential should be scoped to a valid region.".to_string()),
            (named != service)
                .then(|| format!("Credential should be scoped to correct service: '{service}'.")),
            (terminator != TERMINATOR).then(|| {
                format!(
                    "Credential should be scoped with a valid terminator: '{TERMINATOR}', not \
                     '{terminator}'."
                )
            }),
            (date != day).then(|| {
                format!(
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of \
                     date from HTTP: '{date}' != '{day}', from '{signed_at}'."
                )
            }),
        ];
        let faults = faults.into_iter().flatten().reduce(|all, fault| all + " " + &fault);
        match faults {
            Some(faults) => Err(invalid(faults)),
            None => Ok(Self {
                access_key_id: access_key_id.to_string(),
                date: date.to_string(),
                region: region.to_string(),
                service: named.to_string(),
            }),
        }
    }

    /// `{yyyymmdd}/{region}/{service}/aws4_request`
    pub(super) fn without_key(&self) -> String {
        format!("{}/{}/{}/{TERMINATOR}", self.date, self.region, self.service)
    }

    /// The key that signs within this scope.
    pub(crate) fn signing_key(&self, secret: &str) -> [u8; 32] {
        let date = hmac_sha256(format!("AWS4{secret}").as_bytes(), &[self.date.as_bytes()]);
        let region = hmac_sha256(&date, &[self.region.as_bytes()]);
        let service = hmac_sha256(&region, &[self.service.as_bytes()]);
        hmac_sha256(&service, &[TERMINATOR.as_bytes()])
    }
}

/// Any region will do, as long as identifiers that begin with it stay well-formed.
fn is_region(region: &str) -> bool {
    let is_known = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-');
    (1..=32).contains(&region.len()) && region.bytes().all(is_known)
}
