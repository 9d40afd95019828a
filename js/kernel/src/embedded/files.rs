//! How do files come and go where everything is in one process? As a whole, in the same pieces.

use kernel::{Download, NEXT_PAGE, PIECE_BYTES, Response, Upload};

use super::Embedded;
use crate::frame;

/// Takes a file in.
pub(super) fn upload(embedded: &Embedded, upload: &Upload, body: &[u8], now: f64) -> Vec<u8> {
    let pieces: Vec<&[u8]> = match body {
        [] => vec![body],
        _ => body.chunks(PIECE_BYTES).collect(),
    };
    let mut offset = 0;
    for (n, bytes) in (1..).zip(&pieces) {
        let is_last = n == pieces.len();
        let piece = kernel::piece(&upload.ticket, offset, is_last, bytes.to_vec());
        let response = piece.and_then(|piece| embedded.answer(&upload.place, &piece, now));
        match response {
            Some(response) if !is_last && response.status == 200 => offset += bytes.len() as u64,
            Some(response) => return frame::answer(&response, None, &[]),
            None => break,
        }
    }
    frame::broken("a piece of a file was not taken")
}

/// Gives a file out.
pub(super) fn download(embedded: &Embedded, download: &Download, now: f64) -> Vec<u8> {
    let Some(mut file) = embedded.answer(&download.place, &download.message, now) else {
        return frame::broken("a file can't be read");
    };
    while let Some(next) = file.header(NEXT_PAGE) {
        let message = kernel::next_page(&download.message, next);
        let page = message.and_then(|page| embedded.answer(&download.place, &page, now));
        match page.filter(|page| page.status == 200) {
            Some(page) => {
                let body = [file.body, page.body].concat();
                file = Response { body, headers: page.headers, ..file };
            }
            None => return frame::broken("a page of a file can't be read"),
        }
    }
    frame::answer(&file, None, &[])
}
