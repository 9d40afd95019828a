//! What is a bucket told, and what does it say? R2's own vocabulary, as values.

use alloc::{collections::BTreeMap, string::String, vec::Vec};
use core::fmt;

use serde::{Deserialize, Serialize};

use super::metadata::Metadata;

/// What a host does with a bucket.
#[derive(Clone, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Access {
    /// Give up an upload in parts.
    Abort {
        /// The object's key.
        key: String,
        /// The upload's id.
        upload_id: String,
    },
    /// Make one object of the parts.
    Complete {
        /// The object's key.
        key: String,
        /// The upload's id.
        upload_id: String,
        /// In ascending order.
        parts: Vec<UploadedPart>,
    },
    /// Read an object and write it as another, or as a part of another.
    Copy {
        /// The bucket that is read.
        source_bucket: String,
        /// What to read of it.
        source: Get,
        /// Where it goes.
        target: CopyTarget,
    },
    /// Begin an upload in parts.
    Create {
        /// The object's key.
        key: String,
        /// What is kept beside it.
        metadata: Metadata,
    },
    /// Delete objects.
    Delete {
        /// Their keys, at most a thousand.
        keys: Vec<String>,
    },
    /// Read an object.
    Get(Get),
    /// Read what is known of an object.
    Head {
        /// Its key.
        key: String,
    },
    /// Read a page of what there is.
    List(List),
    /// Write the body of the request as a part of an object.
    Part {
        /// The object's key.
        key: String,
        /// The upload's id.
        upload_id: String,
        /// The part's number, from 1.
        number: u16,
        /// The body.
        body: Body,
    },
    /// Write the body of the request as an object.
    Put {
        /// Its key.
        key: String,
        /// What is kept beside it.
        metadata: Metadata,
        /// Headers that say under which condition, names and values.
        only_if: Vec<(String, String)>,
        /// The hash that the bucket is to compare: the algorithm and hexadecimal digits.
        hash: Option<(&'static str, String)>,
        /// The body.
        body: Body,
    },
}

// Keys and metadata are the caller's.
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Abort { .. } => "Abort",
            Self::Complete { .. } => "Complete",
            Self::Copy { .. } => "Copy",
            Self::Create { .. } => "Create",
            Self::Delete { .. } => "Delete",
            Self::Get(_) => "Get",
            Self::Head { .. } => "Head",
            Self::List(_) => "List",
            Self::Part { .. } => "Part",
            Self::Put { .. } => "Put",
        })
    }
}

/// Which bytes of an object, and when.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Get {
    /// The object's key.
    pub key: String,
    /// Which bytes; all if nothing is said.
    pub range: Option<Range>,
    /// Headers that say under which condition, names and values.
    pub only_if: Vec<(String, String)>,
}

/// Some bytes of an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// How many bytes stand before them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// How many there are; without it, all that follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
    /// How many there are at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<u64>,
}

impl Range {
    /// Reads `bytes={first}-{last}`, `bytes={first}-` or `bytes=-{count}` (RFC 9110 §14.1.1).
    pub(super) fn read(header: &str) -> Option<Self> {
        let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
        let number = |text: &str| {
            let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            text.parse::<u64>().ok().filter(|_| is_number)
        };
        match (first.trim(), last.trim()) {
            ("", count) => Some(Self { suffix: Some(number(count)?), ..Self::default() }),
            (first, "") => Some(Self { offset: Some(number(first)?), ..Self::default() }),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                let length = Some(last.checked_sub(first)?.saturating_add(1));
                Some(Self { offset: Some(first), length, suffix: None })
            }
        }
    }

    /// Where it begins in something of that size, and how long it is; nothing if it is not there.
    pub(super) fn within(self, size: u64) -> Option<(u64, u64)> {
        let offset = match self.suffix {
            Some(suffix) => size.checked_sub(suffix.min(size))?,
            None => self.offset.unwrap_or(0),
        };
        let left = size.checked_sub(offset).filter(|left| *left > 0)?;
        Some((offset, self.length.map_or(left, |length| length.min(left))))
            .filter(|_| self.suffix != Some(0))
    }
}

/// Where a copy goes.
#[derive(Clone, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum CopyTarget {
    /// An object of its own.
    Object {
        /// Its key.
        key: String,
        /// What is kept beside it; what is beside the source, if nothing is said.
        metadata: Option<Metadata>,
    },
    /// A part.
    Part {
        /// The object's key.
        key: String,
        /// The upload's id.
        upload_id: String,
        /// The part's number.
        number: u16,
    },
}

/// Which objects there are.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct List {
    /// With what their keys begin.
    pub prefix: String,
    /// What ends a common prefix that stands for all that begin with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// Where an earlier page ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// After which key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_after: Option<String>,
    /// How many at most.
    pub limit: u16,
}

/// A body that comes with the request.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Body {
    /// How many bytes the object gets.
    pub bytes: u64,
    /// Whether they pass through [`Visit::pass`](super::Visit::pass).
    pub passes: bool,
}

/// A part of an upload that is there.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadedPart {
    /// Its number.
    pub part_number: u16,
    /// Its tag.
    pub etag: String,
}

/// What a bucket says.
#[derive(Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Outcome {
    /// It could not be done; the number is R2's.
    Failed {
        /// One of <https://developers.cloudflare.com/r2/api/error-codes/>.
        code: u32,
    },
    /// There is no such object, or there is nothing to say; of what was put, the condition did not
    /// hold.
    Nothing,
    /// An object, as it is or has become.
    Object(Object),
    /// A page of objects.
    Page {
        /// The objects.
        objects: Vec<Object>,
        /// What others have in common.
        prefixes: Vec<String>,
        /// Where to go on, if there are more.
        cursor: Option<String>,
    },
    /// A part that was written.
    Part {
        /// Its tag.
        etag: String,
    },
    /// An upload in parts that was begun.
    Upload {
        /// Its id.
        id: String,
    },
}

// What objects are called and hold is their owners'.
impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { code } => write!(f, "Failed({code})"),
            Self::Nothing => f.write_str("Nothing"),
            Self::Object(_) => f.write_str("Object"),
            Self::Page { .. } => f.write_str("Page"),
            Self::Part { .. } => f.write_str("Part"),
            Self::Upload { .. } => f.write_str("Upload"),
        }
    }
}

/// What is known of an object.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Object {
    /// Its key.
    pub key: String,
    /// How many bytes it has.
    pub size: u64,
    /// Its tag, without quotes.
    pub etag: String,
    /// When it was written, in milliseconds since 1970.
    pub uploaded_ms: u64,
    /// What is kept beside it.
    #[serde(default)]
    pub metadata: Metadata,
    /// Hashes by algorithm, in hexadecimal digits.
    #[serde(default)]
    pub hashes: BTreeMap<String, String>,
    /// Which bytes were read.
    #[serde(default)]
    pub range: Option<Range>,
    /// Whether a condition kept it from being read.
    #[serde(default)]
    pub is_unmet: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_and_cut_to_what_there_is() {
        let within = |header: &str, size: u64| Range::read(header).map(|range| range.within(size));
        for (header, size, expected) in [
            ("bytes=0-4", 10, Some((0, 5))),
            ("bytes=4-", 10, Some((4, 6))),
            ("bytes=-3", 10, Some((7, 3))),
            ("bytes=-30", 10, Some((0, 10))),
            ("bytes=8-100", 10, Some((8, 2))),
            ("bytes=0-18446744073709551615", 10, Some((0, 10))),
            ("bytes=10-", 10, None),
            ("bytes=0-", 0, None),
            ("bytes=-0", 10, None),
            ("bytes=-1", 0, None),
        ] {
            assert_eq!(within(header, size), Some(expected), "{header}");
        }
        for header in ["bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "items=0-1", "bytes=0-1,3-4"]
        {
            assert_eq!(within(header, 10), None, "{header}");
        }
    }
}
