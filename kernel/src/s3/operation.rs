//! What is asked for? One file an operation.

mod abort_multipart_upload;
mod complete_multipart_upload;
mod copy;
mod create_multipart_upload;
mod delete_object;
mod delete_objects;
mod get_bucket;
mod get_object;
mod list_buckets;
mod list_objects;
mod put_object;

use alloc::{boxed::Box, string::String};

use super::{
    Buckets,
    asked::Asked,
    bucket::{Access, Outcome},
    fault::Fault,
    inflow::Inflow,
    permission::Permission,
    reply::Reply,
};

/// One operation on its way from a request to an answer.
pub(super) trait Operation {
    /// Whether the body is a document that says what to do.
    fn reads(&self) -> bool {
        false
    }

    /// Takes that document.
    fn read(&mut self, _body: &[u8]) -> Result<(), Fault> {
        Err(Fault::bug())
    }

    /// Asks for all that it needs.
    fn authorize(&mut self, permission: &Permission) -> Result<(), Fault>;

    /// What to do with the bucket; nothing if the answer is known.
    fn access(&mut self) -> Result<Option<Access>, Fault>;

    /// How the object comes in, if one does.
    fn inflow(&mut self) -> Option<&mut Inflow> {
        None
    }

    fn answer(&mut self, outcome: Outcome) -> Result<Reply, Fault>;
}

/// Parameters that mean something else than the operation that they would be added to, and that is
/// not done here.
const REFUSED: [&str; 31] = [
    "accelerate",
    "acl",
    "analytics",
    "attributes",
    "cors",
    "encryption",
    "intelligent-tiering",
    "inventory",
    "legal-hold",
    "lifecycle",
    "logging",
    "metadataConfiguration",
    "metadataTable",
    "metrics",
    "notification",
    "object-lock",
    "ownershipControls",
    "partNumber",
    "policy",
    "policyStatus",
    "publicAccessBlock",
    "renameObject",
    "replication",
    "requestPayment",
    "restore",
    "retention",
    "select",
    "session",
    "tagging",
    "torrent",
    "versioning",
];
const REFUSED_TOO: [&str; 2] = ["versions", "website"];

/// The operation that a request asks for.
pub(super) fn of(asked: &mut Asked, buckets: &Buckets) -> Result<Box<dyn Operation>, Fault> {
    let has = |name: &str| asked.parameter(name).is_some();
    let is_upload = has("uploadId");
    let is_part = is_upload && has("partNumber");
    let is_refused = |name: &&str| {
        (REFUSED.contains(name) || REFUSED_TOO.contains(name))
            && !(is_part && *name == "partNumber")
    };
    if let Some(name) = asked.parameters().find(is_refused) {
        return Err(Fault::not_implemented(name));
    }
    let is_copy = asked.header("x-amz-copy-source").is_some();
    let method = asked.method.clone();
    match (method.as_str(), &asked.address.bucket, &asked.address.key) {
        ("GET", None, _) => Ok(list_buckets::of(buckets)),
        ("GET", Some(_), None) if has("location") => get_bucket::location(asked),
        ("GET", Some(_), None) if has("uploads") => Err(Fault::not_implemented("uploads")),
        ("GET", Some(_), None) => list_objects::of(asked),
        ("HEAD", Some(_), None) => get_bucket::head(asked),
        ("POST", Some(_), None) if has("delete") => delete_objects::of(asked),
        ("GET", Some(_), Some(_)) if is_upload => Err(Fault::not_implemented("uploadId")),
        ("GET" | "HEAD", Some(_), Some(_)) => get_object::of(asked),
        ("PUT", Some(_), Some(_)) if is_part && is_copy => copy::to_part(asked, buckets),
        ("PUT", Some(_), Some(_)) if is_part => put_object::part(asked),
        ("PUT", Some(_), Some(_)) if is_upload => Err(Fault::method_not_allowed()),
        ("PUT", Some(_), Some(_)) if is_copy => copy::to_object(asked, buckets),
        ("PUT", Some(_), Some(_)) => put_object::object(asked),
        ("POST", Some(_), Some(_)) if has("uploads") => create_multipart_upload::of(asked),
        ("POST", Some(_), Some(_)) if is_upload => complete_multipart_upload::of(asked),
        ("DELETE", Some(_), Some(_)) if is_upload => abort_multipart_upload::of(asked),
        ("DELETE", Some(_), Some(_)) => delete_object::of(asked),
        // Buckets are what the deployment is configured with.
        ("PUT" | "DELETE", Some(_), None) => Err(Fault::not_implemented("bucket")),
        _ => Err(Fault::method_not_allowed()),
    }
}

/// The part of an upload that a request names.
fn part_number(asked: &Asked) -> Result<u16, Fault> {
    let number = asked.parameter("partNumber").and_then(|number| number.parse().ok());
    number.filter(|number| (1..=10_000).contains(number)).ok_or_else(|| {
        Fault::invalid_argument("Part number must be an integer between 1 and 10000, inclusive")
    })
}

fn upload_id(asked: &Asked) -> Result<String, Fault> {
    let id = asked.parameter("uploadId").unwrap_or_default();
    match id.is_empty() {
        true => Err(Fault::invalid_argument("This operation does not accept an empty uploadId")),
        false => Ok(id.into()),
    }
}

/// A tag as headers and documents show it.
fn quoted(etag: &str) -> String {
    alloc::format!("\"{etag}\"")
}
