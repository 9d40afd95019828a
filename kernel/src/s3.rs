//! The S3-compatible door: objects in buckets, for whoever has a role whose policies allow it.
//!
//! A [`Visit`] is one request. The kernel says who asks, what for, whether that is allowed, what
//! the host is to do with the bucket, and what is answered then; the bytes of an object never pass
//! through it, but for those that come in with signatures or checksums to be compared ([`Visit::pass`]).
//!
//! | room | question |
//! |---|---|
//! | `address`, `asked` | which object, and what is said about it? |
//! | `operation` | what does each operation do? One file each. |
//! | `permission`, `roles` | what must the caller be allowed to do, and what may its role do? |
//! | `inflow` | are the bytes those that were signed? |
//! | `bucket` | what is a bucket told, and what does it say? |
//! | `metadata`, `condition` | what is kept beside an object, and when is it wanted? |
//! | `fault`, `reply`, `xml` | how is it answered? |

mod address;
mod asked;
mod bucket;
mod condition;
mod fault;
mod inflow;
mod metadata;
mod operation;
mod permission;
mod reply;
mod roles;
#[cfg(test)]
mod tests;
mod xml;

pub use self::{
    bucket::{Access, Outcome},
    reply::Reply,
};

use alloc::{
    boxed::Box,
    rc::Rc,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use self::{
    asked::Asked, fault::Fault, operation::Operation, permission::Permission, roles::Roles,
};
use crate::{
    access::{
        authorize, caller,
        sigv4::{Expected, Payload},
    },
    call::Engine,
    crypto::Random,
    error::Error,
    http::{Request, Response},
    message::{Caller, Head, Message, Principal, Protocol},
    operation::Service,
    place::Place,
};

/// The door of a deployment.
#[derive(Clone, Debug)]
pub struct Door {
    engine: Rc<Engine>,
    buckets: Rc<Buckets>,
    roles: Rc<Roles>,
}

/// Which buckets there are, and where.
#[derive(Clone, Debug, Default)]
pub struct Buckets {
    /// Their names.
    pub names: Vec<String>,
    /// The host below which each bucket has a host of its own, and where nothing but objects is.
    pub host: Option<String>,
    /// The origins whose pages may read answers; all if there are none.
    pub origins: Vec<String>,
}

/// What to do next for a visit.
#[derive(Debug)]
pub enum Step {
    /// Send this; the visit is over.
    Answer(Reply),
    /// Run this message there and bring the response: [`Visit::judge`].
    Ask {
        /// Where.
        place: Place,
        /// For [`Kernel::begin`](crate::Kernel::begin).
        message: Vec<u8>,
    },
    /// Bring the body of the request, but no more than one byte over this: [`Visit::read`].
    Read {
        /// How many bytes are looked at.
        bytes_max: usize,
    },
    /// Do this and say what came of it: [`Visit::found`].
    Access {
        /// The bucket's name.
        bucket: String,
        /// What to do with it.
        access: Access,
    },
}

/// The largest document that is read: ten thousand parts with two checksums each.
const DOCUMENT_BYTES_MAX: usize = 4 << 20;

impl Door {
    /// The door to those buckets.
    #[must_use]
    pub fn new(engine: Rc<Engine>, buckets: Buckets) -> Self {
        Self { engine, buckets: Rc::new(buckets), roles: Rc::default() }
    }

    /// Lets a request in, whose body need not have been read yet. `now_ms` counts from 1970; `seed`
    /// comes from a cryptographic generator and is never used twice.
    #[must_use]
    pub fn enter(&self, request: &Request, now_ms: u64, seed: [u8; 32]) -> (Visit, Step) {
        let request_id = Random::new(seed).uuid();
        let caller = Caller {
            address: request.address.clone(),
            agent: header(request, "user-agent").chars().take(256).collect(),
            origin: request.origin.clone(),
            principal: Principal::Anyone,
            region: String::new(),
            request_id,
        };
        let mut visit = Visit {
            buckets: self.buckets.clone(),
            origin: header(request, "origin").to_string(),
            shares_host: !address::is_own_host(request, &self.buckets),
            has_body: request.method != "HEAD",
            resource: request.path.clone(),
            bucket: None,
            caller,
            now_ms,
            operation: None,
            roles: self.roles.clone(),
        };
        let step = self.admit(&mut visit, request).unwrap_or_else(|fault| visit.refuse(&fault));
        (visit, step)
    }

    fn admit(&self, visit: &mut Visit, request: &Request) -> Result<Step, Fault> {
        let expected = Expected { service: "s3", payload: Payload::Declared };
        let now_ms = visit.now_ms;
        let (principal, proven) =
            caller::prove(&self.engine.deployment, request, &expected, now_ms)
                .map_err(|error| fault::of_signature(&error, request))?;
        visit.caller.principal = match principal {
            Principal::Role(session) if session.is_root() => Principal::Root,
            principal => principal,
        };
        visit.caller.region = proven.region().to_string();
        let address = address::read(request, &self.buckets)?;
        visit.bucket.clone_from(&address.bucket);
        let mut asked = Asked::new(request, address, proven);
        asked.check_owner(&self.engine.deployment.account_id)?;
        let operation = operation::of(&mut asked, &self.buckets)?;
        if let Some(bucket) = &visit.bucket
            && !self.buckets.names.contains(bucket)
        {
            return Err(Fault::no_such_bucket(bucket));
        }
        let operation = visit.operation.insert(operation);
        match operation.reads() {
            true => Ok(Step::Read { bytes_max: DOCUMENT_BYTES_MAX }),
            false => visit.ask(),
        }
    }
}

/// One request under way.
pub struct Visit {
    buckets: Rc<Buckets>,
    bucket: Option<String>,
    caller: Caller,
    has_body: bool,
    now_ms: u64,
    operation: Option<Box<dyn Operation>>,
    /// The origin of the page that asks, if one does.
    origin: String,
    resource: String,
    roles: Rc<Roles>,
    shares_host: bool,
}

impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Visit({})", self.caller.request_id)
    }
}

impl Visit {
    /// Brings the body of the request.
    pub fn read(&mut self, body: &[u8]) -> Step {
        let taken = match &mut self.operation {
            _ if body.len() > DOCUMENT_BYTES_MAX => Err(fault::too_long_a_document()),
            Some(operation) => operation.read(body),
            None => Err(Fault::bug()),
        };
        let step = taken.and_then(|()| self.ask());
        step.unwrap_or_else(|fault| self.refuse(&fault))
    }

    /// Brings what was answered to what the visit asked.
    pub fn judge(&mut self, response: &Response) -> Step {
        let judged = match (&self.caller.principal, response.status) {
            (Principal::Role(session), 200) => {
                let role = serde_json::from_slice(&response.body).unwrap_or_default();
                let asked = authorize::asked(session).to_string();
                let role = self.roles.keep(asked, role, self.now_ms);
                Permission::of(session, &role, (&self.caller, self.now_ms))
                    .and_then(|permission| self.access(&permission))
            }
            _ => Err(Fault::bug()),
        };
        judged.unwrap_or_else(|fault| self.refuse(&fault))
    }

    /// Takes a piece of the object that comes in, and gives what may go on to the bucket. Nothing if
    /// the object is refused: then it must not get there whole.
    pub fn pass(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        self.operation.as_mut()?.inflow()?.push(bytes)
    }

    /// The same when nothing more comes.
    pub fn pass_last(&mut self) -> Option<Vec<u8>> {
        self.operation.as_mut()?.inflow()?.finish()
    }

    /// Brings what came of an access.
    pub fn found(&mut self, outcome: Outcome) -> Reply {
        let Some(operation) = &mut self.operation else { return self.fail(&Fault::bug()) };
        let refused = operation.inflow().and_then(|inflow| inflow.refused());
        let answered = match (refused, outcome) {
            (Some(fault), _) => Err(fault),
            (None, Outcome::Failed { code: fault::BAD_DIGEST }) => {
                Err(operation.inflow().map_or_else(fault::bad_digest, |inflow| inflow.mismatch()))
            }
            (None, Outcome::Failed { code }) => Err(fault::of_bucket(code)),
            (None, outcome) => operation.answer(outcome),
        };
        match answered {
            Ok(reply) => self.finish(reply),
            Err(fault) => self.fail(&fault),
        }
    }

    /// Asks whether the caller may do it, if that is not clear.
    fn ask(&mut self) -> Result<Step, Fault> {
        let session = match &self.caller.principal {
            Principal::Root => return self.access(&Permission::everything()),
            Principal::Role(session) => session,
            Principal::Anyone | Principal::Kernel => return Err(Fault::access_denied()),
        };
        let asked = authorize::asked(session).to_string();
        if let Some(role) = self.roles.known(&asked, self.now_ms) {
            let permission = Permission::of(session, &role, (&self.caller, self.now_ms))?;
            return self.access(&permission);
        }
        let place = Place::Account;
        let head = Head {
            place: place.clone(),
            service: Service::Internal,
            operation: "ShowRole".into(),
            protocol: Protocol::AwsJson,
            caller: Caller { principal: Principal::Kernel, ..self.caller.clone() },
            resolved: None,
        };
        let message =
            Message { head, body: asked.into_bytes() }.encode().map_err(|_: Error| Fault::bug())?;
        Ok(Step::Ask { place, message })
    }

    fn access(&mut self, permission: &Permission) -> Result<Step, Fault> {
        let operation = self.operation.as_mut().ok_or_else(Fault::bug)?;
        operation.authorize(permission)?;
        match (operation.access()?, &self.bucket) {
            (Some(access), Some(bucket)) => Ok(Step::Access { bucket: bucket.clone(), access }),
            _ => {
                let reply = operation.answer(Outcome::Nothing)?;
                Ok(Step::Answer(self.finish(reply)))
            }
        }
    }

    fn refuse(&self, fault: &Fault) -> Step {
        Step::Answer(self.fail(fault))
    }

    fn fail(&self, fault: &Fault) -> Reply {
        let reply = fault.reply(&self.resource, &self.caller.request_id);
        self.finish(if self.has_body { reply } else { reply.without_body() })
    }

    /// Adds what every answer has.
    fn finish(&self, reply: Reply) -> Reply {
        let reply = reply.with("x-amz-request-id", self.caller.request_id.as_str());
        let reply = reply.with("x-content-type-options", "nosniff");
        // What somebody uploaded must not run where people sign in.
        let reply = match self.shares_host && reply.streams {
            true => reply.with("content-security-policy", "sandbox"),
            false => reply,
        };
        let origins = &self.buckets.origins;
        let reply = match (origins.is_empty(), origins.contains(&self.origin)) {
            (true, _) => reply.with("access-control-allow-origin", "*"),
            (false, true) => reply
                .with("access-control-allow-origin", self.origin.as_str())
                .with("vary", "origin"),
            (false, false) => return reply.with("vary", "origin"),
        };
        reply.with("access-control-expose-headers", "*")
    }
}

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    let found = request.headers.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value)
}
