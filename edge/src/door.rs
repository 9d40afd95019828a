//! How does an HTTP request come in? As lines of text and a body; it goes on as a frame.

use kernel::{Received, Request};
use wasm_bindgen::prelude::*;

use crate::{
    frame::{self, Head},
    host,
};

/// Takes a request in: `head` is one line each for the method and the URL, then two for each
/// header, its (lower-case) name and its value; none of them can hold a line's end.
#[wasm_bindgen]
pub fn receive(head: &[u8], body: Vec<u8>, now: f64) -> Vec<u8> {
    let host = match host::host() {
        Ok(host) => host,
        Err(response) => return frame::answer(&response, None, false),
    };
    let (Some(request), Some(seed)) = (read(head, body), host::seed()) else {
        return frame::broken("a request could not be read");
    };
    match host.front.receive(&request, host::milliseconds(now), seed) {
        Received::Answer(response) => frame::answer(&response, None, false),
        Received::Download(download) => {
            let (binding, name) = (frame::binding(&download.place), download.place.name());
            Head::Download { binding, name }.with(&download.message)
        }
        Received::Upload(upload) => {
            let (binding, name) = (frame::binding(&upload.place), upload.place.name());
            let piece_bytes = kernel::PIECE_BYTES;
            Head::Upload { binding, name, piece_bytes }.with(&upload.ticket)
        }
        Received::Forward(forward) => Head::Forward {
            binding: frame::binding(&forward.place),
            name: forward.place.name(),
            cache: forward.cache.as_ref().map(Into::into),
        }
        .with(&forward.message),
    }
}

/// The message that brings a piece of an upload to its object; `offset` counts the bytes before it.
#[wasm_bindgen]
#[must_use]
pub fn piece(ticket: &[u8], offset: f64, is_last: bool, bytes: Vec<u8>) -> Vec<u8> {
    kernel::piece(ticket, host::whole(offset), is_last, bytes).unwrap_or_default()
}

/// The message that asks for the next page of a download.
#[wasm_bindgen(js_name = nextPage)]
#[must_use]
pub fn next_page(ticket: &[u8], next: &str) -> Vec<u8> {
    kernel::next_page(ticket, next).unwrap_or_default()
}

/// The names of the headers that are read of a request without a signature, a line each.
#[wasm_bindgen(js_name = headersRead)]
#[must_use]
pub fn headers_read() -> String {
    [kernel::HEADERS_READ, &[ADDRESS]].concat().join("\n")
}

/// Where Cloudflare says who is at the other end.
const ADDRESS: &str = "cf-connecting-ip";

fn read(head: &[u8], body: Vec<u8>) -> Option<Request> {
    let mut lines = std::str::from_utf8(head).ok()?.split('\n');
    let method = lines.next()?.to_owned();
    let (origin, path, query) = split(lines.next()?)?;
    let mut headers = Vec::with_capacity(24);
    while let (Some(name), Some(value)) = (lines.next(), lines.next()) {
        headers.push((name.to_owned(), value.to_owned()));
    }
    let address = headers.iter().find(|(name, _)| name == ADDRESS);
    let address = address.map(|(_, value)| value.clone()).unwrap_or_default();
    Some(Request {
        method,
        origin: origin.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body,
        address,
    })
}

/// The origin, path and query of a URL in the form that runtimes give it.
fn split(url: &str) -> Option<(&str, &str, &str)> {
    let host = url.find("://")? + 3;
    let path = url.get(host..)?.find('/')? + host;
    let (origin, rest) = url.split_at_checked(path)?;
    let rest = rest.split('#').next()?;
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    Some((origin, path, query))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_from_its_lines() {
        let head = "POST\nhttps://id.example.com:8443/a%20b?c=d?e\nx-amz-date\nnow: or never\ncf-connecting-ip\n192.0.2.1";
        let request = read(head.as_bytes(), b"{}".to_vec()).unwrap();
        assert_eq!(request.method, "POST");
        assert_eq!(request.origin, "https://id.example.com:8443");
        assert_eq!((request.path.as_str(), request.query.as_str()), ("/a%20b", "c=d?e"));
        assert!(request.headers.contains(&("x-amz-date".into(), "now: or never".into())));
        assert_eq!(request.address, "192.0.2.1");
    }

    #[test]
    fn an_empty_value_is_still_a_header() {
        let request = read(b"GET\nhttp://localhost/\nx-empty\n", Vec::new()).unwrap();
        assert_eq!(request.headers, [("x-empty".into(), String::new())]);
        assert_eq!((request.path.as_str(), request.query.as_str()), ("/", ""));
    }
}
