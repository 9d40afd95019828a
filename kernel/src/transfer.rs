//! How do files come in and go out? In pieces, at URLs that whoever has them may use for a while.
//!
//! A file never stands in memory whole. One that comes in is cut by the host into pieces, each a
//! message for the place that takes it ([`piece`]); one that goes out is asked for page by page
//! ([`next_page`]). The URLs are signed as S3's are, with a key that no caller has, and what is
//! wrong is answered in S3's form, since it is S3's clients that send files.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use crate::{
    access::sigv4::{self, Expected, Payload, Presigned, Signed},
    call::Engine,
    crypto::{Purpose, Random, Vault, hex},
    error::{Code, Error},
    http::Request,
    message::{Caller, Head, Message, Principal, Protocol},
    operation::Service,
    place::{Place, PoolKey},
    shape::{Blob, Json, Map, Wire},
};

/// What is under this path is no pool's.
pub(crate) const ROOM: &str = "_cognate";
/// Where files of users come in, below [`ROOM`].
pub(crate) const IMPORT: &str = "import";
/// Where they go out.
pub(crate) const EXPORT: &str = "export";

/// Every piece of a file has so many bytes, but for the last one, which may have fewer.
pub const PIECE_BYTES: usize = 256 << 10;
/// Cognito's own bound of a file.
pub(crate) const FILE_BYTES_MAX: u64 = 100 << 20;
/// How long a URL is good.
pub(crate) const URL_EXPIRES_S: u64 = 15 * 60;

/// The name of the key that signs the URLs.
const KEY_ID: &str = "COGNATE";
/// What S3 is told to do with a file of users; Cognito's URLs insist on it.
const ENCRYPTION: (&str, &str) = ("x-amz-server-side-encryption", "aws:kms");

/// A file on its way in: its body goes to `place`, cut into pieces.
pub struct Upload {
    /// Where.
    pub place: Place,
    /// For [`piece`].
    pub ticket: Vec<u8>,
}

/// A file on its way out: its pages come from `place`, until one says that it is the last.
pub struct Download {
    /// Where.
    pub place: Place,
    /// The message that asks for the first page, and the ticket for [`next_page`].
    pub message: Vec<u8>,
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upload({:?})", self.place)
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Download({:?})", self.place)
    }
}

/// The message that brings a piece of an upload, for [`Kernel::begin`](crate::Kernel::begin) at its
/// place. `offset` counts the bytes before it. A host sends one after the other, and stops at the
/// first response that is not of status 200, which is then the answer; so is the last one's.
#[must_use]
pub fn piece(ticket: &[u8], offset: u64, is_last: bool, bytes: Vec<u8>) -> Option<Vec<u8>> {
    with(
        ticket,
        [
            ("Offset", i64::try_from(offset).ok()?.into()),
            ("IsLast", is_last.into()),
            ("Bytes", Blob(bytes).write()),
        ],
    )
}

/// The message that asks for the page of a download after one that named `next`.
#[must_use]
pub fn next_page(ticket: &[u8], next: &str) -> Option<Vec<u8>> {
    with(ticket, [("Next", next.into())])
}

fn with<const N: usize>(ticket: &[u8], members: [(&str, Json); N]) -> Option<Vec<u8>> {
    let mut message = Message::decode(ticket)?;
    let mut body: Map<String, Json> = serde_json::from_slice(&message.body).ok()?;
    body.extend(members.map(|(name, value)| (name.to_string(), value)));
    message.body = serde_json::to_vec(&body).ok()?;
    message.encode().ok()
}

/// Which file of a pool a URL is for.
#[derive(Clone, Copy)]
pub(crate) struct File<'a> {
    pub(crate) room: &'a str,
    pub(crate) pool_id: &'a str,
    pub(crate) job: &'a str,
}

/// The URL at which a file may be sent or fetched, from `now_ms` on.
pub(crate) fn url(vault: &Vault, file: File<'_>, origin: &str, now_ms: u64) -> String {
    let path = format!("/{ROOM}/{}/{}/{}", file.room, file.pool_id, file.job);
    let presigned = Presigned {
        method: if file.room == IMPORT { "PUT" } else { "GET" },
        origin,
        path: &path,
        headers: if file.room == IMPORT { &[ENCRYPTION] } else { &[] },
        region: file.pool_id.split_once('_').map_or("", |(region, _)| region),
        expires_s: URL_EXPIRES_S,
    };
    presigned.url((KEY_ID, &secret(vault)), now_ms)
}

fn secret(vault: &Vault) -> String {
    hex(&vault.fingerprint(Purpose::Presigned, &[]))
}

/// Lets a file in.
pub(crate) fn upload(
    engine: &Engine,
    request: &Request,
    caller: Caller,
    (file, now_ms, random): (File<'_>, u64, &Random),
) -> Result<Upload, Error> {
    let place = admit(engine, request, file, now_ms)?;
    let announced = request.headers.iter().find(|(name, _)| name == "content-length");
    let announced = announced.and_then(|(_, value)| value.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > FILE_BYTES_MAX) {
        return Err(Code::RequestEntityTooLarge.into());
    }
    let body = serde_json::json!({ "JobId": file.job, "UploadId": hex(&random.bytes::<16>()) });
    let head = head(&place, "ReceiveImportPiece", Protocol::File, caller);
    let ticket = Message { head, body: body.to_string().into_bytes() }.encode()?;
    Ok(Upload { place, ticket })
}

/// Lets a file out.
pub(crate) fn download(
    engine: &Engine,
    request: &Request,
    caller: Caller,
    (file, now_ms): (File<'_>, u64),
) -> Result<Download, Error> {
    let place = admit(engine, request, file, now_ms)?;
    let body = serde_json::json!({ "JobId": file.job });
    let head = head(&place, "ReadExportPage", Protocol::Pages, caller);
    let message = Message { head, body: body.to_string().into_bytes() }.encode()?;
    Ok(Download { place, message })
}

/// Checks that the URL is one of ours and still good.
fn admit(engine: &Engine, request: &Request, file: File<'_>, now_ms: u64) -> Result<Place, Error> {
    let place = Place::Pool(PoolKey::of_pool_id(file.pool_id).ok_or(Code::ResourceNotFound)?);
    let vault = engine.vault(&place).ok_or(Code::ServiceUnavailable)?;
    let expected = Expected { service: "s3", payload: Payload::MayBeLeftOut };
    let claim = sigv4::parse(Signed::from(request), &expected, now_ms)?;
    claim.verify(&secret(&vault))?;
    Ok(place)
}

fn head(place: &Place, operation: &str, protocol: Protocol, caller: Caller) -> Head {
    let caller = Caller { principal: Principal::Kernel, ..caller };
    let (place, operation) = (place.clone(), operation.to_string());
    let service = Service::Internal;
    Head { place, service, operation, protocol, caller, resolved: None }
}

/// What S3 would say: a status, the name of the error, and a sentence.
pub(crate) fn fault(error: &Error) -> (u16, &'static str, &str) {
    match error.code {
        Code::ConcurrentModification => (409, "OperationAborted", &error.message),
        Code::IncompleteSignature => (400, "AuthorizationQueryParametersError", &error.message),
        Code::InvalidSignature if error.message.starts_with("Signature expired") => {
            (403, "AccessDenied", "Request has expired")
        }
        Code::InvalidSignature => (403, "SignatureDoesNotMatch", &error.message),
        Code::MissingAuthenticationToken => (403, "AccessDenied", "Access Denied"),
        Code::PreconditionNotMet => (412, "PreconditionFailed", &error.message),
        Code::RequestEntityTooLarge => {
            (400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
        }
        Code::ResourceNotFound => (404, "NoSuchKey", "The specified key does not exist."),
        code => (code.status(), code.wire(), &error.message),
    }
}
