//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html>

use alloc::{boxed::Box, format, string::String, vec::Vec};

use super::{
    Access, Asked, Fault, Inflow, Operation, Outcome, Permission, Reply, quoted, upload_id,
};
use crate::s3::{
    bucket::UploadedPart,
    xml::{self, Xml},
};

struct CompleteMultipartUpload {
    bucket: String,
    inflow: Inflow,
    key: String,
    location: String,
    parts: Vec<UploadedPart>,
    upload_id: String,
}

pub(super) fn of(asked: &mut Asked) -> Result<Box<dyn Operation>, Fault> {
    // Buckets complete without conditions, and what must not be replaced must not be.
    for name in ["if-match", "if-none-match"] {
        if asked.header(name).is_some() {
            return Err(Fault::not_implemented(name));
        }
    }
    let (bucket, key) = (asked.bucket()?, asked.key()?);
    Ok(Box::new(CompleteMultipartUpload {
        location: format!("/{bucket}/{key}"),
        inflow: asked.inflow_of_document()?,
        upload_id: upload_id(asked)?,
        parts: Vec::new(),
        bucket,
        key,
    }))
}

impl Operation for CompleteMultipartUpload {
    fn reads(&self) -> bool {
        true
    }

    fn read(&mut self, body: &[u8]) -> Result<(), Fault> {
        self.inflow.whole(body)?;
        let document =
            xml::read(body, "CompleteMultipartUpload").ok_or_else(Fault::malformed_xml)?;
        for node in xml::children(document.root_element(), "Part") {
            let number = xml::text_in(node, "PartNumber").and_then(|n| n.trim().parse().ok());
            let etag = xml::text_in(node, "ETag");
            let (Some(part_number), Some(etag)) = (number, etag) else {
                return Err(Fault::malformed_xml());
            };
            let etag = etag.trim().trim_matches('"').into();
            self.parts.push(UploadedPart { part_number, etag });
        }
        if self.parts.is_empty() {
            return Err(Fault::malformed_xml());
        }
        match self.parts.is_sorted_by(|a, b| a.part_number < b.part_number) {
            true => Ok(()),
            false => Err(Fault::new(
                400,
                "InvalidPartOrder",
                "The list of parts was not in ascending order. Parts must be ordered by part \
                 number.",
            )),
        }
    }

    fn authorize(&mut self, permission: &Permission) -> Result<(), Fault> {
        permission.check_object("s3:PutObject", (&self.bucket, &self.key))
    }

    fn access(&mut self) -> Result<Option<Access>, Fault> {
        Ok(Some(Access::Complete {
            key: self.key.clone(),
            upload_id: self.upload_id.clone(),
            parts: core::mem::take(&mut self.parts),
        }))
    }

    fn answer(&mut self, outcome: Outcome) -> Result<Reply, Fault> {
        let Outcome::Object(object) = outcome else { return Err(Fault::bug()) };
        let mut xml = Xml::new("CompleteMultipartUploadResult");
        xml.text("Location", &self.location);
        xml.text("Bucket", &self.bucket);
        xml.text("Key", &self.key);
        xml.text("ETag", quoted(&object.etag));
        Ok(Reply::new(200).xml(xml))
    }
}
