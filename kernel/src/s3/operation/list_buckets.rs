//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html>

use alloc::{boxed::Box, string::String, vec::Vec};

use super::{Access, Buckets, Fault, Operation, Outcome, Permission, Reply};
use crate::s3::xml::Xml;

struct ListBuckets {
    names: Vec<String>,
}

/// R2 does not say through a binding when a bucket was made.
const MADE: &str = "1970-01-01T00:00:00.000Z";

pub(super) fn of(buckets: &Buckets) -> Box<dyn Operation> {
    let mut names = buckets.names.clone();
    names.sort();
    Box::new(ListBuckets { names })
}

impl Operation for ListBuckets {
    fn authorize(&mut self, permission: &Permission) -> Result<(), Fault> {
        permission.check_all("s3:ListAllMyBuckets")
    }

    fn access(&mut self) -> Result<Option<Access>, Fault> {
        Ok(None)
    }

    fn answer(&mut self, _: Outcome) -> Result<Reply, Fault> {
        let mut xml = Xml::new("ListAllMyBucketsResult");
        xml.within("Buckets", |xml| {
            for name in &self.names {
                xml.within("Bucket", |xml| {
                    xml.text("Name", name);
                    xml.text("CreationDate", MADE);
                });
            }
        });
        Ok(Reply::new(200).xml(xml))
    }
}
