//! Passkeys: which has a user, and for which domain does a pool take them?

mod name;
mod options;

pub(crate) use options::{TIMEOUT_MS, creation, request, request_in_vain, seems_to_exist};

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{
    cx::Cx,
    error::{Code, Error},
    model::{domain::Domain, pool::Pool, user::User},
    shape::{Text, Timestamp},
    shapes::{
        AuthFactor, UserVerification, WebAuthnCredentialDescription, WebAuthnFactorConfiguration,
    },
    store::{Record, Row, keys},
    webauthn::{Fault, Key, Registration, RelyingParty},
};

/// So many may a user have, as at AWS.
const PASSKEYS_MAX: u32 = 20;

/// A passkey, as kept under `passkey/{user}/{id}`. That of another user may have the same id: it is
/// looked for among those of one user only.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Passkey {
    /// In base64url, as the authenticator chose it.
    pub(crate) id: String,
    pub(crate) name: String,
    /// The domain for which it was made.
    pub(crate) relying_party: String,
    pub(crate) key: Key,
    attachment: Option<String>,
    transports: Vec<String>,
    created_ms: u64,
}

impl Record for Passkey {}

/// What a user's record says of passkeys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Passkeys {
    /// How many there are, by the domain for which they were made.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    counts: BTreeMap<String, u32>,
    /// Whether one is as good as two factors, if the user or an administrator said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) is_second_factor: Option<bool>,
}

impl Passkeys {
    /// Whether nothing is known of any.
    pub(crate) fn are_none(&self) -> bool {
        *self == Self::default()
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u32 {
        self.counts.values().sum()
    }

    /// # Errors
    /// `LimitExceededException` if there are as many as may be.
    pub(crate) fn require_room(&self) -> Result<(), Error> {
        let message = "The user has the maximum number of passkeys.";
        let has_room = self.count() < PASSKEYS_MAX;
        has_room.then_some(()).ok_or_else(|| Error::saying(Code::LimitExceeded, message))
    }

    /// Counts one more for that domain.
    pub(crate) fn add(&mut self, relying_party: &str) {
        *self.counts.entry(relying_party.into()).or_default() += 1;
    }

    /// Counts one less.
    pub(crate) fn take(&mut self, relying_party: &str) {
        if let Some(count) = self.counts.get_mut(relying_party) {
            *count = count.saturating_sub(1);
        }
        self.counts.retain(|_, count| *count > 0);
        if self.counts.is_empty() {
            self.is_second_factor = None;
        }
    }

    /// Counts anew.
    pub(crate) fn recount<'a>(&mut self, passkeys: impl Iterator<Item = &'a Passkey>) {
        self.counts.clear();
        passkeys.for_each(|passkey| self.add(&passkey.relying_party));
    }
}

impl Passkey {
    /// What a browser gave, if a pool takes it.
    ///
    /// # Errors
    /// What is wrong with it, each in an error of its own.
    pub(crate) fn new(
        cx: &Cx,
        registration: Registration,
        relying_party: RelyingParty<'_>,
    ) -> Result<Self, Error> {
        let credential = registration.accept(relying_party).map_err(refused)?;
        let Registration { attachment, transports, .. } = registration;
        Ok(Self {
            id: credential.id,
            name: name::of(&credential.model, attachment.as_deref()).into(),
            relying_party: relying_party.id.into(),
            key: credential.key,
            attachment,
            transports,
            created_ms: cx.now_ms(),
        })
    }

    pub(crate) fn described(&self) -> WebAuthnCredentialDescription {
        let transports = self.transports.iter().map(|transport| transport.as_str().into());
        WebAuthnCredentialDescription {
            credential_id: self.id.clone(),
            friendly_credential_name: self.name.clone(),
            relying_party_id: self.relying_party.clone(),
            authenticator_attachment: self.attachment.as_deref().map(Into::into),
            authenticator_transports: transports.collect(),
            created_at: Timestamp(self.created_ms),
        }
    }
}

/// The passkeys of a user that were made for that domain.
pub(crate) fn of_user<'cx>(
    cx: &'cx Cx,
    user: &str,
    relying_party: &str,
) -> Result<Vec<Row<'cx, Passkey>>, Error> {
    let mut passkeys = all_of_user(cx, user)?;
    passkeys.retain(|passkey| passkey.relying_party == relying_party);
    Ok(passkeys)
}

/// All passkeys of a user.
pub(crate) fn all_of_user<'cx>(cx: &'cx Cx, user: &str) -> Result<Vec<Row<'cx, Passkey>>, Error> {
    let range = keys::under(&keys::passkey(user, ""));
    cx.scan::<Passkey>(range.start.as_str()..range.end.as_str(), usize::MAX)
}

impl Pool {
    /// Whether users may begin to sign in with a passkey.
    pub(crate) fn takes_passkeys(&self) -> bool {
        self.first_factors().contains(&AuthFactor::WebAuthn)
    }

    /// Whether a passkey whose holder was verified is as good as two factors.
    pub(crate) fn takes_passkeys_for_two_factors(&self) -> bool {
        let multi = WebAuthnFactorConfiguration::MultiFactorWithUserVerification;
        let settings = self.factors.web_authn.as_ref();
        settings.is_some_and(|settings| settings.factor_configuration == Some(multi))
    }

    /// Whether every passkey must verify its holder.
    pub(crate) fn verifies_holders(&self) -> bool {
        let settings = self.factors.web_authn.as_ref();
        self.takes_passkeys_for_two_factors()
            || settings.is_some_and(|settings| {
                settings.user_verification == Some(UserVerification::Required)
            })
    }

    /// # Errors
    /// `WebAuthnNotEnabledException` unless passkeys are taken.
    pub(crate) fn require_passkeys(&self) -> Result<(), Error> {
        self.takes_passkeys().then_some(()).ok_or_else(|| Code::WebAuthnNotEnabled.into())
    }
}

/// The domain that passkeys are bound to: what the pool says, else its custom domain, else, if it
/// has a domain at all, the host of this deployment, under which that is.
pub(crate) fn relying_party(cx: &Cx, pool: &Pool) -> Result<Option<String>, Error> {
    let settings = pool.factors.web_authn.as_ref();
    if let Some(id) = settings.and_then(|settings| settings.relying_party_id.as_ref()) {
        return Ok(Some(id.as_str().into()));
    }
    let range = keys::under(keys::DOMAINS);
    let domains = cx.scan::<Domain>(range.start.as_str()..range.end.as_str(), usize::MAX)?;
    if domains.is_empty() {
        return Ok(None);
    }
    if let Some(custom) = domains.iter().find(|domain| domain.is_custom()) {
        return Ok(Some(custom.key().trim_start_matches(keys::DOMAINS).into()));
    }
    let url = cx.deployment().public_url.as_deref().unwrap_or(&cx.caller.origin);
    Ok(host(url).map(String::from))
}

/// The host of a URL, unless it is an address: passkeys are bound to names.
fn host(url: &str) -> Option<&str> {
    let authority = url.split_once("://")?.1.split('/').next()?;
    let host = authority.split(':').next().filter(|host| !host.is_empty())?;
    let is_address = host.starts_with('[') || host.parse::<core::net::Ipv4Addr>().is_ok();
    (!is_address).then_some(host)
}

impl User {
    /// Whether the user has a passkey that the pool takes now.
    pub(crate) fn has_passkey(&self, cx: &Cx, pool: &Pool) -> Result<bool, Error> {
        let counts = &self.factors.passkeys.counts;
        if counts.is_empty() || !pool.takes_passkeys() {
            return Ok(false);
        }
        Ok(relying_party(cx, pool)?.is_some_and(|id| counts.contains_key(&id)))
    }

    /// Whether the user's passkey is as good as two factors.
    pub(crate) fn has_two_factors_in_one(&self, pool: &Pool) -> bool {
        pool.takes_passkeys_for_two_factors()
            && self.factors.passkeys.is_second_factor != Some(false)
    }
}

/// What is said of a new passkey that is not taken.
pub(crate) fn refused(fault: Fault) -> Error {
    match fault {
        Fault::Malformed | Fault::Unproved => {
            Error::saying(Code::InvalidParameter, "Invalid credential.")
        }
        Fault::Origin => Code::WebAuthnOriginNotAllowed.into(),
        Fault::RelyingParty => Code::WebAuthnRelyingPartyMismatch.into(),
        Fault::Unsupported => Code::WebAuthnCredentialNotSupported.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_and_no_address() {
        for (url, expected) in [
            ("https://id.example.com", Some("id.example.com")),
            ("https://id.example.com:8443/path", Some("id.example.com")),
            ("http://localhost:8787", Some("localhost")),
            ("http://127.0.0.1:8787", None),
            ("http://[::1]:8787", None),
            ("https://", None),
            ("", None),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }
}
