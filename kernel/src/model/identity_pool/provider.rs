//! Who vouches for an identity? Providers, by the names that callers give them.

use alloc::{format, string::String};

use super::IdentityPool;
use crate::{PoolKey, deployment::Deployment, shape::Text};

pub(crate) const AMAZON: &str = "www.amazon.com";
pub(crate) const APPLE: &str = "appleid.apple.com";
pub(crate) const FACEBOOK: &str = "graph.facebook.com";
pub(crate) const GOOGLE: &str = "accounts.google.com";
/// The token of a developer's user names us as its provider.
pub(crate) const OURSELVES: &str = "cognito-identity.amazonaws.com";

pub(crate) const TWITTER: &str = "api.twitter.com";

/// The public providers that a pool can name an application of.
pub(crate) const PUBLIC: [&str; 6] = [GOOGLE, FACEBOOK, AMAZON, APPLE, TWITTER, "www.digits.com"];

/// A user pool as a provider: `cognito-idp.{region}.amazonaws.com/{pool id}`, or an issuer of our
/// own without its scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UserPoolName<'a> {
    pub(crate) host: &'a str,
    pub(crate) pool_id: &'a str,
    pub(crate) key: PoolKey,
}

impl<'a> UserPoolName<'a> {
    pub(crate) fn read(name: &'a str) -> Option<Self> {
        let (host, pool_id) = name.rsplit_once('/')?;
        let key = PoolKey::of_pool_id(pool_id)?;
        (!host.is_empty()).then_some(Self { host, pool_id, key })
    }

    /// Whether the name is of a pool of this deployment, called at `origin`.
    pub(crate) fn is_ours(&self, deployment: &Deployment, origin: &str) -> bool {
        let without_scheme =
            |url: &str| url.split_once("://").map_or(url, |(_, rest)| rest) == self.host;
        let is_aws = |host: &str| {
            let region = host
                .strip_prefix("cognito-idp.")
                .or_else(|| host.strip_prefix("issuer-cognito-idp."))
                .and_then(|rest| rest.strip_suffix(".amazonaws.com"));
            region.is_some_and(|region| self.pool_id.starts_with(&format!("{region}_")))
        };
        is_aws(self.host)
            || without_scheme(origin)
            || deployment.public_url.as_deref().is_some_and(without_scheme)
    }

    /// The one name under which all others are kept.
    pub(crate) fn canonical(&self) -> String {
        let region = self.pool_id.rsplit_once('_').map_or("", |(region, _)| region);
        format!("cognito-idp.{region}.amazonaws.com/{}", self.pool_id)
    }
}

/// The one name under which a provider is kept.
pub(crate) fn canonical(name: &str) -> String {
    UserPoolName::read(name).map_or_else(|| name.into(), |user_pool| user_pool.canonical())
}

impl IdentityPool {
    /// The ARN of the OpenID Connect provider of that name, if the pool takes its tokens.
    pub(crate) fn open_id_provider(&self, name: &str) -> Option<&str> {
        let arns = self.description.open_id_connect_provider_arns.iter().flatten();
        let mut arns = arns.map(Text::as_str);
        arns.find(|arn| arn.split_once(":oidc-provider/").is_some_and(|(_, of)| of == name))
    }

    /// Whether that is the ARN of a SAML provider that the pool names.
    pub(crate) fn takes_saml(&self, name: &str) -> bool {
        let mut arns = self.description.saml_provider_arns.iter().flatten();
        arns.any(|arn| arn.as_str() == name)
    }

    /// Whether that is the name under which a developer's own system vouches for users.
    pub(crate) fn is_developer(&self, name: &str) -> bool {
        let developer = self.description.developer_provider_name.as_ref();
        developer.is_some_and(|developer| developer.as_str() == name)
    }
}
