//! Who signed a request, and whether that key may do what is asked.

use alloc::string::{String, ToString};

use super::{
    credentials,
    sigv4::{self, Expected, Payload, Proven, Signed},
};
use crate::{
    crypto::same,
    deployment::{Deployment, RootCredentials, is_local},
    error::{Code, Error},
    http::Request,
    message::Principal,
    operation::{Operation, Service},
};

/// Verifies a request's signature (SigV4); gives the caller and the region of the scope.
///
/// # Errors
/// AWS's own for a missing, malformed, expired or wrong signature, and for a key that is unknown or
/// refused here.
pub(crate) fn authenticate(
    deployment: &Deployment,
    operation: &Operation,
    request: &Request,
    now_ms: u64,
) -> Result<(Principal, String), Error> {
    let service = operation.service.signing_name();
    let expected = Expected { service, payload: Payload::Whole };
    let (principal, proven) = prove(deployment, request, &expected, now_ms)?;
    let principal = match principal {
        Principal::Role(session) if session.is_root() => as_root(operation)?,
        principal => principal,
    };
    Ok((principal, proven.region().to_string()))
}

/// Verifies a request's signature; gives the caller and what was proved. Sessions of the account
/// itself are still told from the account.
///
/// # Errors
/// As [`authenticate`].
pub(crate) fn prove(
    deployment: &Deployment,
    request: &Request,
    expected: &Expected<'_>,
    now_ms: u64,
) -> Result<(Principal, Proven), Error> {
    let claim = sigv4::parse(Signed::from(request), expected, now_ms)?;
    let root = deployment.root_credentials.as_ref().filter(|root| {
        same(root.access_key_id.as_bytes(), claim.access_key_id().as_bytes())
            && may_be_used(root, deployment, &request.origin)
    });
    // Root credentials have no session token, so whoever sends one means other credentials.
    let (principal, secret) = match (root, claim.session_token()) {
        (Some(root), None) => (Principal::Root, root.secret_access_key.clone()),
        (None, Some(token)) => {
            let (session, secret) = credentials::open(deployment, claim.access_key_id(), token)
                .ok_or(Code::UnrecognizedClient)?;
            (Principal::Role(session), secret)
        }
        _ => return Err(Code::UnrecognizedClient.into()),
    };
    let proven = claim.verify(&secret)?;
    if let Principal::Role(session) = &principal
        && session.expires_ms <= now_ms
    {
        return Err(Code::ExpiredToken.into());
    }
    Ok((principal, proven))
}

/// What the account's own credentials open that were made for a while: all but what makes others.
fn as_root(operation: &Operation) -> Result<Principal, Error> {
    let is_closed = match operation.service {
        Service::Iam => true,
        Service::Sts => !["AssumeRole", "GetCallerIdentity"].contains(&operation.name),
        _ => false,
    };
    if is_closed {
        let message = "The session of the account can not be used for this operation.";
        return Err(Error::saying(Code::AccessDenied, message));
    }
    Ok(Principal::Root)
}

/// The documented credentials are known to everybody: they open nothing but a local service that
/// says that it is for development.
fn may_be_used(root: &RootCredentials, deployment: &Deployment, origin: &str) -> bool {
    let documented = RootCredentials::development();
    let is_documented = root.access_key_id == documented.access_key_id
        || root.secret_access_key == documented.secret_access_key;
    !is_documented || (deployment.is_development && is_local(origin))
}

/// The session that a request was signed in.
#[cfg(test)]
pub(crate) fn session_in(
    deployment: &Deployment,
    request: &Request,
    now_ms: u64,
) -> Option<credentials::RoleSession> {
    let operation = crate::find(crate::Service::IdentityPools, "ListIdentityPools")?;
    match authenticate(deployment, operation, request, now_ms).ok()?.0 {
        Principal::Role(session) => Some(*session),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        Request, Response,
        testing::{Failure, World, outcome},
    };

    fn error_of(response: &Response) -> Failure {
        outcome(response).unwrap_err()
    }

    fn request(world: &World) -> Request {
        world.request("ListUserPools", &json!({ "MaxResults": 1 }))
    }

    #[test]
    fn the_documented_credentials_open_a_local_host_and_no_other() {
        let world = World::new();
        assert_eq!(world.send(&request(&world)).status, 200);
        for origin in
            ["https://id.example.com", "http://10.0.0.1:8787", "http://localhost.evil.com"]
        {
            let elsewhere = Request { origin: origin.into(), ..request(&world) };
            let failure = error_of(&world.send(&elsewhere));
            assert_eq!(failure.code, "UnrecognizedClientException", "{origin}");
        }
    }

    #[test]
    fn an_unsigned_call_is_told_what_is_missing() {
        let world = World::new();
        let mut unsigned = request(&world);
        unsigned.headers.retain(|(name, _)| name != "authorization");
        let failure = error_of(&world.send(&unsigned));
        assert_eq!(failure.code, "MissingAuthenticationTokenException");
    }
}
