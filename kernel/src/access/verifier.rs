//! Verifiers: Workers of the operator's own that let in whoever has credentials of this deployment.
//!
//! Whoever can verify a signature can make one, for SigV4's keys are symmetric. So nothing that
//! opens credentials leaves the deployment: a verifier is handed what signs within one scope alone,
//! which is one access key on one day in one region for the verifier's own service. No service of
//! the deployment itself can have a verifier, or one could speak here as those whom it serves.

use alloc::{
    format,
    string::{String, ToString},
};

use serde::{Deserialize, Serialize};

use crate::{
    crypto::{Purpose, base64url, same},
    cx::Cx,
    error::{Code, Error},
    operation::Service,
    shape::Timestamp,
    shapes::VerifierKeyType,
    store::{Record, keys},
};

/// A key by which a verifier is known, as kept under `verifier/{id}` at the account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Verifier {
    pub(crate) id: String,
    /// What the scopes of the signatures name that it verifies.
    pub(crate) service: String,
    /// Of the secret part of the key.
    hash: [u8; 32],
    pub(crate) created_ms: u64,
}

impl Record for Verifier {}

/// What tells such keys from other secrets, for people and for scanners of secrets.
const PREFIX: &str = "cognate-verifier";
const ID_ALPHABET: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
const ID_LEN: usize = 16;
const SECRET_BYTES: usize = 32;

/// Services of a deployment that speak for themselves.
const OURS: [Service; 4] = [Service::Iam, Service::IdentityPools, Service::Sts, Service::UserPools];
/// Those that are no operations of the kernel's.
const OUR_OTHERS: [&str; 2] = ["cognito-sync", "s3"];

impl Verifier {
    /// Makes a verifier of that service, and the key that it is known by, which is told once.
    ///
    /// # Errors
    /// `InvalidParameterException` if the service is the deployment's own.
    pub(crate) fn new(cx: &Cx, service: &str) -> Result<(Self, String), Error> {
        let is_ours =
            OURS.iter().any(|ours| ours.signing_name() == service) || OUR_OTHERS.contains(&service);
        if is_ours {
            let message = format!("{service} is a service of this deployment.");
            return Err(Error::saying(Code::InvalidParameter, message));
        }
        let id = cx.random.text(ID_ALPHABET, ID_LEN);
        let secret = base64url(&cx.random.bytes::<SECRET_BYTES>());
        let hash = fingerprint(cx, &id, &secret)?;
        let key = format!("{PREFIX}.{id}.{secret}");
        Ok((Self { id, service: service.to_string(), hash, created_ms: cx.now_ms() }, key))
    }

    /// The verifier that is known by that key.
    ///
    /// # Errors
    /// `NotAuthorizedException` if there is none.
    pub(crate) fn known(cx: &Cx, key: &str) -> Result<Self, Error> {
        let refused = || Error::saying(Code::NotAuthorized, "The verifier key is not known.");
        let rest = key.strip_prefix(PREFIX).and_then(|rest| rest.strip_prefix('.'));
        let (id, secret) = rest.and_then(|rest| rest.split_once('.')).ok_or_else(refused)?;
        let verifier = cx.get::<Self>(keys::verifier(id))?.ok_or_else(refused)?;
        match same(&fingerprint(cx, id, secret)?, &verifier.hash) {
            true => Ok(verifier.into_inner()),
            false => Err(refused()),
        }
    }

    /// What is shown of it.
    pub(crate) fn described(&self) -> VerifierKeyType {
        VerifierKeyType {
            verifier_key_id: self.id.as_str().into(),
            service: self.service.as_str().into(),
            creation_date: Timestamp(self.created_ms),
        }
    }
}

fn fingerprint(cx: &Cx, id: &str, secret: &str) -> Result<[u8; 32], Error> {
    Ok(cx.vault()?.fingerprint(Purpose::VerifierKey, &[id.as_bytes(), b".", secret.as_bytes()]))
}
