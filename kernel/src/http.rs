//! HTTP as the kernel sees it: values, no sockets.

use alloc::{string::String, vec::Vec};
use core::fmt;

/// A request as it came over the wire.
#[derive(Clone, Default)]
pub struct Request {
    /// The method, in upper case.
    pub method: String,
    /// Scheme, host and port at which the service was called: `https://id.example.com`.
    pub origin: String,
    /// The path, still percent-encoded, beginning with `/`.
    pub path: String,
    /// The query without its `?`, still percent-encoded.
    pub query: String,
    /// Header names in lower case, in the order of the wire.
    pub headers: Vec<(String, String)>,
    /// The body; a host need not read more than [`BODY_BYTES_MAX`] plus one byte of it.
    pub body: Vec<u8>,
    /// The address that the request came from, where the host knows it.
    pub address: String,
}

/// The largest body that is looked at; a larger one is answered with 413.
pub const BODY_BYTES_MAX: usize = 1 << 20;

/// The headers that are read of a request without a signature; with one, all of them may be.
pub const HEADERS_READ: &[&str] = &["access-control-request-headers", "user-agent", "x-amz-target"];

impl Request {
    /// The first header of that name, which is one of [`HEADERS_READ`].
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        debug_assert!(HEADERS_READ.contains(&name), "hosts do not know that {name} is read");
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

// Headers, query and body carry secrets.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} {})", self.method, self.path)
    }
}

/// A response to be sent as it is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Headers in the order in which to send them.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({})", self.status)
    }
}

impl Response {
    /// A response of that status with no header but those that let browsers of any origin read it.
    #[must_use]
    pub fn new(status: u16) -> Self {
        let headers = [
            ("access-control-allow-origin", "*"),
            ("access-control-expose-headers", "x-amzn-errortype,x-amzn-requestid,date,retry-after"),
            ("x-content-type-options", "nosniff"),
        ];
        let headers = headers.map(|(name, value)| (String::from(name), String::from(value)));
        Self { status, headers: headers.into(), body: Vec::new() }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((String::from(name), value.into()));
        self
    }

    /// The same with a body of that media type.
    #[must_use]
    pub fn body(self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut response = self.with("content-type", media_type);
        response.body = body.into();
        response
    }

    /// The first header of that (lower-case) name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}
