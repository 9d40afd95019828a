//! Are the bytes that come in those that the caller meant? They are compared on their way, and what
//! is in doubt never gets to the bucket whole: the last of it waits until all is well.

mod checksum;
mod framing;

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::mem;

use base64::{Engine, prelude::BASE64_STANDARD};

use self::{
    checksum::{Algorithm, Checksum},
    framing::Framing,
};
use super::{asked::Asked, bucket::Body, fault, fault::Fault, reply::Reply};
use crate::{access::sigv4::Proven, crypto::hex};

/// How an object comes in.
pub(super) struct Inflow {
    /// How many bytes the object has; of a document, that is not said.
    bytes: Option<u64>,
    /// How many of them came.
    came: u64,
    /// What the caller says that they come to.
    checks: Vec<Check>,
    /// The hash that the signature covers, if it covers one.
    payload_hash: Option<String>,
    framing: Framing,
    /// What waits to go on.
    held: Vec<u8>,
    /// Why the object is refused.
    refused: Option<Fault>,
}

/// A checksum and what it is to be.
struct Check {
    checksum: Checksum,
    /// Not yet known if it comes after the body.
    wanted: Option<Vec<u8>>,
    said: Said,
}

/// Where a checksum was said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    ContentMd5,
    Header,
    Signature,
    Trailer,
}

/// S3's bound of what comes with one request, and R2's but for five megabytes.
const BYTES_MAX: u64 = 5 << 30;
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

impl Inflow {
    pub(super) fn new(asked: &Asked, proven: Proven) -> Result<Self, Fault> {
        let payload = proven.payload().to_string();
        let mut checks = checks(asked)?;
        let mut payload_hash = None;
        let framing = match payload.as_str() {
            UNSIGNED => Framing::plain(),
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => Framing::chunked(None),
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" | "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => {
                Framing::chunked(Some(proven.chain()))
            }
            hash => {
                let wanted = unhex(hash).filter(|hash| hash.len() == 32);
                let wanted = wanted.ok_or_else(|| wrong_word(hash))?;
                payload_hash = Some(payload.clone());
                checks.push(Check::new(Algorithm::Sha256, Some(wanted), Said::Signature));
                Framing::plain()
            }
        };
        let framing = match payload.ends_with("-TRAILER") {
            true => {
                let algorithm = trailing(asked)?;
                checks
                    .extend(algorithm.map(|algorithm| Check::new(algorithm, None, Said::Trailer)));
                framing.with_trailer(algorithm.map(Algorithm::header))
            }
            false => framing,
        };
        let bytes = Some(bytes(asked, framing.is_chunked())?);
        let held = Vec::new();
        Ok(Self { bytes, came: 0, checks, payload_hash, framing, held, refused: None })
    }

    /// A document, which is in memory when it is looked at.
    pub(super) fn of_document(asked: &Asked, proven: &Proven) -> Result<Self, Fault> {
        let payload = proven.payload();
        // Beside the parts of an upload, the checksum is of the object that they make.
        let is_about_itself = asked.parameter("uploadId").is_none();
        let mut checks = if is_about_itself { checks(asked)? } else { Vec::new() };
        let mut payload_hash = None;
        if payload != UNSIGNED {
            let wanted = unhex(payload).filter(|hash| hash.len() == 32);
            let wanted = Some(wanted.ok_or_else(|| wrong_word(payload))?);
            payload_hash = Some(payload.to_string());
            checks.push(Check::new(Algorithm::Sha256, wanted, Said::Signature));
        }
        let (framing, held) = (Framing::plain(), Vec::new());
        Ok(Self { bytes: None, came: 0, checks, payload_hash, framing, held, refused: None })
    }

    /// Takes a document that came at once.
    pub(super) fn whole(&mut self, body: &[u8]) -> Result<(), Fault> {
        self.take(body)?;
        self.end().map(drop)
    }

    /// What the host is to know of the body, and a hash that it can leave to the bucket to compare:
    /// then no byte need pass through here.
    pub(super) fn body(&self, may_delegate: bool) -> (Body, Option<(&'static str, String)>) {
        let delegated = match (self.framing.is_chunked() || !may_delegate, &*self.checks) {
            (false, [check]) => check.for_bucket(),
            _ => None,
        };
        let passes = delegated.is_none() && (self.framing.is_chunked() || !self.checks.is_empty());
        (Body { bytes: self.bytes.unwrap_or_default(), passes }, delegated)
    }

    /// Takes some bytes and gives such as may go on. Nothing if the object is refused.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        self.taken(|inflow| inflow.take(bytes))
    }

    /// Gives the last ones, if all is well.
    pub(super) fn finish(&mut self) -> Option<Vec<u8>> {
        self.taken(Self::end)
    }

    /// Why the object is refused, if it is.
    pub(super) fn refused(&self) -> Option<Fault> {
        self.refused.clone()
    }

    /// What to say of a hash that the bucket found to be another.
    pub(super) fn mismatch(&self) -> Fault {
        match &self.payload_hash {
            Some(declared) => Fault::wrong_payload_hash(declared),
            None => fault::bad_digest(),
        }
    }

    /// Says in an answer which checksums were compared.
    pub(super) fn add_to(&self, mut reply: Reply) -> Reply {
        for check in &self.checks {
            if let (Said::Header | Said::Trailer, Some(wanted)) = (check.said, &check.wanted) {
                let value = BASE64_STANDARD.encode(wanted);
                reply = reply.with(check.checksum.algorithm().header(), value);
                reply = reply.with("x-amz-checksum-type", "FULL_OBJECT");
            }
        }
        reply
    }

    fn taken(&mut self, take: impl FnOnce(&mut Self) -> Result<Vec<u8>, Fault>) -> Option<Vec<u8>> {
        if self.refused.is_some() {
            return None;
        }
        take(self).map_err(|fault| self.refused = Some(fault)).ok()
    }

    fn take(&mut self, bytes: &[u8]) -> Result<Vec<u8>, Fault> {
        let mut fresh = Vec::with_capacity(bytes.len());
        self.framing.read(bytes, &mut fresh)?;
        if fresh.is_empty() {
            return Ok(fresh);
        }
        let length = u64::try_from(fresh.len()).map_err(|_| Fault::bug())?;
        self.came = self.came.saturating_add(length);
        if self.bytes.is_some_and(|bytes| self.came > bytes) {
            return Err(fault::incomplete_body());
        }
        for check in &mut self.checks {
            check.checksum.update(&fresh);
        }
        Ok(mem::replace(&mut self.held, fresh))
    }

    fn end(&mut self) -> Result<Vec<u8>, Fault> {
        let trailer = self.framing.end()?;
        if self.bytes.is_some_and(|bytes| self.came != bytes) {
            return Err(fault::incomplete_body());
        }
        for check in &mut self.checks {
            if check.said == Said::Trailer {
                let algorithm = check.checksum.algorithm();
                let wanted = trailer.as_deref().and_then(|value| algorithm.read(value));
                check.wanted = Some(wanted.ok_or_else(|| wrong_value(algorithm))?);
            }
            if check.wanted.as_deref() != Some(&*check.checksum.value()) {
                return Err(match (&self.payload_hash, check.said) {
                    (Some(declared), Said::Signature) => Fault::wrong_payload_hash(declared),
                    _ => fault::bad_digest(),
                });
            }
        }
        Ok(mem::take(&mut self.held))
    }
}

impl Check {
    fn new(algorithm: Algorithm, wanted: Option<Vec<u8>>, said: Said) -> Self {
        Self { checksum: Checksum::new(algorithm), wanted, said }
    }

    /// The same for a bucket, which knows some algorithms.
    fn for_bucket(&self) -> Option<(&'static str, String)> {
        let name = self.checksum.algorithm().known_to_buckets()?;
        Some((name, hex(self.wanted.as_deref()?)))
    }
}

/// What is said of the body in headers.
fn checks(asked: &Asked) -> Result<Vec<Check>, Fault> {
    let mut checks = Vec::new();
    for algorithm in Algorithm::ALL {
        if let Some(value) = asked.header(algorithm.header()) {
            let wanted = algorithm.read(value).ok_or_else(|| wrong_value(algorithm))?;
            checks.push(Check::new(algorithm, Some(wanted), Said::Header));
        }
    }
    if checks.len() > 1 {
        return Err(Fault::invalid_request(
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
        ));
    }
    if let Some(value) = asked.header("content-md5") {
        let wanted = Algorithm::Md5.read(value).ok_or_else(|| {
            Fault::new(400, "InvalidDigest", "The Content-MD5 you specified was invalid.")
        })?;
        checks.push(Check::new(Algorithm::Md5, Some(wanted), Said::ContentMd5));
    }
    Ok(checks)
}

/// The checksum that is to come after the body.
fn trailing(asked: &Asked) -> Result<Option<Algorithm>, Fault> {
    let Some(name) = asked.header("x-amz-trailer") else { return Ok(None) };
    let known = Algorithm::ALL.into_iter().find(|known| known.header().eq_ignore_ascii_case(name));
    known.map(Some).ok_or_else(|| {
        Fault::invalid_request("The value specified in the x-amz-trailer header is not supported")
    })
}

/// How many bytes the object is to have.
fn bytes(asked: &Asked, is_chunked: bool) -> Result<u64, Fault> {
    let name = if is_chunked { "x-amz-decoded-content-length" } else { "content-length" };
    let missing = || {
        Fault::new(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
    };
    let bytes = asked.header(name).ok_or_else(missing)?;
    let is_number = bytes.bytes().all(|byte| byte.is_ascii_digit());
    let bytes = bytes.parse().ok().filter(|_| is_number);
    let bytes = bytes.ok_or_else(|| Fault::invalid_argument(format!("{name} is not a number")))?;
    match bytes > BYTES_MAX {
        true => Err(fault::of_bucket(100_100)),
        false => Ok(bytes),
    }
}

fn wrong_value(algorithm: Algorithm) -> Fault {
    let header = algorithm.header();
    Fault::invalid_request(format!("Value for {header} header is invalid."))
}

fn wrong_word(word: &str) -> Fault {
    match word.starts_with("STREAMING-") {
        true => Fault::not_implemented("x-amz-content-sha256"),
        false => Fault::invalid_argument(
            "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, \
             STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a \
             valid sha256 value.",
        ),
    }
}

/// The bytes that hexadecimal digits stand for.
pub(super) fn unhex(digits: &str) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let pairs = digits.as_bytes().chunks(2).map(|pair| core::str::from_utf8(pair).ok());
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}
