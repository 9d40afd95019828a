//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html>

use alloc::{boxed::Box, string::String};

use super::{Access, Asked, Fault, Operation, Outcome, Permission, Reply, upload_id};

struct AbortMultipartUpload {
    bucket: String,
    key: String,
    upload_id: String,
}

pub(super) fn of(asked: &Asked) -> Result<Box<dyn Operation>, Fault> {
    let (bucket, key) = (asked.bucket()?, asked.key()?);
    Ok(Box::new(AbortMultipartUpload { bucket, key, upload_id: upload_id(asked)? }))
}

impl Operation for AbortMultipartUpload {
    fn authorize(&mut self, permission: &Permission) -> Result<(), Fault> {
        permission.check_object("s3:AbortMultipartUpload", (&self.bucket, &self.key))
    }

    fn access(&mut self) -> Result<Option<Access>, Fault> {
        let (key, upload_id) = (self.key.clone(), self.upload_id.clone());
        Ok(Some(Access::Abort { key, upload_id }))
    }

    fn answer(&mut self, _: Outcome) -> Result<Reply, Fault> {
        Ok(Reply::new(204))
    }
}
