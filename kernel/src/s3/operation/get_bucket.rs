//! What is said of a bucket:
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html>

use alloc::{boxed::Box, string::String};

use super::{Access, Asked, Fault, Operation, Outcome, Permission, Reply};
use crate::s3::xml::Xml;

struct GetBucket {
    action: &'static str,
    bucket: String,
    is_document: bool,
}

/// R2's only region.
const REGION: &str = "auto";

pub(super) fn head(asked: &Asked) -> Result<Box<dyn Operation>, Fault> {
    let bucket = asked.bucket()?;
    Ok(Box::new(GetBucket { action: "s3:ListBucket", bucket, is_document: false }))
}

pub(super) fn location(asked: &Asked) -> Result<Box<dyn Operation>, Fault> {
    let bucket = asked.bucket()?;
    Ok(Box::new(GetBucket { action: "s3:GetBucketLocation", bucket, is_document: true }))
}

impl Operation for GetBucket {
    fn authorize(&mut self, permission: &Permission) -> Result<(), Fault> {
        permission.check_bucket(self.action, &self.bucket, &[])
    }

    fn access(&mut self) -> Result<Option<Access>, Fault> {
        Ok(None)
    }

    fn answer(&mut self, _: Outcome) -> Result<Reply, Fault> {
        match self.is_document {
            true => {
                let mut xml = Xml::new("LocationConstraint");
                xml.content(REGION);
                Ok(Reply::new(200).xml(xml))
            }
            false => Ok(Reply::new(200).with("x-amz-bucket-region", REGION)),
        }
    }
}
