//! What comes out of a call into wasm? A frame; these are the heads that there are.
//! `js/src/kernel/frame.ts` opens it.

use kernel::Response;
use serde::Serialize;

use crate::crypto::Hole;

/// What to do with the bytes that follow.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Head<'a> {
    /// Answer the caller with them.
    Answer {
        status: u16,
        /// Names and values in turn.
        headers: Vec<&'a str>,
        /// A line for the operator.
        #[serde(skip_serializing_if = "Option::is_none")]
        log: Option<&'a str>,
        /// What to fill with signatures before.
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        holes: &'a [Hole],
    },
    /// Begin a call at that place, whose answer is the caller's.
    Forward { place: String },
    /// Begin a call at that place and bring its answer back.
    Call { id: u32, place: String },
    /// Hand them, a delivery as JSON, to whoever sends messages.
    Deliver { id: u32 },
    /// Read what is there, posting them as a form if there are any, and bring it back.
    Fetch {
        id: u32,
        url: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        authorization: Option<&'a str>,
    },
    /// Call the function of that ARN with them, an event as JSON.
    Invoke { id: u32, function: &'a str, trigger: &'static str },
    /// Make a key pair; nothing follows.
    MakeKey { id: u32, algorithm: &'static str },
    /// Say whether so many of their first bytes are a signature of the rest; `key` is a JWK.
    Verify { id: u32, algorithm: &'static str, key: &'a str, signature_bytes: usize },
}

impl Head<'_> {
    pub(crate) fn with(&self, body: &[u8]) -> Vec<u8> {
        bridge::frame(self, body)
    }
}

/// The frame of an answer.
pub(crate) fn answer(response: &Response, log: Option<&str>, holes: &[Hole]) -> Vec<u8> {
    let headers = bridge::headers(response);
    Head::Answer { status: response.status, headers, log, holes }.with(&response.body)
}

/// The answer to what must not happen; `log` is for the operator alone.
pub(crate) fn broken(log: &str) -> Vec<u8> {
    answer(&bridge::broken(), Some(log), &[])
}
