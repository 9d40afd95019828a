//! What reads one object and writes another:
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html>

use alloc::{boxed::Box, string::String};

use super::{
    Access, Asked, Buckets, Fault, Operation, Outcome, Permission, Reply, part_number, quoted,
    upload_id,
};
use crate::s3::{
    address,
    bucket::{CopyTarget, Get, Range},
    condition::{Conditions, Verdict},
    metadata::Metadata,
    xml::{self, Xml},
};

struct Copy {
    bucket: String,
    conditions: Conditions,
    key: String,
    range: Option<Range>,
    source: (String, String),
    target: Option<CopyTarget>,
}

pub(super) fn to_object(asked: &Asked, buckets: &Buckets) -> Result<Box<dyn Operation>, Fault> {
    for name in ["if-match", "if-none-match"] {
        if asked.header(name).is_some() {
            return Err(Fault::not_implemented(name));
        }
    }
    let metadata = match asked.said("x-amz-metadata-directive") {
        None | Some("COPY") => {
            // What is said of another kind of object is refused all the same.
            Metadata::of(asked)?;
            None
        }
        Some("REPLACE") => Some(Metadata::of(asked)?),
        Some(_) => return Err(Fault::invalid_argument("Unknown metadata directive.")),
    };
    let target = CopyTarget::Object { key: asked.key()?, metadata };
    let copy = of((asked, buckets), target, None)?;
    let is_same = copy.source == (copy.bucket.clone(), copy.key.clone());
    if is_same && asked.said("x-amz-metadata-directive") != Some("REPLACE") {
        return Err(Fault::invalid_request(
            "This copy request is illegal because it is trying to copy an object to itself without \
             changing the object's metadata, storage class, website redirect location or encryption \
             attributes.",
        ));
    }
    Ok(Box::new(copy))
}

pub(super) fn to_part(asked: &Asked, buckets: &Buckets) -> Result<Box<dyn Operation>, Fault> {
    let (upload_id, number) = (upload_id(asked)?, part_number(asked)?);
    let target = CopyTarget::Part { key: asked.key()?, upload_id, number };
    let range = match asked.said("x-amz-copy-source-range") {
        None => None,
        Some(range) => {
            let range = Range::read(range).filter(|range| range.length.is_some());
            Some(range.ok_or_else(|| {
                Fault::invalid_argument(
                    "The x-amz-copy-source-range value must be of the form bytes=first-last where \
                     first and last are the zero-based offsets of the first and last bytes to copy",
                )
            })?)
        }
    };
    Ok(Box::new(of((asked, buckets), target, range)?))
}

fn of(
    (asked, buckets): (&Asked, &Buckets),
    target: CopyTarget,
    range: Option<Range>,
) -> Result<Copy, Fault> {
    let source = address::source(asked.header("x-amz-copy-source").unwrap_or_default())?;
    if !buckets.names.contains(&source.0) {
        return Err(Fault::no_such_bucket(&source.0));
    }
    let conditions = Conditions::of_source(asked);
    let (bucket, key) = (asked.bucket()?, asked.key()?);
    Ok(Copy { bucket, conditions, key, range, source, target: Some(target) })
}

impl Operation for Copy {
    fn authorize(&mut self, permission: &Permission) -> Result<(), Fault> {
        let (bucket, key) = &self.source;
        permission.check_object("s3:GetObject", (bucket, key))?;
        permission.check_object("s3:PutObject", (&self.bucket, &self.key))
    }

    fn access(&mut self) -> Result<Option<Access>, Fault> {
        let (source_bucket, key) = self.source.clone();
        let source = Get { key, range: self.range, only_if: self.conditions.headers() };
        let target = self.target.take().ok_or_else(Fault::bug)?;
        Ok(Some(Access::Copy { source_bucket, source, target }))
    }

    fn answer(&mut self, outcome: Outcome) -> Result<Reply, Fault> {
        let (root, etag, written_ms) = match outcome {
            // It is the source that the conditions kept from being read.
            Outcome::Object(object) if object.is_unmet => {
                return Err(match self.conditions.unmet(&object) {
                    Verdict::Failed(fault) => fault,
                    _ => Fault::precondition_failed("x-amz-copy-source-If-None-Match"),
                });
            }
            Outcome::Object(object) => ("CopyObjectResult", object.etag, Some(object.uploaded_ms)),
            Outcome::Part { etag } => ("CopyPartResult", etag, None),
            Outcome::Nothing => return Err(Fault::no_such_key()),
            _ => return Err(Fault::bug()),
        };
        let mut xml = Xml::new(root);
        xml.text("ETag", quoted(&etag));
        if let Some(written_ms) = written_ms {
            xml.text("LastModified", xml::date(written_ms));
        }
        Ok(Reply::new(200).xml(xml))
    }
}
