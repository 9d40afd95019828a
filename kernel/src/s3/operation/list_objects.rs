//! Which objects are there?
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html>

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Access, Asked, Fault, Operation, Outcome, Permission, Reply, quoted};
use crate::s3::{
    bucket::{List, Object},
    xml::{self, Xml},
};

struct ListObjects {
    bucket: String,
    delimiter: Option<String>,
    is_encoded: bool,
    max_keys: u16,
    prefix: Option<String>,
    /// Whether the key of the condition is known to policies: the caller said something.
    stated_max_keys: Option<String>,
    version: Version,
    wants_owner: bool,
}

/// The two ways to ask for the next page.
enum Version {
    One { marker: Option<String> },
    Two { continuation_token: Option<String>, start_after: Option<String> },
}

const MAX_KEYS: u16 = 1000;

pub(super) fn of(asked: &Asked) -> Result<Box<dyn Operation>, Fault> {
    let text = |name: &str| asked.parameter(name).map(ToString::to_string);
    let is_encoded = match asked.parameter("encoding-type") {
        None => false,
        Some("url") => true,
        Some(_) => {
            return Err(Fault::invalid_argument("Invalid Encoding Method specified in Request"));
        }
    };
    let set = |name: &str| text(name).filter(|text| !text.is_empty());
    let version = match asked.parameter("list-type") {
        None => Version::One { marker: set("marker") },
        Some("2") => {
            let continuation_token = text("continuation-token");
            if continuation_token.as_deref() == Some("") {
                return Err(Fault::invalid_argument(
                    "The continuation token provided is incorrect",
                ));
            }
            Version::Two { continuation_token, start_after: set("start-after") }
        }
        Some(_) => return Err(Fault::invalid_argument("Invalid List Type specified in Request")),
    };
    Ok(Box::new(ListObjects {
        bucket: asked.bucket()?,
        delimiter: set("delimiter"),
        is_encoded,
        max_keys: max_keys(asked.parameter("max-keys"))?,
        prefix: text("prefix"),
        stated_max_keys: text("max-keys"),
        version,
        wants_owner: asked.parameter("fetch-owner") == Some("true"),
    }))
}

fn max_keys(stated: Option<&str>) -> Result<u16, Fault> {
    let Some(stated) = stated.filter(|stated| !stated.is_empty()) else { return Ok(MAX_KEYS) };
    let number: Option<u32> = stated.parse().ok().filter(|n| *n <= 2_147_483_647);
    let number = number.ok_or_else(|| {
        Fault::invalid_argument("Provided max-keys not an integer or within integer range")
    })?;
    Ok(u16::try_from(number).unwrap_or(MAX_KEYS).min(MAX_KEYS))
}

impl Operation for ListObjects {
    fn authorize(&mut self, permission: &Permission) -> Result<(), Fault> {
        let said = [
            ("s3:delimiter", self.delimiter.as_deref()),
            ("s3:max-keys", self.stated_max_keys.as_deref()),
            ("s3:prefix", self.prefix.as_deref()),
        ];
        permission.check_bucket("s3:ListBucket", &self.bucket, &said)
    }

    fn access(&mut self) -> Result<Option<Access>, Fault> {
        if self.max_keys == 0 {
            return Ok(None);
        }
        let (cursor, start_after) = match &self.version {
            Version::One { marker } => (None, self.after(marker.as_deref())),
            // The token stands for all that came before.
            Version::Two { continuation_token: Some(token), .. } => (Some(token.clone()), None),
            Version::Two { start_after, .. } => (None, start_after.clone()),
        };
        Ok(Some(Access::List(List {
            prefix: self.prefix.clone().unwrap_or_default(),
            delimiter: self.delimiter.clone(),
            cursor,
            start_after,
            limit: self.max_keys,
        })))
    }

    fn answer(&mut self, outcome: Outcome) -> Result<Reply, Fault> {
        let (objects, mut prefixes, cursor) = match outcome {
            Outcome::Page { objects, prefixes, cursor } => (objects, prefixes, cursor),
            Outcome::Nothing => (Vec::new(), Vec::new(), None),
            _ => return Err(Fault::bug()),
        };
        prefixes.sort();
        let mut xml = Xml::new("ListBucketResult");
        xml.text("Name", &self.bucket);
        xml.text("Prefix", self.encoded(self.prefix.as_deref().unwrap_or_default()));
        if let Some(delimiter) = &self.delimiter {
            xml.text("Delimiter", self.encoded(delimiter));
        }
        xml.number("MaxKeys", self.max_keys);
        if self.is_encoded {
            xml.text("EncodingType", "url");
        }
        xml.text("IsTruncated", cursor.is_some().to_string());
        self.write_place(&mut xml, (&objects, &prefixes), cursor);
        for object in &objects {
            self.write_object(&mut xml, object);
        }
        for prefix in &prefixes {
            xml.within("CommonPrefixes", |xml| xml.text("Prefix", self.encoded(prefix)));
        }
        Ok(Reply::new(200).xml(xml))
    }
}

impl ListObjects {
    /// Where this page began, and where the next one does.
    fn write_place(
        &self,
        xml: &mut Xml,
        (objects, prefixes): (&[Object], &[String]),
        cursor: Option<String>,
    ) {
        match &self.version {
            Version::One { marker } => {
                xml.text("Marker", self.encoded(marker.as_deref().unwrap_or_default()));
                let last_key = objects.iter().map(|object| object.key.as_str()).max();
                let last = last_key.max(prefixes.iter().map(String::as_str).max());
                if let (Some(_), Some(last)) = (cursor, last) {
                    xml.text("NextMarker", self.encoded(last));
                }
            }
            Version::Two { continuation_token, start_after } => {
                xml.number("KeyCount", objects.len() + prefixes.len());
                if let Some(token) = continuation_token {
                    xml.text("ContinuationToken", token);
                }
                if let Some(cursor) = cursor {
                    xml.text("NextContinuationToken", cursor);
                }
                if let Some(start_after) = start_after {
                    xml.text("StartAfter", self.encoded(start_after));
                }
            }
        }
    }

    fn write_object(&self, xml: &mut Xml, object: &Object) {
        xml.within("Contents", |xml| {
            xml.text("Key", self.encoded(&object.key));
            xml.text("LastModified", xml::date(object.uploaded_ms));
            xml.text("ETag", quoted(&object.etag));
            xml.number("Size", object.size);
            let is_rare = object.metadata.storage_class.as_deref() == Some("InfrequentAccess");
            xml.text("StorageClass", if is_rare { "STANDARD_IA" } else { "STANDARD" });
            if self.wants_owner {
                xml.within("Owner", |xml| xml.text("ID", &self.bucket));
            }
        });
    }

    /// The key after which to go on: a marker that is a common prefix stands for all below it.
    fn after(&self, marker: Option<&str>) -> Option<String> {
        let marker = marker?;
        let is_prefix = self.delimiter.as_deref().is_some_and(|end| marker.ends_with(end));
        Some(match is_prefix {
            true => format!("{marker}{}", char::MAX),
            false => marker.to_string(),
        })
    }

    fn encoded(&self, text: &str) -> String {
        match self.is_encoded {
            true => utf8_percent_encode(text, ENCODED).collect(),
            false => text.to_string(),
        }
    }
}

/// What is encoded where clients ask for it, since XML can not hold every key.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'/').remove(b'_').remove(b'~');
