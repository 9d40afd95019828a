//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html>

use alloc::{boxed::Box, string::String};

use super::{Access, Asked, Fault, Operation, Outcome, Permission, Reply};
use crate::s3::{metadata::Metadata, xml::Xml};

struct CreateMultipartUpload {
    bucket: String,
    key: String,
    metadata: Metadata,
}

pub(super) fn of(asked: &Asked) -> Result<Box<dyn Operation>, Fault> {
    let metadata = Metadata::of(asked)?;
    Ok(Box::new(CreateMultipartUpload { bucket: asked.bucket()?, key: asked.key()?, metadata }))
}

impl Operation for CreateMultipartUpload {
    fn authorize(&mut self, permission: &Permission) -> Result<(), Fault> {
        permission.check_object("s3:PutObject", (&self.bucket, &self.key))
    }

    fn access(&mut self) -> Result<Option<Access>, Fault> {
        let metadata = core::mem::take(&mut self.metadata);
        Ok(Some(Access::Create { key: self.key.clone(), metadata }))
    }

    fn answer(&mut self, outcome: Outcome) -> Result<Reply, Fault> {
        let Outcome::Upload { id } = outcome else { return Err(Fault::bug()) };
        let mut xml = Xml::new("InitiateMultipartUploadResult");
        xml.text("Bucket", &self.bucket);
        xml.text("Key", &self.key);
        xml.text("UploadId", id);
        Ok(Reply::new(200).xml(xml))
    }
}
