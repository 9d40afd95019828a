//! How does a request for an object run? It never reaches a Durable Object of its own: the kernel
//! decides, the shim moves bytes between the caller and the bucket.

use std::cell::RefCell;

use kernel::{
    Response,
    s3::{Access, Outcome, Reply, Step, Visit},
};
use wasm_bindgen::prelude::*;

use crate::{
    door::ADDRESS,
    frame::{self, Head},
    host,
};

/// One request under way.
#[wasm_bindgen]
pub struct ObjectVisit {
    visit: Option<Visit>,
    /// What the call that made it led to.
    first: RefCell<Vec<u8>>,
}

#[wasm_bindgen]
impl ObjectVisit {
    /// Lets a request in; `head` is what [`receive`](crate::door::receive) takes.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(head: &[u8], now: f64) -> Self {
        let host = match host::host() {
            Ok(host) => host,
            Err(response) => return Self::ended(frame::answer(&response, None, false)),
        };
        let request = bridge::read(head, Vec::new(), Some(ADDRESS));
        let (Some(request), Some(seed)) = (request, host::seed()) else {
            return Self::ended(frame::broken("a request could not be read"));
        };
        let (visit, step) = host.objects.enter(&request, bridge::whole(now), seed);
        Self { visit: Some(visit), first: RefCell::new(framed(&step)) }
    }

    fn ended(frame: Vec<u8>) -> Self {
        Self { visit: None, first: RefCell::new(frame) }
    }

    /// What to do first; to be asked for once.
    #[must_use]
    pub fn first(&self) -> Vec<u8> {
        self.first.take()
    }

    /// Brings the body of the request.
    #[must_use]
    pub fn read(&mut self, body: &[u8]) -> Vec<u8> {
        self.next(|visit| visit.read(body))
    }

    /// Brings what an object answered.
    #[must_use]
    pub fn judge(&mut self, status: u16, body: Vec<u8>) -> Vec<u8> {
        let response = Response { status, body, ..Response::default() };
        self.next(|visit| visit.judge(&response))
    }

    /// Takes a piece of what comes in, and gives what may go on; nothing if it is refused.
    #[must_use]
    pub fn pass(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        self.visit.as_mut()?.pass(bytes)
    }

    /// The same when nothing more comes.
    #[wasm_bindgen(js_name = passLast)]
    #[must_use]
    pub fn pass_last(&mut self) -> Option<Vec<u8>> {
        self.visit.as_mut()?.pass_last()
    }

    /// Brings what came of an access, as JSON.
    #[must_use]
    pub fn found(&mut self, outcome: &str) -> Vec<u8> {
        // What a bucket says and nobody understands is none of the caller's doing.
        let unknown = Outcome::Failed { code: 0 };
        let outcome = serde_json::from_str(outcome).unwrap_or(unknown);
        self.next(|visit| Step::Answer(visit.found(outcome)))
    }
}

impl ObjectVisit {
    fn next(&mut self, go_on: impl FnOnce(&mut Visit) -> Step) -> Vec<u8> {
        match &mut self.visit {
            Some(visit) => framed(&go_on(visit)),
            None => frame::broken("a visit that is over goes on"),
        }
    }
}

fn framed(step: &Step) -> Vec<u8> {
    match step {
        Step::Answer(Reply { status, headers, body, streams }) => {
            let status = *status;
            let headers =
                headers.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]).collect();
            match streams {
                true => Head::Stream { status, headers }.with(&[]),
                false => {
                    Head::Answer { status, headers, log: None, is_empty: false, afterwards: None }
                        .with(body)
                }
            }
        }
        Step::Ask { place, message } => {
            Head::Ask { binding: frame::binding(place), name: place.name() }.with(message)
        }
        Step::Read { bytes_max } => Head::Read { bytes_max: *bytes_max }.with(&[]),
        Step::Access { bucket, access } => accessed(bucket, access),
    }
}

/// The kernel names buckets; the shim knows bindings.
fn accessed(bucket: &str, access: &Access) -> Vec<u8> {
    let Ok(host) = host::host() else { return frame::broken("the bindings were not read yet") };
    let bound = |name: &str| host.bindings.get(name).map(String::as_str);
    let source = match access {
        Access::Copy { source_bucket, .. } => bound(source_bucket),
        _ => None,
    };
    match bound(bucket) {
        Some(binding) => Head::Access { binding, access, source }.with(&[]),
        None => frame::broken("a bucket has no binding"),
    }
}
