//! What a deployment is configured with, the same at each of its places.

use alloc::string::{String, ToString};
use core::fmt;

use crate::{crypto::RootKey, limit::RateLimits, place::Shards};

/// The configuration of a deployment.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// The AWS account id that ARNs show.
    pub account_id: String,
    /// Local development: the documented credentials are taken, on local hosts only, and what is
    /// sent lands in the outbox.
    pub is_development: bool,
    /// Where identities get credentials of their roles.
    pub credentials: CredentialsSource,
    /// What the issuer of tokens looks like.
    pub issuer: IssuerForm,
    /// The URL under which the service is known, without a trailing slash. Without one, the origin
    /// that a call came to is taken.
    pub public_url: Option<String>,
    /// How many calls a second are answered before anybody sets a limit.
    pub rate_limits: RateLimits,
    /// The administrator's credentials.
    pub root_credentials: Option<RootCredentials>,
    /// From this key every key at rest is derived.
    pub root_key: Option<RootKey>,
    /// Over how many places a new pool is spread that does not say so itself.
    pub shards: Shards,
}

impl Default for Deployment {
    fn default() -> Self {
        Self {
            account_id: "123456789012".to_string(),
            credentials: CredentialsSource::default(),
            is_development: false,
            issuer: IssuerForm::default(),
            public_url: None,
            rate_limits: RateLimits::default(),
            root_credentials: None,
            root_key: None,
            shards: Shards::default(),
        }
    }
}

/// Who gives credentials for the roles of identity pools.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CredentialsSource {
    /// We do, and know them again.
    #[default]
    Own,
    /// Another STS, to which our OpenID token is brought; without a URL, AWS's of the pool's region.
    Sts {
        /// The endpoint, if it is another than AWS's.
        url: Option<String>,
    },
}

impl CredentialsSource {
    /// Where the other STS is, for a pool of that region.
    pub(crate) fn endpoint(&self, region: &str) -> Option<String> {
        match self {
            Self::Own => None,
            Self::Sts { url: Some(url) } => Some(url.clone()),
            Self::Sts { url: None } => Some(alloc::format!("https://sts.{region}.amazonaws.com/")),
        }
    }
}

/// The two forms of `iss`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IssuerForm {
    /// `https://cognito-idp.{region}.amazonaws.com/{poolId}`, for verifiers that insist on it.
    Aws,
    /// The deployment's own URL, then `/{poolId}`.
    #[default]
    Own,
}

/// An access key as AWS SDKs are configured with it.
#[derive(Clone, PartialEq, Eq)]
pub struct RootCredentials {
    /// The key's id, which is public.
    pub access_key_id: String,
    /// The key itself.
    pub secret_access_key: String,
}

impl RootCredentials {
    /// The documented credentials of local development. They are refused on any host that is not
    /// local, whatever the configuration says.
    #[must_use]
    pub fn development() -> Self {
        Self {
            access_key_id: "AKIACOGNATEDEVELOP01".to_string(),
            secret_access_key: "cognate/development/secret/access/key000".to_string(),
        }
    }
}

impl fmt::Debug for RootCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RootCredentials({})", self.access_key_id)
    }
}

/// Whether an origin (`http://localhost:8787`) names this very machine.
#[must_use]
pub fn is_local(origin: &str) -> bool {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(""),
        None => host.split(':').next().unwrap_or(""),
    };
    matches!(host, "localhost" | "::1")
        || host.ends_with(".localhost")
        || host.parse::<core::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

impl Deployment {
    /// The issuer of a pool's tokens, for a call that came to `origin`.
    #[must_use]
    pub fn issuer(&self, origin: &str, region: &str, pool_id: &str) -> String {
        match self.issuer {
            IssuerForm::Aws => {
                alloc::format!("https://cognito-idp.{region}.amazonaws.com/{pool_id}")
            }
            IssuerForm::Own => {
                let url = self.public_url.as_deref().unwrap_or(origin);
                alloc::format!("{url}/{pool_id}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_local() {
        for origin in
            ["http://localhost:8787", "http://127.0.0.1", "http://[::1]:80", "https://a.localhost"]
        {
            assert!(is_local(origin), "{origin}");
        }
        for origin in ["https://id.example.com", "http://localhost.evil.com", "http://10.0.0.1", ""]
        {
            assert!(!is_local(origin), "{origin}");
        }
    }
}
