//! What the browser says of a ceremony (`CollectedClientData`, §5.8.1).

use alloc::{string::String, vec::Vec};

use serde::Deserialize;

use super::{Fault, bytes};
use crate::crypto::sha256;

/// What kind of ceremony it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ceremony {
    Create,
    Get,
}

impl Ceremony {
    const fn wire(self) -> &'static str {
        match self {
            Self::Create => "webauthn.create",
            Self::Get => "webauthn.get",
        }
    }
}

/// What the browser says, and the hash of how it said it.
#[derive(Debug)]
pub(super) struct ClientData {
    pub(super) challenge: Vec<u8>,
    pub(super) hash: [u8; 32],
    origin: String,
    is_framed: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: Option<bool>,
    #[serde(default)]
    top_origin: Option<String>,
}

impl ClientData {
    /// Reads `clientDataJSON`, in base64url, of that ceremony.
    pub(super) fn read(text: &str, ceremony: Ceremony) -> Result<Self, Fault> {
        let json = bytes(text).ok_or(Fault::Malformed)?;
        let members: Members = serde_json::from_slice(&json).map_err(|_| Fault::Malformed)?;
        if members.kind != ceremony.wire() {
            return Err(Fault::Malformed);
        }
        Ok(Self {
            challenge: bytes(&members.challenge).ok_or(Fault::Malformed)?,
            hash: sha256(&[&json]),
            origin: members.origin,
            is_framed: members.cross_origin == Some(true) || members.top_origin.is_some(),
        })
    }

    /// Whether the page was one of the relying party's.
    pub(super) fn check_origin(&self, relying_party: &str) -> Result<(), Fault> {
        if !self.is_framed && is_of(&self.origin, relying_party) {
            Ok(())
        } else {
            Err(Fault::Origin)
        }
    }
}

/// Whether an origin is of a domain or below it, at whatever port; only this very machine does
/// without TLS.
fn is_of(origin: &str, domain: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else { return false };
    let host = match authority.split_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        Some(_) => return false,
        None => authority,
    };
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    if !host.bytes().all(is_letter) {
        return false;
    }
    let is_below = |domain: &str| {
        let labels = host.strip_suffix(domain).and_then(|rest| rest.strip_suffix('.'));
        host == domain || labels.is_some_and(|labels| !labels.is_empty())
    };
    match scheme {
        "https" => is_below(domain),
        "http" => is_below("localhost") && is_below(domain),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_of_its_domain_and_of_those_above() {
        for origin in [
            "https://example.org",
            "https://example.org:8443",
            "https://id.example.org",
            "https://a.b.example.org:1",
        ] {
            assert!(is_of(origin, "example.org"), "{origin}");
        }
        assert!(is_of("http://localhost:8787", "localhost"));
        assert!(is_of("http://app.localhost", "localhost"));
        assert!(is_of("https://localhost", "localhost"));
    }

    #[test]
    fn no_other_origin_is() {
        for origin in [
            "http://example.org",
            "https://example.org.evil.com",
            "https://evilexample.org",
            "https://.example.org",
            "https://example.com",
            "https://org",
            "https://example.org/",
            "https://example.org:",
            "https://example.org:port",
            "https://example.org:99999",
            "https://evil.com:443@example.org",
            "https://evil.com/.example.org",
            "https://evil.com@.example.org",
            "wss://example.org",
            "example.org",
            "null",
            "",
        ] {
            assert!(!is_of(origin, "example.org"), "{origin}");
        }
        assert!(!is_of("http://localhost.example.org", "example.org"));
        assert!(!is_of("http://localhost", "example.org"));
    }
}
