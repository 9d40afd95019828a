//! How is a change of records written down? As an entry that is whole or is none: a head, the place
//! and its changes, a foot.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `CGN2` |
//! | 4 | how many bytes are between head and foot, lowest first |
//! | 8 | the beginning of their SHA-256 |
//! | 4 | the beginning of the SHA-256 of the head so far |
//! | 1 + n | the length of the place's name, and the name |
//! | … | changes: 0 and a key, 1 and two keys, or 2, a key and a value; each of these four bytes of length, then itself |
//! | 4 | `2NGC` |
//!
//! A write that was cut off leaves an entry that ends too early, or zeros where a file system had
//! promised room and never wrote. The head's own digest tells that from a length that was spoiled,
//! and the foot from a body that was: one changed byte never looks like a write that was cut off.

use kernel::Write;
use sha2::{Digest, Sha256};

const WORD: &[u8; 4] = b"CGN2";
const FOOT: &[u8; 4] = b"2NGC";
const DIGEST_BYTES: usize = 8;
const SUM_BYTES: usize = 4;
const HEAD_BYTES: usize = WORD.len() + 4 + DIGEST_BYTES + SUM_BYTES;
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

impl Fault {
    fn of(is_end: bool) -> Self {
        if is_end { Self::Torn } else { Self::Corrupt }
    }
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
    let mut head = WORD.to_vec();
    head.extend_from_slice(&u32::try_from(body.len()).ok()?.to_le_bytes());
    head.extend_from_slice(&digest::<DIGEST_BYTES>(&body));
    let sum = digest::<SUM_BYTES>(&head);
    out.extend([head.as_slice(), &sum, &body, FOOT].into_iter().flatten());
    Some(())
}

fn text(body: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    body.extend_from_slice(&u32::try_from(bytes.len()).ok()?.to_le_bytes());
    body.extend_from_slice(bytes);
    Some(())
}

/// The beginning of the SHA-256 of some bytes.
fn digest<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let hash = Sha256::digest(bytes);
    let mut digest = [0; N];
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
    let (length, expected) = head(&mut rest)?;
    let (Some(body), Some(foot)) = (rest.split_off(..length), rest.split_off(..FOOT.len())) else {
        let follows = journal.windows(HEAD_BYTES).skip(1).any(is_head);
        return Err(Fault::of(!follows));
    };
    if digest(body) != expected {
        return Err(Fault::of(is_blank(foot) && is_blank(rest)));
    }
    let entry = entry(body).ok_or(Fault::Corrupt)?;
    *journal = rest;
    Ok(Some(entry))
}

/// Takes a head off: the length and the digest of what follows.
fn head(rest: &mut &[u8]) -> Result<(usize, [u8; DIGEST_BYTES]), Fault> {
    let all = *rest;
    let Some(head) = rest.split_off(..HEAD_BYTES) else {
        let written = all.iter().zip(WORD).take_while(|(byte, expected)| byte == expected).count();
        let is_cut = written == all.len().min(WORD.len());
        return Err(Fault::of(is_cut || all.get(written..).is_some_and(is_blank)));
    };
    if !is_head(head) {
        return Err(Fault::of(is_blank(rest)));
    }
    let (said, _) = head.split_at(HEAD_BYTES - SUM_BYTES);
    let number = said.get(WORD.len()..).and_then(|said| said.split_first_chunk::<4>());
    let (length, digest) = number.ok_or(Fault::Corrupt)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| Fault::Corrupt)?;
    Ok((length, digest.try_into().map_err(|_| Fault::Corrupt)?))
}

fn is_head(bytes: &[u8]) -> bool {
    let (said, sum) = bytes.split_at(bytes.len().saturating_sub(SUM_BYTES));
    said.starts_with(WORD) && digest::<SUM_BYTES>(said) == *sum
}

/// What a file system had promised room for but never wrote is zeros.
fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
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
            let is_whole = length >= whole.len() - FOOT.len();
            assert_eq!(
                (entries.len(), end),
                (1 + usize::from(is_whole), Err(Fault::Torn)),
                "{length}"
            );
        }
    }

    #[test]
    fn no_spoiled_byte_loses_an_entry() {
        let whole = journal();
        for at in 0..whole.len() {
            for spoil in [1, 0x80, whole[at], !whole[at], 0xff] {
                let mut spoiled = whole.clone();
                spoiled[at] ^= spoil;
                let (entries, end) = read_all(&spoiled);
                let is_all = end == Ok(()) && entries == read_all(&whole).0;
                assert!(is_all || end == Err(Fault::Corrupt), "{at} {spoil}");
            }
        }
    }

    #[test]
    fn a_hole_in_the_midst_is_no_torn_end() {
        let whole = journal();
        let mut first = Vec::new();
        write(&mut first, "account", &batch()).unwrap();
        for at in 0..first.len() - FOOT.len() {
            let mut spoiled = whole.clone();
            spoiled[at..first.len()].fill(0);
            assert_eq!(read_all(&spoiled), (Vec::new(), Err(Fault::Corrupt)), "{at}");
            spoiled.drain(at..first.len());
            if at > 0 {
                assert_eq!(read_all(&spoiled), (Vec::new(), Err(Fault::Corrupt)), "{at}");
            }
        }
    }
}
