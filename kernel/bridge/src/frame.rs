//! What comes out of a call into wasm? A frame: the length of its head (four bytes, the lowest
//! first), the head as JSON, and the rest as bytes.

use kernel::{Code, Error, Response};
use serde::Serialize;

/// A head, and the bytes with which to do what it says.
pub fn frame(head: &impl Serialize, body: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(512 + body.len());
    frame.extend_from_slice(&[0; 4]);
    if serde_json::to_writer(&mut frame, head).is_err() {
        frame.truncate(4);
    }
    let length = u32::try_from(frame.len() - 4).unwrap_or(0);
    if let Some(start) = frame.first_chunk_mut() {
        *start = length.to_le_bytes();
    }
    frame.extend_from_slice(body);
    frame
}

/// The names and values of a response's headers, in turn.
#[must_use]
pub fn headers(response: &Response) -> Vec<&str> {
    let headers = response.headers.iter();
    headers.flat_map(|(name, value)| [name.as_str(), value.as_str()]).collect()
}

/// The answer to what must not happen.
#[must_use]
pub fn broken() -> Response {
    let error = Error::from(Code::Internal);
    let body = serde_json::json!({ "__type": error.code.wire(), "message": error.message });
    Response::new(error.code.status())
        .with("x-amzn-errortype", format!("{}:", error.code.wire()))
        .body("application/x-amz-json-1.1", body.to_string())
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
        let frame = frame(&headers(&response), &response.body);
        let (length, rest) = frame.split_first_chunk::<4>().unwrap();
        let (head, body) = rest.split_at(usize::try_from(u32::from_le_bytes(*length)).unwrap());
        assert_eq!(head, br#"["a","\"b\n"]"#);
        assert_eq!(body, b"c");
    }

    #[test]
    fn what_must_not_happen_is_told_as_cognito_tells_it() {
        let response = broken();
        assert_eq!(response.status, 500);
        assert_eq!(response.header("x-amzn-errortype"), Some("InternalErrorException:"));
    }
}
