//! What S3 says when something can not be done.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>

use alloc::{
    borrow::Cow,
    string::{String, ToString},
    vec::Vec,
};

use super::{reply::Reply, xml::Xml};
use crate::{
    error::{Code, Error},
    http::Request,
};

/// An error as S3 tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) message: Cow<'static, str>,
    /// What else is told.
    details: Vec<(&'static str, String)>,
}

impl Fault {
    pub(super) fn new(
        status: u16,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, code, message: message.into(), details: Vec::new() }
    }

    pub(super) fn telling(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.details.push((name, value.into()));
        self
    }

    pub(super) fn access_denied() -> Self {
        Self::new(403, "AccessDenied", "Access Denied")
    }

    pub(super) fn bug() -> Self {
        Self::new(500, "InternalError", "We encountered an internal error. Please try again.")
    }

    pub(super) fn invalid_argument(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, "InvalidArgument", message)
    }

    pub(super) fn invalid_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, "InvalidRequest", message)
    }

    pub(super) fn invalid_uri() -> Self {
        Self::new(400, "InvalidURI", "Couldn't parse the specified URI.")
    }

    pub(super) fn malformed_xml() -> Self {
        let message = "The XML you provided was not well-formed or did not validate against our \
                       published schema";
        Self::new(400, "MalformedXML", message)
    }

    pub(super) fn method_not_allowed() -> Self {
        let message = "The specified method is not allowed against this resource.";
        Self::new(405, "MethodNotAllowed", message)
    }

    pub(super) fn no_such_bucket(name: &str) -> Self {
        Self::new(404, "NoSuchBucket", "The specified bucket does not exist")
            .telling("BucketName", name)
    }

    pub(super) fn no_such_key() -> Self {
        Self::new(404, "NoSuchKey", "The specified key does not exist.")
    }

    pub(super) fn no_such_upload() -> Self {
        let message = "The specified upload does not exist. The upload ID may be invalid, or the \
                       upload may have been aborted or completed.";
        Self::new(404, "NoSuchUpload", message)
    }

    /// Of a header or a parameter that means something that is not done here.
    pub(super) fn not_implemented(name: &str) -> Self {
        let message = "A header you provided implies functionality that is not implemented";
        Self::new(501, "NotImplemented", message).telling("Header", name)
    }

    pub(super) fn precondition_failed(condition: &str) -> Self {
        let message = "At least one of the pre-conditions you specified did not hold";
        Self::new(412, "PreconditionFailed", message).telling("Condition", condition)
    }

    /// Of a hash that the signature covers.
    pub(super) fn wrong_payload_hash(declared: &str) -> Self {
        let message =
            "The provided 'x-amz-content-sha256' header does not match what was computed.";
        Self::new(400, "XAmzContentSHA256Mismatch", message)
            .telling("ClientComputedContentSHA256", declared)
    }

    pub(super) fn wrong_signature() -> Self {
        let message = "The request signature we calculated does not match the signature you \
                       provided. Check your key and signing method.";
        Self::new(403, "SignatureDoesNotMatch", message)
    }

    pub(super) fn reply(&self, resource: &str, request_id: &str) -> Reply {
        let mut xml = Xml::plain("Error");
        xml.text("Code", self.code);
        xml.text("Message", &self.message);
        for (name, value) in &self.details {
            xml.text(name, value);
        }
        xml.text("Resource", resource);
        xml.text("RequestId", request_id);
        Reply::new(self.status).xml(xml)
    }
}

/// Of a signature that is missing, wrong, or out of date.
pub(super) fn of_signature(error: &Error, request: &Request) -> Fault {
    let message = error.message.to_string();
    let is_header = request.headers.iter().any(|(name, _)| name == "authorization");
    match error.code {
        Code::MissingAuthenticationToken => Fault::access_denied(),
        Code::UnrecognizedClient => {
            let message = "The AWS Access Key Id you provided does not exist in our records.";
            Fault::new(403, "InvalidAccessKeyId", message)
        }
        Code::ExpiredToken => Fault::new(400, "ExpiredToken", "The provided token has expired."),
        Code::IncompleteSignature if message.starts_with("Missing required header") => {
            Fault::invalid_request(message)
        }
        Code::IncompleteSignature if is_header => {
            Fault::new(400, "AuthorizationHeaderMalformed", message)
        }
        Code::IncompleteSignature => Fault::new(400, "AuthorizationQueryParametersError", message),
        Code::InvalidSignature if message.starts_with("Signature expired") && !is_header => {
            Fault::new(403, "AccessDenied", "Request has expired")
        }
        Code::InvalidSignature
            if message.starts_with("Signature not yet current") && !is_header =>
        {
            Fault::new(403, "AccessDenied", "Request is not valid yet")
        }
        Code::InvalidSignature if message.starts_with("Signature ") => {
            let message =
                "The difference between the request time and the current time is too large.";
            Fault::new(403, "RequestTimeTooSkewed", message)
        }
        Code::InvalidSignature if message.contains("'SignedHeader'") => {
            let message = "There were headers present in the request which were not signed";
            Fault::new(403, "AccessDenied", message)
        }
        Code::InvalidSignature if message.contains("scoped") || message.contains("scope does") => {
            Fault::new(400, "AuthorizationHeaderMalformed", message)
        }
        Code::InvalidSignature => Fault::wrong_signature(),
        _ => Fault::bug(),
    }
}

/// Of what R2 would not do. Its numbers are at
/// <https://developers.cloudflare.com/r2/api/error-codes/>.
pub(super) fn of_bucket(code: u32) -> Fault {
    match code {
        10007 => Fault::no_such_key(),
        10011 => Fault::new(
            400,
            "EntityTooSmall",
            "Your proposed upload is smaller than the minimum allowed size",
        ),
        10012 => metadata_too_large(),
        10020 => Fault::new(400, "KeyTooLongError", "Your key is too long"),
        10024 => Fault::no_such_upload(),
        10025 => Fault::new(
            400,
            "InvalidPart",
            "One or more of the specified parts could not be found. The part may not have been \
             uploaded, or the specified entity tag may not match the part's entity tag.",
        ),
        10031 => Fault::precondition_failed("If-Match"),
        BAD_DIGEST => bad_digest(),
        10039 => Fault::new(416, "InvalidRange", "The requested range is not satisfiable"),
        10048 => Fault::new(
            400,
            "InvalidPart",
            "All parts of an upload but the last one must be of the same size",
        ),
        10058 => Fault::new(503, "SlowDown", "Please reduce your request rate."),
        100_100 => Fault::new(
            400,
            "EntityTooLarge",
            "Your proposed upload exceeds the maximum allowed size",
        ),
        _ => Fault::bug(),
    }
}

/// R2's number for a hash that is another than what was said.
pub(super) const BAD_DIGEST: u32 = 10037;

pub(super) fn bad_digest() -> Fault {
    let message = "The Content-MD5 or checksum value that you specified did not match what the \
                   server received.";
    Fault::new(400, "BadDigest", message)
}

pub(super) fn incomplete_body() -> Fault {
    let message = "You did not provide the number of bytes specified by the Content-Length HTTP \
                   header";
    Fault::new(400, "IncompleteBody", message)
}

pub(super) fn metadata_too_large() -> Fault {
    let message = "Your metadata headers exceed the maximum allowed metadata size";
    Fault::new(400, "MetadataTooLarge", message)
}

pub(super) fn too_long_a_document() -> Fault {
    Fault::new(400, "MaxMessageLengthExceeded", "Your request was too big.")
}
