//! What comes out of a call into wasm? A frame: the length of its head (four bytes, the lowest
//! first), the head as JSON, and the rest as bytes. `js/src/kernel/frame.ts` opens it.

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
    /// Make a key pair; nothing follows.
    MakeKey { id: u32, algorithm: &'static str },
    /// Say whether so many of their first bytes are a signature of the rest; `key` is a JWK.
    Verify { id: u32, algorithm: &'static str, key: &'a str, signature_bytes: usize },
}

impl Head<'_> {
    pub(crate) fn with(&self, body: &[u8]) -> Vec<u8> {
        let mut frame = Vec::with_capacity(512 + body.len());
        frame.extend_from_slice(&[0; 4]);
        if serde_json::to_writer(&mut frame, self).is_err() {
            frame.truncate(4);
        }
        let length = u32::try_from(frame.len() - 4).unwrap_or(0);
        if let Some(start) = frame.first_chunk_mut() {
            *start = length.to_le_bytes();
        }
        frame.extend_from_slice(body);
        frame
    }
}

/// The frame of an answer.
pub(crate) fn answer(response: &Response, log: Option<&str>, holes: &[Hole]) -> Vec<u8> {
    let headers = response.headers.iter();
    let headers = headers.flat_map(|(name, value)| [name.as_str(), value.as_str()]).collect();
    Head::Answer { status: response.status, headers, log, holes }.with(&response.body)
}

/// The answer to what must not happen; `log` is for the operator alone.
pub(crate) fn broken(log: &str) -> Vec<u8> {
    let error = kernel::Error::from(kernel::Code::Internal);
    let body = serde_json::json!({ "__type": error.code.wire(), "message": error.message });
    let response = Response::new(error.code.status())
        .with("x-amzn-errortype", format!("{}:", error.code.wire()))
        .body("application/x-amz-json-1.1", body.to_string());
    answer(&response, Some(log), &[])
}
