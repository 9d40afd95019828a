//! Secrets of applications at public providers, which AWS has in one text with their names:
//! `name;secret`. They are shown to whoever may see the pool, and kept sealed.

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
};

use super::IdentityPool;
use crate::{
    crypto::{Purpose, Sealed},
    cx::Cx,
    error::Error,
    shape::Text,
    shapes::{IdentityPoolDescription, IdentityProviderName},
};

/// Secrets of applications, by the provider that knows them.
pub(super) type Secrets = BTreeMap<String, Sealed>;

/// A configuration without its secrets, and those, sealed.
pub(super) fn sealed(
    cx: &Cx,
    mut description: IdentityPoolDescription,
) -> Result<(IdentityPoolDescription, Secrets), Error> {
    let mut secrets = Secrets::new();
    let pool_id = description.identity_pool_id.as_str().to_string();
    let providers = description.supported_login_providers.iter_mut();
    for (provider, application) in providers.flat_map(|providers| providers.iter_mut()) {
        let Some((name, secret)) = application.as_str().split_once(';') else { continue };
        let place = place_of_secret(&pool_id, provider);
        let sealed =
            cx.vault()?.seal(Purpose::ProviderSecret, &place, secret.as_bytes(), &cx.random)?;
        secrets.insert(provider.as_str().into(), sealed);
        *application = name.into();
    }
    Ok((description, secrets))
}

fn place_of_secret(pool_id: &str, provider: &IdentityProviderName) -> String {
    format!("{pool_id} {}", provider.as_str())
}

impl IdentityPool {
    /// Everything that `DescribeIdentityPool` shows.
    ///
    /// # Errors
    /// An internal one if a secret does not open.
    pub(crate) fn shown(&self, cx: &Cx) -> Result<IdentityPoolDescription, Error> {
        let mut description = self.description.clone();
        let providers = description.supported_login_providers.iter_mut();
        for (provider, application) in providers.flat_map(|providers| providers.iter_mut()) {
            *application = self.whole(cx, provider, application.as_str())?.into();
        }
        Ok(description)
    }

    /// The application at a public provider whose tokens the pool takes, with its secret if it has
    /// one.
    ///
    /// # Errors
    /// An internal one if the secret does not open.
    pub(crate) fn application(&self, cx: &Cx, name: &str) -> Result<Option<String>, Error> {
        let Some(providers) = &self.description.supported_login_providers else {
            return Ok(None);
        };
        let provider = name.into();
        let application = providers.get(&provider);
        application.map(|name| self.whole(cx, &provider, name.as_str())).transpose()
    }

    fn whole(
        &self,
        cx: &Cx,
        provider: &IdentityProviderName,
        application: &str,
    ) -> Result<String, Error> {
        let Some(sealed) = self.secrets.get(provider.as_str()) else {
            return Ok(application.to_string());
        };
        let place = place_of_secret(&self.id, provider);
        let secret = cx.vault()?.open(Purpose::ProviderSecret, &place, sealed)?;
        let secret = String::from_utf8(secret).map_err(|_| Error::bug("a secret is no text"))?;
        Ok(format!("{application};{secret}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn a_secret_of_an_application_is_shown_and_kept_sealed() {
        let world = World::new();
        let pool = |secret: &str| json!({ "api.twitter.com": secret, "graph.facebook.com": "7" });
        let id = world.identity_pool(json!({ "SupportedLoginProviders": pool("key;whisper;x") }));
        let is_seen = |secret: &str| {
            let places = world.all_records();
            let mut rows = places.values().flat_map(|rows| rows.values());
            rows.any(|row| row.windows(secret.len()).any(|part| part == secret.as_bytes()))
        };
        let shown = || {
            let mut pool = world.ok("DescribeIdentityPool", json!({ "IdentityPoolId": id }));
            pool["SupportedLoginProviders"].take()
        };
        assert_eq!(shown(), pool("key;whisper;x"));
        assert!(!is_seen("whisper") && is_seen("key"));
        let update = json!({
            "IdentityPoolId": id, "IdentityPoolName": "test",
            "AllowUnauthenticatedIdentities": true, "SupportedLoginProviders": pool("key;shout"),
        });
        let updated = world.ok("UpdateIdentityPool", update);
        assert_eq!(updated["SupportedLoginProviders"], pool("key;shout"));
        assert_eq!(shown(), pool("key;shout"));
        assert!(!is_seen("shout"));
    }
}
