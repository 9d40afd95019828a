//! What comes out of a call into wasm? A frame: the length of its head (four bytes, the lowest
//! first), the head as JSON, and the rest as bytes. `edge/shim/frame.ts` opens it.

use kernel::{CacheEntry, Place, Response};
use serde::Serialize;

/// What to do with the bytes that follow.
#[derive(Debug, Serialize)]
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
        /// The object has no record left: whatever else it holds may go.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        is_empty: bool,
    },
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
    /// Take the request's body to an object in pieces, for which they are the ticket.
    Upload { binding: &'static str, name: String, piece_bytes: usize },
    /// Post them somewhere and bring the response's status back.
    Post { id: u32, url: &'a str, headers: Vec<&'a str>, limit_ms: u32 },
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
pub(crate) fn answer(response: &Response, log: Option<&str>, is_empty: bool) -> Vec<u8> {
    let headers = response.headers.iter();
    let headers = headers.flat_map(|(name, value)| [name.as_str(), value.as_str()]).collect();
    Head::Answer { status: response.status, headers, log, is_empty }.with(&response.body)
}

/// The answer to what must not happen; `log` is for the operator alone.
pub(crate) fn broken(log: &str) -> Vec<u8> {
    let error = kernel::Error::from(kernel::Code::Internal);
    let body = serde_json::json!({ "__type": error.code.wire(), "message": error.message });
    let response = Response::new(error.code.status())
        .with("x-amzn-errortype", format!("{}:", error.code.wire()))
        .body("application/x-amz-json-1.1", body.to_string());
    answer(&response, Some(log), false)
}

/// The binding under which the objects of that kind stand.
pub(crate) fn binding(place: &Place) -> &'static str {
    match place {
        Place::Account | Place::Outbox => "ACCOUNT",
        Place::Pool(_) | Place::Shard(..) => "USER_POOL",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_its_head_and_then_its_body() {
        let response = Response {
            status: 200,
            headers: vec![("a".into(), "\"b\n".into())],
            body: b"c".into(),
        };
        let frame = answer(&response, None, false);
        let (length, rest) = frame.split_first_chunk::<4>().unwrap();
        let (head, body) = rest.split_at(usize::try_from(u32::from_le_bytes(*length)).unwrap());
        assert_eq!(head, br#"{"kind":"answer","status":200,"headers":["a","\"b\n"]}"#);
        assert_eq!(body, b"c");
    }
}
