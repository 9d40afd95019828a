//! What reads an object, or what is known of it:
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html>

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Access, Asked, Fault, Operation, Outcome, Permission, Reply, quoted};
use crate::s3::{
    bucket::{Get, Object, Range},
    condition::{Conditions, Verdict},
    fault, inflow, metadata,
};

struct GetObject {
    bucket: String,
    conditions: Conditions,
    is_head: bool,
    key: String,
    /// Whether the caller may know that there is no such object.
    may_list: bool,
    range: Option<Range>,
    replaced: Vec<(String, String)>,
    wants_checksum: bool,
}

pub(super) fn of(asked: &Asked) -> Result<Box<dyn Operation>, Fault> {
    asked.check_version()?;
    for name in ["x-amz-server-side-encryption-customer-algorithm"] {
        if asked.said(name).is_some() {
            return Err(Fault::not_implemented(name));
        }
    }
    Ok(Box::new(GetObject {
        bucket: asked.bucket()?,
        conditions: Conditions::of(asked),
        is_head: asked.method == "HEAD",
        key: asked.key()?,
        may_list: false,
        // What is no range, or several, means nothing (RFC 9110 §14.2).
        range: asked.header("range").and_then(Range::read),
        replaced: metadata::replaced(asked),
        wants_checksum: asked
            .said("x-amz-checksum-mode")
            .is_some_and(|mode| mode.eq_ignore_ascii_case("enabled")),
    }))
}

impl Operation for GetObject {
    fn authorize(&mut self, permission: &Permission) -> Result<(), Fault> {
        self.may_list = permission.check_bucket("s3:ListBucket", &self.bucket, &[]).is_ok();
        permission.check_object("s3:GetObject", (&self.bucket, &self.key))
    }

    fn access(&mut self) -> Result<Option<Access>, Fault> {
        let key = self.key.clone();
        Ok(Some(match self.is_head {
            true => Access::Head { key },
            false => {
                Access::Get(Get { key, range: self.range, only_if: self.conditions.headers() })
            }
        }))
    }

    fn answer(&mut self, outcome: Outcome) -> Result<Reply, Fault> {
        let object = match outcome {
            Outcome::Object(object) => object,
            Outcome::Nothing if self.may_list => return Err(Fault::no_such_key()),
            Outcome::Nothing => return Err(Fault::access_denied()),
            _ => return Err(Fault::bug()),
        };
        let verdict = match object.is_unmet {
            true => self.conditions.unmet(&object),
            false if self.is_head => self.conditions.judge(&object),
            false => Verdict::Met,
        };
        match verdict {
            Verdict::Failed(fault) => Err(fault),
            Verdict::NotModified => Ok(Self::described(&object, Reply::new(304))),
            Verdict::Met => self.found(&object),
        }
    }
}

impl GetObject {
    fn found(&self, object: &Object) -> Result<Reply, Fault> {
        let read = match (self.range, object.range) {
            (None, _) => None,
            (Some(asked), read) => {
                let range = read.filter(|_| !self.is_head).unwrap_or(asked);
                Some(range.within(object.size).ok_or_else(|| fault::of_bucket(10039))?)
            }
        };
        let (status, length) = match read {
            None => (200, object.size),
            Some((_, length)) => (206, length),
        };
        let reply = Self::described(object, Reply::new(status));
        let reply = reply.with("accept-ranges", "bytes").with("content-length", length.to_string());
        let reply = match read {
            None => self.with_checksum(object, reply),
            Some((offset, length)) => {
                let last = offset.saturating_add(length).saturating_sub(1);
                reply.with("content-range", format!("bytes {offset}-{last}/{}", object.size))
            }
        };
        let reply = object.metadata.add_to(reply, &self.replaced);
        Ok(Reply { streams: !self.is_head, ..reply })
    }

    fn described(object: &Object, reply: Reply) -> Reply {
        reply
            .with("etag", quoted(&object.etag))
            .with("last-modified", metadata::http_date(object.uploaded_ms))
    }

    /// The hash with which the object came, if the bucket keeps one.
    fn with_checksum(&self, object: &Object, reply: Reply) -> Reply {
        let known = ["sha256", "sha1"].into_iter().find_map(|name| {
            let hash = inflow::unhex(object.hashes.get(name)?)?;
            Some((name, BASE64_STANDARD.encode(hash)))
        });
        match known.filter(|_| self.wants_checksum) {
            Some((name, value)) => reply
                .with(&format!("x-amz-checksum-{name}"), value)
                .with("x-amz-checksum-type", "FULL_OBJECT"),
            None => reply,
        }
    }
}
