//! Who is calling: by an access key's signature (SigV4), by a bearer token, by a client secret.

pub(crate) mod authorize;
pub(crate) mod bearer;
pub(crate) mod caller;
pub(crate) mod client_secret;
pub(crate) mod credentials;
pub(crate) mod sigv4;
pub(crate) mod verifier;
pub(crate) mod verify_request;
