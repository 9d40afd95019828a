//! Did the holder of this access key sign this request? AWS Signature Version 4, the server's side.
//!
//! In two steps, because the key is looked up in between: [`parse`] reads who claims to have signed
//! and refuses what no key could make good, [`Claim::verify`] tells whether the claim is true. The
//! signature is in the `Authorization` header or, of a presigned request, in the query.
//!
//! Two rules are stricter than AWS's: every `x-amz-*` header must be signed, as S3 alone insists,
//! and nothing that says who signed may be said twice.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

mod authorization;
mod canonical;
mod chain;
mod clock;
mod presign;
mod presigned;
mod scope;
mod sign;
#[cfg(test)]
mod tests;

use alloc::{borrow::Cow, format, string::String};

pub use self::sign::Signer;
pub(crate) use self::{chain::Chain, presign::Presigned, scope::Scope};

use self::canonical::hex;
use crate::{
    crypto::{hmac_sha256, same, sha256},
    error::{Code, Error},
    http::Request,
};

/// A request as it was signed.
#[derive(Clone, Copy)]
pub(crate) struct Signed<'a> {
    /// The method, in upper case.
    pub(crate) method: &'a str,
    /// The path, as on the wire.
    pub(crate) path: &'a str,
    /// The query without its `?`, as on the wire.
    pub(crate) query: &'a str,
    /// Header names in lower case, in the order of the wire.
    pub(crate) headers: &'a [(String, String)],
    /// The whole body.
    pub(crate) body: &'a [u8],
}

impl<'a> From<&'a Request> for Signed<'a> {
    fn from(request: &'a Request) -> Self {
        Self {
            method: &request.method,
            path: &request.path,
            query: &request.query,
            headers: &request.headers,
            body: &request.body,
        }
    }
}

/// What is taken where the request came to.
#[derive(Clone, Copy)]
pub(crate) struct Expected<'a> {
    /// The service that the scope must name: `cognito-idp`.
    pub(crate) service: &'a str,
    /// What the signature must cover of the body.
    pub(crate) payload: Payload,
}

/// What a signature covers of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payload {
    /// What the caller declares, in `x-amz-content-sha256`; the body is for whoever reads it to
    /// compare with [`Proven::payload`].
    Declared,
    /// All of it, or nothing if the caller says so (`UNSIGNED-PAYLOAD`).
    MayBeLeftOut,
    /// All of it.
    Whole,
}

/// Reads who claims to have signed. `now_ms` counts from 1970.
///
/// # Errors
/// `MissingAuthenticationToken` of an unsigned request, `IncompleteSignature` of one whose
/// signature can't be read, `InvalidSignature` of one that is out of date, that is meant for
/// another service, or that leaves unsigned what must be signed.
pub(crate) fn parse<'a>(
    request: Signed<'a>,
    expected: &Expected<'_>,
    now_ms: u64,
) -> Result<Claim<'a>, Error> {
    bounds(&request)?;
    let stated = match presigned::is(request.query) {
        true => presigned::read(&request)?,
        false => authorization::read(&request)?,
    };
    let signed_at = clock::parse(&stated.date)?;
    clock::check(signed_at, now_ms, stated.expires_s)?;
    canonical::check_host(&stated.signed_headers)?;
    if stated.algorithm != ALGORITHM {
        return Err(incomplete(format!(
            "Unsupported AWS 'algorithm': '{}' (only {ALGORITHM} for now).",
            stated.algorithm
        )));
    }
    let signed_at = clock::basic(signed_at);
    let scope = Scope::parse(&stated.credential, expected.service, &signed_at)?;
    canonical::check_headers(&request, &stated.signed_headers)?;
    Ok(Claim { request, stated, scope, signed_at, covered: expected.payload })
}

/// Who claims to have signed a request, and how. Nothing of it is believed yet.
pub(crate) struct Claim<'a> {
    request: Signed<'a>,
    stated: Stated<'a>,
    scope: Scope,
    signed_at: String,
    covered: Payload,
}

impl<'a> Claim<'a> {
    /// The id of the key that signed.
    pub(crate) fn access_key_id(&self) -> &str {
        &self.scope.access_key_id
    }

    /// What comes with the key if it is a temporary one.
    pub(crate) fn session_token(&self) -> Option<&str> {
        self.stated.session_token.as_deref()
    }

    /// For what it was signed.
    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Whether that secret signed that request.
    ///
    /// # Errors
    /// `InvalidSignature` if not.
    pub(crate) fn verify(self, secret: &str) -> Result<Proven, Error> {
        // A secret that was never configured must open nothing.
        if secret.is_empty() {
            return Err(mismatch());
        }
        let key = self.scope.signing_key(secret);
        self.verify_by(&key)
    }

    /// The same by what is derived of the secret for the scope of the signature.
    ///
    /// # Errors
    /// `InvalidSignature` if it did not sign that request.
    pub(crate) fn verify_by(self, key: &[u8; 32]) -> Result<Proven, Error> {
        let payload = self.payload()?;
        let request =
            canonical::request(&self.request, &self.stated, &self.scope.service, &payload);
        let hash = sha256(&[request.as_bytes()]);
        let scope = self.scope.without_key();
        let text = text_to_sign(&self.signed_at, &scope, &hash);
        let signature = hex(&hmac_sha256(key, &[text.as_bytes()]));
        if !same(signature.as_bytes(), self.stated.signature.as_bytes()) {
            return Err(mismatch());
        }
        let is_presigned = self.stated.is_presigned;
        let chain = Chain { key: *key, scope, signed_at: self.signed_at, signature };
        let payload = payload.into_owned();
        Ok(Proven { region: self.scope.region, is_presigned, payload, chain })
    }

    /// What the canonical request says of the body.
    fn payload(&self) -> Result<Cow<'a, str>, Error> {
        let declared = self.request.header("x-amz-content-sha256")?;
        let is_left_out = match declared {
            Some(declared) => declared == UNSIGNED_PAYLOAD,
            // A presigned request is made before its body is known.
            None => self.stated.is_presigned,
        };
        match (self.covered, declared) {
            (Payload::Declared | Payload::MayBeLeftOut, _) if is_left_out => {
                return Ok(Cow::Borrowed(UNSIGNED_PAYLOAD));
            }
            (Payload::Declared, Some(declared)) => return Ok(Cow::Borrowed(declared)),
            (Payload::Declared, None) => {
                return Err(incomplete(
                    "Missing required header for this request: x-amz-content-sha256",
                ));
            }
            (Payload::MayBeLeftOut | Payload::Whole, _) => {}
        }
        let actual = hex(&sha256(&[self.request.body]));
        match declared {
            Some(declared) if declared != actual => Err(mismatch()),
            _ => Ok(Cow::Owned(actual)),
        }
    }
}

/// That the holder of the key signed the request: only [`Claim::verify`] makes one.
pub(crate) struct Proven {
    region: String,
    is_presigned: bool,
    payload: String,
    chain: Chain,
}

impl Proven {
    /// The region that the signature is scoped to.
    pub(crate) fn region(&self) -> &str {
        &self.region
    }

    /// Whether the signature is in the query.
    pub(crate) fn is_presigned(&self) -> bool {
        self.is_presigned
    }

    /// What the signature says of the body: its hash, or a word for how it comes.
    pub(crate) fn payload(&self) -> &str {
        &self.payload
    }

    /// What the signatures of chunks go on from.
    pub(crate) fn chain(self) -> Chain {
        self.chain
    }
}

/// What a request states about its signature, wherever it states it.
struct Stated<'a> {
    algorithm: Cow<'a, str>,
    credential: Cow<'a, str>,
    date: Cow<'a, str>,
    /// For how long a presigned request is good.
    expires_s: Option<u64>,
    is_presigned: bool,
    session_token: Option<Cow<'a, str>>,
    signature: Cow<'a, str>,
    /// Names, in lower case and in order, between semicolons.
    signed_headers: Cow<'a, str>,
}

impl<'a> Signed<'a> {
    /// The header of that name, unless there are several.
    fn header(&self, name: &str) -> Result<Option<&'a str>, Error> {
        let mut values = self.headers.iter().filter(|(n, _)| n == name).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (value, None) => Ok(value.map(|value| value.trim_ascii())),
            _ => Err(incomplete(format!("The header '{name}' must not be sent twice."))),
        }
    }
}

/// What the signature covers: when, within which scope, and the hash of the canonical request.
fn text_to_sign(signed_at: &str, scope: &str, hash: &[u8]) -> String {
    format!("{ALGORITHM}\n{signed_at}\n{scope}\n{}", hex(hash))
}

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

// More than any SDK sends, and little enough that a hostile request costs microseconds.
const HEADERS_MAX: usize = 256;
const HEADERS_BYTES_MAX: usize = 64 << 10;
const TARGET_BYTES_MAX: usize = 16 << 10;

fn bounds(request: &Signed<'_>) -> Result<(), Error> {
    let headers: usize = request.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    let is_large = request.headers.len() > HEADERS_MAX
        || headers > HEADERS_BYTES_MAX
        || request.path.len() + request.query.len() > TARGET_BYTES_MAX;
    match is_large {
        true => Err(incomplete("The request's headers or its URL are too large to be verified.")),
        false => Ok(()),
    }
}

fn incomplete(message: impl Into<Cow<'static, str>>) -> Error {
    Error::saying(Code::IncompleteSignature, message)
}

fn invalid(message: impl Into<Cow<'static, str>>) -> Error {
    Error::saying(Code::InvalidSignature, message)
}

fn mismatch() -> Error {
    invalid(
        "The request signature we calculated does not match the signature you provided. Check your \
         AWS Secret Access Key and signing method. Consult the service documentation for details.",
    )
}
