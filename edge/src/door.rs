//! How does an HTTP request come in? As lines of text and a body; it goes on as a frame.

use kernel::Received;
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
    let (Some(request), Some(seed)) = (bridge::read(head, body, Some(ADDRESS)), host::seed())
    else {
        return frame::broken("a request could not be read");
    };
    match host.front.receive(&request, bridge::whole(now), seed) {
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
    kernel::piece(ticket, bridge::whole(offset), is_last, bytes).unwrap_or_default()
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
pub(crate) const ADDRESS: &str = "cf-connecting-ip";
