//! What comes out of a call into wasm? A frame; these are the heads that there are.
//! `edge/shim/frame.ts` opens it.

use kernel::{CacheEntry, Place, Response, s3::Access};
use serde::Serialize;

/// What to do with the bytes that follow.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Head<'a> {
    /// Do this with a bucket and say what came of it.
    Access {
        binding: &'a str,
        access: &'a Access,
        /// Where the bucket is bound from which a copy is made.
        #[serde(skip_serializing_if = "Option::is_none")]
        source: Option<&'a str>,
    },
    /// Answer the caller with them.
    Answer {
        status: u16,
        /// Names and values in turn.
        headers: Vec<&'a str>,
        /// A line for the operator.
        #[serde(skip_serializing_if = "Option::is_none")]
        log: Option<&'a str>,
        /// The object has no record left: whatever else it holds may go.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        is_empty: bool,
        /// What goes on once the caller has it.
        #[serde(skip_serializing_if = "Option::is_none")]
        afterwards: Option<u32>,
    },
    /// Pass them on to an object and bring its response back to the visit.
    Ask { binding: &'static str, name: String },
    /// Ask an object with them for the first page of a file, and for the next ones, for the caller.
    Download { binding: &'static str, name: String },
    /// Pass them on to another object, whose response is the answer.
    Forward {
        binding: &'static str,
        name: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache: Option<Cache<'a>>,
    },
    /// Pass them on to another object and bring its response back.
    Call { id: u32, binding: &'static str, name: String, limit_ms: u32 },
    /// Read what is there, posting them as a form if there are any, and bring it back.
    Fetch {
        id: u32,
        url: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        authorization: Option<&'a str>,
        limit_ms: u32,
    },
    /// Bring the request's body, but no more than one byte over that many.
    Read { bytes_max: usize },
    /// Answer the caller with the bytes of the object that was read.
    Stream { status: u16, headers: Vec<&'a str> },
    /// Take the request's body to an object in pieces, for which they are the ticket.
    Upload { binding: &'static str, name: String, piece_bytes: usize },
    /// Post them somewhere, through a service binding if one is named, and bring the response back.
    Invoke {
        id: u32,
        url: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        service: Option<&'a str>,
        headers: Vec<&'a str>,
        limit_ms: u32,
        bytes_max: u32,
    },
    /// Have them sent, a mail in JSON, by the binding of that name, and say what came of it.
    Mail { id: u32, binding: &'a str, limit_ms: u32 },
    /// Post them somewhere and bring the response's status back, with the body of a refusal.
    Post { id: u32, url: &'a str, headers: Vec<&'a str>, limit_ms: u32, bytes_max: u32 },
}

/// Where a public document may be kept.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cache<'a> {
    key: &'a str,
    max_age_s: u32,
}

impl<'a> From<&'a CacheEntry> for Cache<'a> {
    fn from(entry: &'a CacheEntry) -> Self {
        Self { key: &entry.key, max_age_s: entry.max_age_s }
    }
}

impl Head<'_> {
    pub(crate) fn with(&self, body: &[u8]) -> Vec<u8> {
        bridge::frame(self, body)
    }
}

/// The frame of an answer.
pub(crate) fn answer(response: &Response, log: Option<&str>, is_empty: bool) -> Vec<u8> {
    answer_and_go_on(response, log, (is_empty, None))
}

/// The same, after which something goes on.
pub(crate) fn answer_and_go_on(
    response: &Response,
    log: Option<&str>,
    (is_empty, afterwards): (bool, Option<u32>),
) -> Vec<u8> {
    let headers = bridge::headers(response);
    Head::Answer { status: response.status, headers, log, is_empty, afterwards }
        .with(&response.body)
}

/// The answer to what must not happen; `log` is for the operator alone.
pub(crate) fn broken(log: &str) -> Vec<u8> {
    answer(&bridge::broken(), Some(log), false)
}

/// The binding under which the objects of that kind stand.
pub(crate) fn binding(place: &Place) -> &'static str {
    match place {
        Place::Account | Place::Outbox => "ACCOUNT",
        Place::IdentityPool(_) => "IDENTITY_POOL",
        Place::Pool(_) | Place::Shard(..) => "USER_POOL",
    }
}
