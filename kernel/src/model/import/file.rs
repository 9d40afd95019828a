//! The file that was sent for an import: how do its pieces come in, and how are its lines read?
//!
//! It holds hashes of passwords, so that its pieces are sealed.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::ImportJob;
use crate::{
    crypto::{Purpose, Sealed},
    cx::Cx,
    error::{Code, Error},
    store::{Record, keys},
    transfer::{FILE_BYTES_MAX, PIECE_BYTES},
};

/// What is known of a job's file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct File {
    /// The upload that the pieces are of.
    upload: String,
    bytes: u64,
    pub(crate) line_ends: u64,
    /// Half a file is none.
    pub(crate) is_whole: bool,
}

/// Up to where a file was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    bytes: u64,
    lines: u64,
}

impl Cursor {
    /// The number of the line that is read next.
    pub(super) const fn next_line(self) -> u64 {
        self.lines + 1
    }
}

/// A piece of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Piece {
    sealed: Sealed,
}

impl Record for Piece {}

/// A piece that came.
pub(crate) struct Came<'a> {
    pub(crate) upload: &'a str,
    pub(crate) offset: u64,
    pub(crate) is_last: bool,
    pub(crate) bytes: &'a [u8],
}

/// One line of a file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// The file's first line is number 1.
    pub(crate) number: u64,
    /// Nothing, if the line is too long or no UTF-8.
    pub(crate) text: Option<String>,
}

/// Cognito's bound of a line, in characters.
const LINE_CHARS_MAX: usize = 16_000;
const LINE_BYTES_MAX: usize = 4 * LINE_CHARS_MAX;

impl ImportJob {
    /// Takes the next piece of the file. One with which another upload begins puts an end to what
    /// came before.
    ///
    /// # Errors
    /// `PreconditionNotMetException` if the file is there already,
    /// `ConcurrentModificationException` if the piece does not follow on the one before,
    /// `RequestEntityTooLargeException`.
    pub(crate) fn receive(&mut self, cx: &Cx, came: &Came<'_>) -> Result<(), Error> {
        if self.file.is_whole {
            let message = "The file of the import job was sent already.";
            return Err(Error::saying(Code::PreconditionNotMet, message));
        }
        if came.offset == 0 {
            cx.delete_range(keys::under(&keys::import_file(&self.id)));
            self.file = File { upload: came.upload.into(), ..File::default() };
        }
        let is_next = came.upload == self.file.upload && came.offset == self.file.bytes;
        let is_full = came.bytes.len() == PIECE_BYTES;
        if !is_next || !(is_full || (came.is_last && came.bytes.len() < PIECE_BYTES)) {
            let message = "The file of the import job is being sent by another request.";
            return Err(Error::saying(Code::ConcurrentModification, message));
        }
        let key = keys::import_piece(&self.id, piece_at(came.offset)?);
        self.file.bytes += came.bytes.len() as u64;
        if self.file.bytes > FILE_BYTES_MAX {
            return Err(Code::RequestEntityTooLarge.into());
        }
        self.file.line_ends += came.bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.file.is_whole = came.is_last;
        if came.bytes.is_empty() {
            return Ok(());
        }
        let sealed = cx.vault()?.seal(Purpose::File, &key, came.bytes, &cx.random)?;
        cx.put(&key, &Piece { sealed })
    }

    /// At most `limit` lines from the cursor on, which moves behind them; fewer at the file's end.
    pub(crate) fn read(&mut self, cx: &Cx, limit: usize) -> Result<Vec<Line>, Error> {
        let mut lines = Vec::with_capacity(limit);
        let mut pieces = Pieces::at(cx, &self.id, self.cursor.bytes)?;
        while lines.len() < limit {
            let Some((text, bytes)) = pieces.line(cx)? else { break };
            self.cursor.bytes += bytes;
            self.cursor.lines += 1;
            lines.push(Line { number: self.cursor.lines, text });
        }
        Ok(lines)
    }
}

fn piece_at(offset: u64) -> Result<u32, Error> {
    u32::try_from(offset / PIECE_BYTES as u64).map_err(|_| Error::bug("a file has no such place"))
}

/// A file from some place on, as much of it as was read.
struct Pieces<'a> {
    job: &'a str,
    /// What was read and not used yet.
    buffer: Vec<u8>,
    used: usize,
    next: u32,
}

impl<'a> Pieces<'a> {
    fn at(cx: &Cx, job: &'a str, offset: u64) -> Result<Self, Error> {
        let mut pieces = Self { job, buffer: Vec::new(), used: 0, next: piece_at(offset)? };
        pieces.load(cx)?;
        pieces.used = usize::try_from(offset % PIECE_BYTES as u64).unwrap_or(usize::MAX);
        Ok(pieces)
    }

    /// Reads one more piece; says whether there was one.
    fn load(&mut self, cx: &Cx) -> Result<bool, Error> {
        let key = keys::import_piece(self.job, self.next);
        let Some(piece) = cx.get::<Piece>(key.as_str())? else { return Ok(false) };
        self.buffer.drain(..self.used.min(self.buffer.len()));
        self.used = 0;
        self.buffer.extend(cx.vault()?.open(Purpose::File, &key, &piece.sealed)?);
        self.next += 1;
        Ok(true)
    }

    /// The next line and how many bytes it takes up, if there is one.
    fn line(&mut self, cx: &Cx) -> Result<Option<(Option<String>, u64)>, Error> {
        let mut dropped = 0;
        loop {
            let rest = self.buffer.get(self.used..).unwrap_or_default();
            if let Some(len) = rest.iter().position(|byte| *byte == b'\n') {
                let text = if dropped > 0 { None } else { text_of(rest.get(..len)) };
                self.used += len + 1;
                return Ok(Some((text, dropped + len as u64 + 1)));
            }
            if rest.len() > LINE_BYTES_MAX {
                // It is too long already: only its end is looked for.
                dropped += rest.len() as u64;
                self.used = self.buffer.len();
            }
            if self.load(cx)? {
                continue;
            }
            let rest = self.buffer.get(self.used..).unwrap_or_default();
            let bytes = dropped + rest.len() as u64;
            let text = if dropped > 0 { None } else { text_of(Some(rest)) };
            self.used = self.buffer.len();
            return Ok((bytes > 0).then_some((text, bytes)));
        }
    }
}

fn text_of(bytes: Option<&[u8]>) -> Option<String> {
    let text = core::str::from_utf8(bytes?).ok()?;
    let text = text.strip_suffix('\r').unwrap_or(text);
    (text.chars().count() <= LINE_CHARS_MAX).then(|| text.into())
}
