//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html>

use alloc::{boxed::Box, string::String, vec};

use super::{Access, Asked, Fault, Operation, Outcome, Permission, Reply};

struct DeleteObject {
    bucket: String,
    key: String,
}

pub(super) fn of(asked: &Asked) -> Result<Box<dyn Operation>, Fault> {
    asked.check_version()?;
    // Buckets delete without conditions, and what must not be deleted must not be.
    if asked.header("if-match").is_some() {
        return Err(Fault::not_implemented("if-match"));
    }
    Ok(Box::new(DeleteObject { bucket: asked.bucket()?, key: asked.key()? }))
}

impl Operation for DeleteObject {
    fn authorize(&mut self, permission: &Permission) -> Result<(), Fault> {
        permission.check_object("s3:DeleteObject", (&self.bucket, &self.key))
    }

    fn access(&mut self) -> Result<Option<Access>, Fault> {
        Ok(Some(Access::Delete { keys: vec![self.key.clone()] }))
    }

    fn answer(&mut self, _: Outcome) -> Result<Reply, Fault> {
        Ok(Reply::new(204))
    }
}
