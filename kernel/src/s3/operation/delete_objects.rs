//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html>

use alloc::{boxed::Box, string::String, vec::Vec};

use super::{Access, Asked, Fault, Inflow, Operation, Outcome, Permission, Reply};
use crate::s3::{
    address,
    xml::{self, Xml},
};

struct DeleteObjects {
    bucket: String,
    inflow: Inflow,
    is_quiet: bool,
    objects: Vec<Object>,
}

struct Object {
    key: String,
    refused: Option<Fault>,
}

const OBJECTS_MAX: usize = 1000;

pub(super) fn of(asked: &mut Asked) -> Result<Box<dyn Operation>, Fault> {
    let (bucket, inflow) = (asked.bucket()?, asked.inflow_of_document()?);
    Ok(Box::new(DeleteObjects { bucket, inflow, is_quiet: false, objects: Vec::new() }))
}

impl Operation for DeleteObjects {
    fn reads(&self) -> bool {
        true
    }

    fn read(&mut self, body: &[u8]) -> Result<(), Fault> {
        self.inflow.whole(body)?;
        let document = xml::read(body, "Delete").ok_or_else(Fault::malformed_xml)?;
        let root = document.root_element();
        self.is_quiet = xml::text_in(root, "Quiet").is_some_and(|quiet| quiet.trim() == "true");
        for node in xml::children(root, "Object") {
            let key = xml::text_in(node, "Key").filter(|key| !key.is_empty());
            let key = key.ok_or_else(Fault::malformed_xml)?;
            let version = xml::text_in(node, "VersionId");
            let is_conditional = ["ETag", "LastModifiedTime", "Size"]
                .iter()
                .any(|name| xml::text_in(node, name).is_some());
            let refused = match version.as_deref() {
                None | Some("" | "null") if is_conditional => Some(Fault::not_implemented("ETag")),
                None | Some("" | "null") => address::check(&key).err(),
                Some(_) => {
                    let message = "The specified version does not exist.";
                    Some(Fault::new(404, "NoSuchVersion", message))
                }
            };
            self.objects.push(Object { key, refused });
        }
        match self.objects.len() {
            1..=OBJECTS_MAX => Ok(()),
            _ => Err(Fault::malformed_xml()),
        }
    }

    /// Each object by itself: one that may not be deleted keeps no other from it.
    fn authorize(&mut self, permission: &Permission) -> Result<(), Fault> {
        for Object { key, refused } in &mut self.objects {
            if refused.is_none() {
                *refused = permission.check_object("s3:DeleteObject", (&self.bucket, key)).err();
            }
        }
        Ok(())
    }

    fn access(&mut self) -> Result<Option<Access>, Fault> {
        let allowed = self.objects.iter().filter(|object| object.refused.is_none());
        let keys: Vec<String> = allowed.map(|object| object.key.clone()).collect();
        Ok(Some(keys).filter(|keys| !keys.is_empty()).map(|keys| Access::Delete { keys }))
    }

    fn answer(&mut self, _: Outcome) -> Result<Reply, Fault> {
        let mut xml = Xml::new("DeleteResult");
        for Object { key, refused } in &self.objects {
            match refused {
                Some(fault) => xml.within("Error", |xml| {
                    xml.text("Key", key);
                    xml.text("Code", fault.code);
                    xml.text("Message", &fault.message);
                }),
                None if self.is_quiet => {}
                None => xml.within("Deleted", |xml| xml.text("Key", key)),
            }
        }
        Ok(Reply::new(200).xml(xml))
    }
}
