//! Who signed this request? For Workers of the operator's own, which are services beside Cognate:
//! a signed request in, the signer out, and whether the role's policies allow what is asked.
//!
//! ```text
//! request ── RequestVerifier::claim ──> SignedRequest ── question ──> `Cognate.GetSigningKey`
//!                                            │                              │
//!                                            └── verify <── SigningKey ─────┘
//! ```
//!
//! The answer may be kept for as long as it says, by the question: then requests are verified without
//! asking anybody. It opens nothing but requests to that one service.

use alloc::{
    boxed::Box,
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

use super::{
    authorize::{Rights, context},
    credentials::RoleSession,
    sigv4::{self, Claim, Expected, Payload, Signed},
};
use crate::{
    error::{Code, Error},
    http::Request,
    message::{Caller, Principal},
    shape::{Json, Text, Wire},
    shapes::{Shown, SignerType, SigningKeyType},
};

/// What is taken where requests come to.
#[derive(Clone, Copy, Debug)]
pub struct RequestVerifier<'a> {
    /// The service that a signature must be scoped to.
    pub service: &'a str,
    /// Whether the signature may leave the body out (`UNSIGNED-PAYLOAD`).
    pub unsigned_payload: bool,
}

impl RequestVerifier<'_> {
    /// Reads who claims to have signed. `now_ms` counts from 1970.
    ///
    /// # Errors
    /// `MissingAuthenticationToken` of an unsigned request, `IncompleteSignature` of one whose
    /// signature can't be read, `InvalidSignature` of one that is out of date, that is meant for
    /// another service, or that leaves unsigned what must be signed; `UnrecognizedClient` of one
    /// without a session token, for nobody but an administrator has such a key.
    pub fn claim<'r>(&self, request: &'r Request, now_ms: u64) -> Result<SignedRequest<'r>, Error> {
        let payload = if self.unsigned_payload { Payload::MayBeLeftOut } else { Payload::Whole };
        let expected = Expected { service: self.service, payload };
        let claim = sigv4::parse(Signed::from(request), &expected, now_ms)?;
        match claim.session_token() {
            Some(_) => Ok(SignedRequest { claim: Box::new(claim), request }),
            None => Err(Code::UnrecognizedClient.into()),
        }
    }
}

/// A request that somebody claims to have signed. Nothing of it is believed yet.
pub struct SignedRequest<'a> {
    claim: Box<Claim<'a>>,
    request: &'a Request,
}

// Headers, query and body carry secrets.
impl fmt::Debug for SignedRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedRequest({})", self.claim.access_key_id())
    }
}

impl SignedRequest<'_> {
    /// What to ask `Cognate.GetSigningKey`, beside the `VerifierKey`: its members as JSON.
    #[must_use]
    pub fn question(&self) -> String {
        let scope = self.claim.scope();
        serde_json::json!({
            "AccessKeyId": scope.access_key_id,
            "SessionToken": self.claim.session_token(),
            "Date": scope.date,
            "Region": scope.region,
        })
        .to_string()
    }

    /// Whether the holder of that key signed this request.
    ///
    /// # Errors
    /// `InvalidSignature` if not, `ExpiredToken` if the credentials are.
    pub fn verify(self, key: &SigningKey, now_ms: u64) -> Result<Verified, Error> {
        if key.session.expires_ms <= now_ms {
            return Err(Code::ExpiredToken.into());
        }
        let region = self.claim.verify_by(&key.key)?.region().to_string();
        let agent = self.request.headers.iter().find(|(name, _)| name == "user-agent");
        let caller = Caller {
            address: self.request.address.clone(),
            agent: agent.map(|(_, agent)| agent.clone()).unwrap_or_default(),
            origin: self.request.origin.clone(),
            principal: Principal::Anyone,
            region,
            request_id: String::new(),
        };
        Ok(Verified { caller, now_s: now_ms / 1000 })
    }
}

/// What signs within one scope, whose it is, and what they may do.
pub struct SigningKey {
    key: [u8; 32],
    session: RoleSession,
    /// Nothing if a policy can't be read: that one might deny.
    rights: Option<Rights>,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.session.arn())
    }
}

impl SigningKey {
    /// Reads what `Cognate.GetSigningKey` answered; nothing if it is no such answer.
    #[must_use]
    pub fn read(answer: &[u8]) -> Option<Self> {
        let answer: Json = serde_json::from_slice(answer).ok()?;
        let SigningKeyType { signing_key, signer, policies, session_policy, .. } =
            Wire::read(answer)?;
        let key = BASE64_STANDARD.decode(signing_key.as_str()).ok()?.try_into().ok()?;
        let session = session(signer, session_policy);
        let role_id = Some(session.role_id.clone());
        let role = Shown { revoked_at: None, role_id, trust: None, policies };
        let rights = Rights::of(&session, &role.write()).ok();
        Some(Self { key, session, rights })
    }

    /// Whether the role's policies allow an action on a resource, to whoever signed that request.
    /// `more` is what they may ask about beside what every request says, by condition key.
    #[must_use]
    pub fn allows(
        &self,
        request: &Verified,
        (action, resource): (&str, &str),
        more: &BTreeMap<String, Vec<String>>,
    ) -> bool {
        let Some(rights) = &self.rights else { return false };
        let mut context = context(&request.caller, request.now_s, &self.session);
        for (key, values) in more {
            context.add(key, values);
        }
        rights.check(action, resource, &context).is_ok()
    }
}

/// What policies may ask about a request whose signature is true.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Verified {
    caller: Caller,
    now_s: u64,
}

fn session(signer: SignerType, policy: Option<String>) -> RoleSession {
    RoleSession {
        role_arn: signer.role_arn,
        role_id: signer.role_id,
        name: signer.role_session_name,
        facts: signer.facts,
        tags: signer.tags,
        source_identity: signer.source_identity,
        policy,
        issued_ms: signer.issue_date.0,
        expires_ms: signer.expiration_date.0,
        // What is kept from guests are services of AWS's; the operator's own are theirs to give.
        is_scoped_down: false,
        ..RoleSession::default()
    }
}

#[cfg(test)]
mod tests;
