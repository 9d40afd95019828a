//! How is a change of records written down? As an entry that is whole or is none: a word, the
//! length of what follows, a digest of it, then the place and its changes.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `CGN1` |
//! | 4 | how many bytes come after the digest, lowest first |
//! | 8 | the beginning of their SHA-256 |
//! | 1 + n | the length of the place's name, and the name |
//! | … | changes: 0 and a key, 1 and two keys, or 2, a key and a value; each of these four bytes of length, then itself |

use kernel::Write;
use sha2::{Digest, Sha256};

const WORD: &[u8; 4] = b"CGN1";
const DIGEST_BYTES: usize = 8;
const DELETE: u8 = 0;
const DELETE_RANGE: u8 = 1;
const PUT: u8 = 2;

/// One batch of one place.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name of the place.
    pub place: String,
    /// What changes, in order.
    pub batch: Vec<Write>,
}

/// Why a journal could not be read to its end.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// Its last entry is not whole: what wrote it was cut off, and nobody was told that it stands.
    Torn,
    /// Something is wrong in the midst of it.
    Corrupt,
}

/// Appends an entry; `None` if something is too long to be told.
pub fn write(out: &mut Vec<u8>, place: &str, batch: &[Write]) -> Option<()> {
    let mut body = vec![u8::try_from(place.len()).ok()?];
    body.extend_from_slice(place.as_bytes());
    for write in batch {
        match write {
            Write::Delete(key) => {
                body.push(DELETE);
                text(&mut body, key.as_bytes())?;
            }
            Write::DeleteRange(range) => {
                body.push(DELETE_RANGE);
                text(&mut body, range.start.as_bytes())?;
                text(&mut body, range.end.as_bytes())?;
            }
            Write::Put(key, value) => {
                body.push(PUT);
                text(&mut body, key.as_bytes())?;
                text(&mut body, value)?;
            }
        }
    }
    out.extend_from_slice(WORD);
    out.extend_from_slice(&u32::try_from(body.len()).ok()?.to_le_bytes());
    out.extend_from_slice(&digest(&body));
    out.append(&mut body);
    Some(())
}

fn text(body: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    body.extend_from_slice(&u32::try_from(bytes.len()).ok()?.to_le_bytes());
    body.extend_from_slice(bytes);
    Some(())
}

fn digest(body: &[u8]) -> [u8; DIGEST_BYTES] {
    let hash = Sha256::digest(body);
    let mut digest = [0; DIGEST_BYTES];
    digest.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    digest
}

/// Takes the first entry off.
///
/// # Errors
/// A [`Fault`]: what is left is no entry.
pub fn read(journal: &mut &[u8]) -> Result<Option<Entry>, Fault> {
    if journal.is_empty() {
        return Ok(None);
    }
    let mut rest = *journal;
    // What a file system had promised room for but never wrote is zeros.
    let is_blank = |bytes: &[u8]| bytes.iter().all(|byte| *byte == 0);
    let fault = |is_end: bool| if is_end { Fault::Torn } else { Fault::Corrupt };
    let written = WORD.iter().zip(rest).take_while(|(expected, byte)| expected == byte).count();
    if written < WORD.len() {
        return Err(fault(rest.get(written..).is_none_or(is_blank)));
    }
    let Some(head) = rest.split_off(..WORD.len() + 4 + DIGEST_BYTES) else {
        return Err(Fault::Torn);
    };
    let (length, sum) = head.get(WORD.len()..).unwrap_or_default().split_at(4);
    let length = length.try_into().map(u32::from_le_bytes).unwrap_or(u32::MAX);
    let length = usize::try_from(length).map_err(|_| Fault::Corrupt)?;
    let Some(body) = rest.split_off(..length) else { return Err(Fault::Torn) };
    if digest(body) != *sum {
        return Err(fault(is_blank(rest)));
    }
    let entry = entry(body).ok_or(Fault::Corrupt)?;
    *journal = rest;
    Ok(Some(entry))
}

fn entry(mut body: &[u8]) -> Option<Entry> {
    let length = usize::from(*body.split_off_first()?);
    let place = std::str::from_utf8(body.split_off(..length)?).ok()?.to_owned();
    let mut batch = Vec::new();
    while let Some(kind) = body.split_off_first() {
        batch.push(match *kind {
            DELETE => Write::Delete(key(&mut body)?),
            DELETE_RANGE => {
                let start = key(&mut body)?;
                Write::DeleteRange(start..key(&mut body)?)
            }
            PUT => {
                let key = key(&mut body)?;
                Write::Put(key, bytes(&mut body)?.to_vec())
            }
            _ => return None,
        });
    }
    Some(Entry { place, batch })
}

fn key(body: &mut &[u8]) -> Option<String> {
    std::str::from_utf8(bytes(body)?).ok().map(str::to_owned)
}

fn bytes<'a>(body: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u32::from_le_bytes(body.split_off(..4)?.try_into().ok()?);
    body.split_off(..usize::try_from(length).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch() -> Vec<Write> {
        vec![
            Write::Put("user/é".into(), vec![0, 255, 10]),
            Write::Delete(String::new()),
            Write::DeleteRange("a".to_owned().."b".to_owned()),
        ]
    }

    fn journal() -> Vec<u8> {
        let mut journal = Vec::new();
        write(&mut journal, "account", &batch()).unwrap();
        write(&mut journal, "012345678", &[Write::Put("k".into(), vec![7])]).unwrap();
        journal
    }

    fn read_all(mut journal: &[u8]) -> (Vec<Entry>, Result<(), Fault>) {
        let mut entries = Vec::new();
        loop {
            match read(&mut journal) {
                Ok(Some(entry)) => entries.push(entry),
                Ok(None) => return (entries, Ok(())),
                Err(fault) => return (entries, Err(fault)),
            }
        }
    }

    #[test]
    fn what_was_written_is_read_again() {
        let (entries, end) = read_all(&journal());
        assert_eq!(end, Ok(()));
        assert_eq!(entries[0], Entry { place: "account".into(), batch: batch() });
        assert_eq!(entries[1].place, "012345678");
    }

    #[test]
    fn an_entry_that_was_cut_off_anywhere_is_torn() {
        let whole = journal();
        let mut first = Vec::new();
        write(&mut first, "account", &batch()).unwrap();
        for length in first.len() + 1..whole.len() {
            let (entries, end) = read_all(&whole[..length]);
            assert_eq!((entries.len(), end), (1, Err(Fault::Torn)), "{length}");
            let mut padded = whole[..length].to_vec();
            padded.resize(whole.len() + 100, 0);
            let (entries, end) = read_all(&padded);
            assert_eq!((entries.len(), end), (1, Err(Fault::Torn)), "{length}");
        }
    }

    #[test]
    fn a_flipped_bit_in_the_midst_is_no_torn_end() {
        let whole = journal();
        let mut first = Vec::new();
        write(&mut first, "account", &batch()).unwrap();
        for at in (0..first.len()).filter(|at| !(4..8).contains(at)) {
            let mut spoiled = whole.clone();
            spoiled[at] ^= 1;
            assert_eq!(read_all(&spoiled), (Vec::new(), Err(Fault::Corrupt)), "{at}");
        }
    }
}
