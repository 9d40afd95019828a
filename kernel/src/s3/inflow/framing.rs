//! How does a body come? As it is, or in chunks with signatures and lines after the last of them.
//!
//! `{hex length};chunk-signature={hex}\r\n{bytes}\r\n` and so on, the last chunk empty, then lines
//! `{name}:{value}\r\n` if any were announced, then `\r\n`.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html>

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};

use sha2::{Digest, Sha256};

use crate::{
    access::sigv4::Chain,
    s3::{fault, fault::Fault},
};

/// The form of a body, and how far it was read.
pub(super) enum Framing {
    Chunked(Box<Chunked>),
    Plain,
}

/// A body in chunks.
pub(super) struct Chunked {
    /// What the chunks are signed with, if they are.
    chain: Option<Chain>,
    hash: Sha256,
    /// What was read of a line.
    line: Vec<u8>,
    /// The signature of the chunk that is being read.
    signature: String,
    state: State,
    trailer: Trailer,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// The line before a chunk.
    Head,
    /// So many bytes of a chunk are left.
    Data(u64),
    /// The line's end after a chunk.
    End,
    /// The lines after the last chunk.
    Trailer,
    Over,
}

/// The lines after the last chunk.
#[derive(Default)]
struct Trailer {
    /// Whether there may be any.
    is_announced: bool,
    /// The one that is looked at.
    wanted: Option<&'static str>,
    value: Option<String>,
    /// All but the signature, as they are signed.
    lines: Vec<u8>,
    signature: Option<String>,
}

/// The longest line: a length, a signature, and what somebody may add.
const LINE_BYTES_MAX: usize = 1024;
const TRAILER_BYTES_MAX: usize = 8192;
const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature";

impl Framing {
    pub(super) fn plain() -> Self {
        Self::Plain
    }

    /// Chunks, signed if there is something to sign them with.
    pub(super) fn chunked(chain: Option<Chain>) -> Self {
        Self::Chunked(Box::new(Chunked {
            chain,
            hash: Sha256::new(),
            line: Vec::new(),
            signature: String::new(),
            state: State::Head,
            trailer: Trailer::default(),
        }))
    }

    /// The same with lines after the last chunk, of which one is looked at.
    pub(super) fn with_trailer(mut self, wanted: Option<&'static str>) -> Self {
        if let Self::Chunked(chunked) = &mut self {
            chunked.trailer = Trailer { is_announced: true, wanted, ..Trailer::default() };
        }
        self
    }

    pub(super) fn is_chunked(&self) -> bool {
        matches!(self, Self::Chunked(_))
    }

    /// Adds to `object` what of some bytes is the object's.
    pub(super) fn read(&mut self, bytes: &[u8], object: &mut Vec<u8>) -> Result<(), Fault> {
        match self {
            Self::Plain => object.extend_from_slice(bytes),
            Self::Chunked(chunked) => chunked.read(bytes, object)?,
        }
        Ok(())
    }

    /// The line that was wanted, once all has come.
    pub(super) fn end(&mut self) -> Result<Option<String>, Fault> {
        match self {
            Self::Plain => Ok(None),
            Self::Chunked(chunked) if chunked.state == State::Over => {
                Ok(chunked.trailer.value.take())
            }
            Self::Chunked(_) => Err(fault::incomplete_body()),
        }
    }
}

impl Chunked {
    fn read(&mut self, mut bytes: &[u8], object: &mut Vec<u8>) -> Result<(), Fault> {
        while !bytes.is_empty() {
            bytes = match self.state {
                State::Data(left) => self.data(left, bytes, object)?,
                State::Head | State::End | State::Trailer => self.text(bytes)?,
                State::Over => return Err(malformed()),
            };
        }
        Ok(())
    }

    /// Takes bytes of a chunk; gives those that follow it.
    fn data<'a>(
        &mut self,
        left: u64,
        bytes: &'a [u8],
        object: &mut Vec<u8>,
    ) -> Result<&'a [u8], Fault> {
        let len = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let (taken, rest) = bytes.split_at_checked(len).ok_or_else(Fault::bug)?;
        object.extend_from_slice(taken);
        if self.chain.is_some() {
            self.hash.update(taken);
        }
        let left = left.saturating_sub(u64::try_from(len).map_err(|_| Fault::bug())?);
        self.state = State::Data(left);
        if left == 0 {
            self.check_chunk()?;
            self.state = State::End;
        }
        Ok(rest)
    }

    /// Takes bytes of a line; gives those that follow it.
    fn text<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], Fault> {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let len = end.map_or(bytes.len(), |end| end + 1);
        let (taken, rest) = bytes.split_at_checked(len).ok_or_else(Fault::bug)?;
        if self.line.len() + taken.len() > LINE_BYTES_MAX {
            return Err(malformed());
        }
        self.line.extend_from_slice(taken);
        if end.is_some() {
            let line = core::mem::take(&mut self.line);
            let line = core::str::from_utf8(&line).map_err(|_| malformed())?;
            self.line_read(line.trim_end_matches(['\r', '\n']))?;
        }
        Ok(rest)
    }

    fn line_read(&mut self, line: &str) -> Result<(), Fault> {
        self.state = match self.state {
            State::Head => match self.head(line)? {
                0 => {
                    self.check_chunk()?;
                    State::Trailer
                }
                length => State::Data(length),
            },
            State::End if line.is_empty() => State::Head,
            State::Trailer if line.is_empty() => {
                self.check_trailer()?;
                State::Over
            }
            State::Trailer => {
                self.trailer.read(line)?;
                State::Trailer
            }
            State::Data(_) | State::End | State::Over => return Err(malformed()),
        };
        Ok(())
    }

    /// The length that a line before a chunk tells.
    fn head(&mut self, line: &str) -> Result<u64, Fault> {
        let (length, extension) = line.split_once(';').unwrap_or((line, ""));
        let is_hex =
            (1..=16).contains(&length.len()) && length.bytes().all(|b| b.is_ascii_hexdigit());
        let length = u64::from_str_radix(length, 16).ok().filter(|_| is_hex);
        let signature = extension.strip_prefix("chunk-signature=").unwrap_or_default();
        self.signature = signature.to_string();
        length.ok_or_else(malformed)
    }

    fn check_chunk(&mut self) -> Result<(), Fault> {
        let Some(chain) = &mut self.chain else { return Ok(()) };
        let hash = core::mem::take(&mut self.hash).finalize().into();
        match chain.takes_chunk(&hash, &self.signature) {
            true => Ok(()),
            false => Err(Fault::wrong_signature()),
        }
    }

    fn check_trailer(&mut self) -> Result<(), Fault> {
        let Trailer { is_announced, lines, signature, .. } = &self.trailer;
        let Some(chain) = &mut self.chain else { return Ok(()) };
        if !is_announced {
            return Ok(());
        }
        match chain.takes_trailer(lines, signature.as_deref().unwrap_or_default()) {
            true => Ok(()),
            false => Err(Fault::wrong_signature()),
        }
    }
}

impl Trailer {
    fn read(&mut self, line: &str) -> Result<(), Fault> {
        let (name, value) = line.split_once(':').ok_or_else(malformed)?;
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        if !self.is_announced || self.signature.is_some() {
            return Err(malformed());
        }
        if name == TRAILER_SIGNATURE {
            self.signature = Some(value.to_string());
            return Ok(());
        }
        for part in [&name, ":", value, "\n"] {
            self.lines.extend_from_slice(part.as_bytes());
        }
        if self.lines.len() > TRAILER_BYTES_MAX {
            return Err(malformed());
        }
        if self.wanted == Some(name.as_str()) && self.value.replace(value.to_string()).is_some() {
            return Err(malformed());
        }
        Ok(())
    }
}

fn malformed() -> Fault {
    Fault::new(400, "IncompleteBody", "The request body terminated unexpectedly")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a body in pieces of that size.
    fn read(
        mut framing: Framing,
        body: &[u8],
        size: usize,
    ) -> Result<(Vec<u8>, Option<String>), Fault> {
        let mut object = Vec::new();
        for piece in body.chunks(size) {
            framing.read(piece, &mut object)?;
        }
        Ok((object, framing.end()?))
    }

    const CRC: &str = "x-amz-checksum-crc32";

    fn with_trailer() -> Framing {
        Framing::chunked(None).with_trailer(Some(CRC))
    }

    #[test]
    fn chunks_are_put_together_wherever_the_network_cuts_them() {
        let body = b"5\r\nhello\r\n1;extension=1\r\n \r\n00005\r\nworld\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n";
        for size in 1..=body.len() {
            let (object, value) = read(with_trailer(), body, size).unwrap();
            assert_eq!(object, b"hello world", "{size}");
            assert_eq!(value.as_deref(), Some("DUoRhQ=="));
        }
        let (object, value) = read(Framing::chunked(None), b"0\r\n\r\n", 2).unwrap();
        assert_eq!((object.len(), value), (0, None));
    }

    #[test]
    fn what_is_no_chunk_is_refused() {
        for body in [
            &b""[..],
            b"5\r\nhel",
            b"5\r\nhello",
            b"5\r\nhello\r\n",
            b"5\r\nhello\r\n0\r\n",
            b"\r\n",
            b"5\r\nhelloX\r\n0\r\n\r\n",
            b"-1\r\n",
            b"+5\r\nhello\r\n0\r\n\r\n",
            b"g\r\n",
            b"11111111111111111\r\n",
            b"0\r\n\r\nmore",
            b"0\r\nno colon\r\n\r\n",
            b"\xff\r\n",
            b"0\r\nx-amz-checksum-crc32:a\r\nx-amz-checksum-crc32:b\r\n\r\n",
        ] {
            let refused = read(with_trailer(), body, 3).unwrap_err();
            assert_eq!(refused.code, "IncompleteBody", "{body:?}");
        }
        assert!(read(Framing::chunked(None), b"0\r\nx-amz-checksum-crc32:a\r\n\r\n", 9).is_err());
        let endless = [b'0'; LINE_BYTES_MAX + 1];
        assert!(read(with_trailer(), &endless, 100).is_err());
    }
}
