//! An OpenID Connect provider whose tokens the account takes.

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{
    cx::Cx,
    deployment::is_local,
    error::{Code, Error},
    store::{Record, Row, keys},
};

/// A provider, as kept under `oidc-provider/{name}` at the account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OpenIdProvider {
    /// Its issuer without the scheme.
    pub(crate) name: String,
    /// The clients whose tokens are taken.
    pub(crate) client_ids: Vec<String>,
    /// Kept for whoever manages them; connections are the platform's to judge.
    pub(crate) thumbprints: Vec<String>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) created_ms: u64,
}

impl Record for OpenIdProvider {}

/// AWS's bound of clients of one provider.
pub(crate) const CLIENT_IDS_MAX: usize = 100;
/// What stands in an ARN before the name of a provider.
const RESOURCE: &str = "oidc-provider/";

impl OpenIdProvider {
    /// `arn:aws:iam::{account}:oidc-provider/{name}`.
    pub(crate) fn arn(&self, account: &str) -> String {
        format!("arn:aws:iam::{account}:{RESOURCE}{}", self.name)
    }
}

/// The name of the provider at a URL, if that can be one: it speaks TLS, or is on this very machine
/// where that is for development.
///
/// # Errors
/// `InvalidInput`.
pub(crate) fn name_in(cx: &Cx, url: &str) -> Result<String, Error> {
    let is_for_development = cx.deployment().is_development;
    let local = url.strip_prefix("http://").filter(|name| is_for_development && is_local(name));
    let name = url.strip_prefix("https://").or(local).map(|name| name.trim_end_matches('/'));
    let is_plain = |name: &&str| {
        let is_part = |char: char| char.is_ascii_graphic() && !"?#@\\".contains(char);
        !name.is_empty() && !name.starts_with('/') && name.chars().all(is_part)
    };
    let name = name.filter(is_plain).map(Into::into);
    name.ok_or_else(|| Error::saying(Code::InvalidInput, "Invalid Open ID Connect Provider URL"))
}

impl Cx {
    /// The provider of that name, if the account has it.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn open_id_provider(
        &self,
        name: &str,
    ) -> Result<Option<Row<'_, OpenIdProvider>>, Error> {
        self.get::<OpenIdProvider>(keys::open_id_provider(name))
    }

    /// The provider of that ARN.
    ///
    /// # Errors
    /// `NoSuchEntity` if the account has none.
    pub(crate) fn open_id_provider_of_arn(
        &self,
        arn: &str,
    ) -> Result<Row<'_, OpenIdProvider>, Error> {
        let account = &self.deployment().account_id;
        let name = arn.split_once(RESOURCE).map_or("", |(_, name)| name);
        let provider = self.open_id_provider(name)?;
        provider.filter(|provider| provider.arn(account) == arn).ok_or_else(|| {
            let message = format!("OpenIDConnect Provider not found for arn {arn}");
            Error::saying(Code::NoSuchEntity, message)
        })
    }
}
