//! The keys of providers, kept in memory for a while: they change rarely, and every login needs
//! them.

use alloc::{collections::BTreeMap, format, rc::Rc, string::String, vec::Vec};
use core::cell::RefCell;

use jsonwebtoken::{decode_header, jwk::Jwk};

use super::login::{invalid, silent, unsupported};
use crate::{
    cx::Cx,
    error::{Code, Error},
    place::Place,
    shape::{Json, Map},
    token,
};

/// After that long, keys are asked for again, since a provider may have withdrawn one.
const MAX_AGE_MS: u64 = 3_600_000;
/// A token of an unknown key makes keys be asked for anew, but not more often than this.
const MIN_AGE_MS: u64 = 10_000;
/// More providers than a pool has; what is beyond was of providers that it had.
const PROVIDERS_MAX: usize = 128;

/// What is known of providers' keys at this place.
#[derive(Default)]
pub(crate) struct ProviderKeys(RefCell<BTreeMap<String, Heard>>);

/// What a provider said, and when it was asked.
struct Heard {
    keys: Rc<Vec<Jwk>>,
    asked_ms: u64,
}

impl ProviderKeys {
    /// The keys that verify such a token, unless they must be asked for.
    ///
    /// # Errors
    /// `NotAuthorizedException` for what is no token: nobody is asked for its sake.
    pub(super) fn known(
        &self,
        provider: &str,
        token: &str,
        now_ms: u64,
    ) -> Result<Option<Rc<Vec<Jwk>>>, Error> {
        let kid = decode_header(token).map_err(|_| no_token())?.kid;
        let known = self.0.borrow();
        let Some(Heard { keys, asked_ms }) = known.get(provider) else { return Ok(None) };
        let has_key = keys.iter().any(|key| key.common.key_id == kid);
        let age_ms = now_ms.saturating_sub(*asked_ms);
        let is_fresh = age_ms < MIN_AGE_MS || (has_key && age_ms < MAX_AGE_MS);
        Ok(is_fresh.then(|| keys.clone()))
    }

    /// Keeps what a provider said.
    pub(super) fn learn(&self, provider: &str, set: &Json, now_ms: u64) -> Rc<Vec<Jwk>> {
        let keys = set.get("keys").and_then(Json::as_array).into_iter().flatten();
        // A key of a kind that is not known verifies nothing here.
        let keys: Vec<Jwk> =
            keys.filter_map(|key| serde_json::from_value(key.clone()).ok()).collect();
        let keys = Rc::new(keys);
        let mut known = self.0.borrow_mut();
        if known.len() >= PROVIDERS_MAX {
            known.clear();
        }
        known.insert(provider.into(), Heard { keys: keys.clone(), asked_ms: now_ms });
        keys
    }
}

/// The keys of an issuer of our own, as its place shows them; `name` is that under which they are
/// kept.
///
/// # Errors
/// `NotAuthorizedException` if there is no such issuer, `ExternalServiceException` if it fails.
pub(super) async fn of_place(
    cx: &mut Cx,
    (place, operation): (Place, &str),
    (name, input): (&str, &Json),
    token: &str,
) -> Result<Rc<Vec<Jwk>>, Error> {
    let now_ms = cx.now_ms();
    if let Some(keys) = cx.kernel().provider_keys.known(name, token, now_ms)? {
        return Ok(keys);
    }
    let response = cx.call(place, operation, input).await?;
    let set: Json = serde_json::from_slice(&response.body).unwrap_or_default();
    match response.status {
        200 => Ok(cx.kernel().provider_keys.learn(name, &set, now_ms)),
        _ if set.get("__type").and_then(Json::as_str) == Some(Code::ResourceNotFound.wire()) => {
            Err(unsupported())
        }
        status => Err(silent(format!("{operation} answered {status}"))),
    }
}

/// The claims of a token that one of the keys signed.
///
/// # Errors
/// `NotAuthorizedException` if none did.
pub(super) fn claims(cx: &Cx, keys: &[Jwk], token: &str) -> Result<Map<String, Json>, Error> {
    if decode_header(token).is_err() {
        return Err(no_token());
    }
    token::claims_signed_by(cx.crypto(), keys, token)
        .ok_or_else(|| invalid("Couldn't verify signed token."))
}

fn no_token() -> Error {
    invalid("Not a valid OpenId Connect identity token.")
}
