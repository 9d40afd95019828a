//! What writes the body of its request:
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html>

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    Access, Asked, Fault, Inflow, Operation, Outcome, Permission, Reply, part_number, quoted,
    upload_id,
};
use crate::s3::metadata::Metadata;

struct PutObject {
    bucket: String,
    inflow: Inflow,
    key: String,
    kind: Kind,
}

enum Kind {
    Object { metadata: Metadata, only_if: Vec<(String, String)> },
    Part { upload_id: String, number: u16 },
}

pub(super) fn object(asked: &mut Asked) -> Result<Box<dyn Operation>, Fault> {
    let conditions = ["if-match", "if-none-match"];
    let only_if = conditions
        .into_iter()
        .filter_map(|name| Some((name.to_string(), asked.header(name)?.to_string())));
    let kind = Kind::Object { only_if: only_if.collect(), metadata: Metadata::of(asked)? };
    of(asked, kind)
}

pub(super) fn part(asked: &mut Asked) -> Result<Box<dyn Operation>, Fault> {
    let kind = Kind::Part { upload_id: upload_id(asked)?, number: part_number(asked)? };
    of(asked, kind)
}

fn of(asked: &mut Asked, kind: Kind) -> Result<Box<dyn Operation>, Fault> {
    let (bucket, key, inflow) = (asked.bucket()?, asked.key()?, asked.inflow()?);
    Ok(Box::new(PutObject { bucket, inflow, key, kind }))
}

impl Operation for PutObject {
    fn authorize(&mut self, permission: &Permission) -> Result<(), Fault> {
        permission.check_object("s3:PutObject", (&self.bucket, &self.key))
    }

    fn access(&mut self) -> Result<Option<Access>, Fault> {
        let key = self.key.clone();
        // Of parts, buckets compare nothing.
        let is_object = matches!(self.kind, Kind::Object { .. });
        let (body, hash) = self.inflow.body(is_object);
        Ok(Some(match &mut self.kind {
            Kind::Object { metadata, only_if } => {
                let (metadata, only_if) = (core::mem::take(metadata), core::mem::take(only_if));
                Access::Put { key, metadata, only_if, hash, body }
            }
            Kind::Part { upload_id, number } => {
                Access::Part { key, upload_id: upload_id.clone(), number: *number, body }
            }
        }))
    }

    fn inflow(&mut self) -> Option<&mut Inflow> {
        Some(&mut self.inflow)
    }

    fn answer(&mut self, outcome: Outcome) -> Result<Reply, Fault> {
        let etag = match outcome {
            Outcome::Object(object) => object.etag,
            Outcome::Part { etag } => etag,
            Outcome::Nothing => return Err(Fault::precondition_failed("If-None-Match")),
            _ => return Err(Fault::bug()),
        };
        Ok(self.inflow.add_to(Reply::new(200).with("etag", quoted(&etag))))
    }
}
