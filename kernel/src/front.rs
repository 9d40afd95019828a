//! The stateless half: from an HTTP request to an answer, or to a message for the place that has
//! the records. It reads nothing, so that it runs anywhere, as many times at once as needed.

mod link;
mod query;

use alloc::{rc::Rc, string::String, vec::Vec};
use core::fmt;

use serde::Deserialize;

use crate::{
    access::caller,
    call::Engine,
    crypto::Random,
    delivery::link::CONFIRM,
    deployment::is_local,
    error::{Code, Error},
    federation::issuer,
    http::{BODY_BYTES_MAX, Request, Response},
    message::{Caller, Head, Message, Principal, Protocol},
    model::{
        identity_pool::{self, identity},
        pool::tags::SHARDS,
    },
    operation::{Access, Operation, Reach, Service, find},
    outbox,
    place::{IdentityPoolArn, IdentityPoolKey, Place, PoolArn, PoolKey, Shards},
    shape::{Fault, Json, Kind, Map, check, summary},
    token::refresh::session_of,
    transfer::{self, Download, File, Upload},
    wire::Reply,
};

/// What the front made of a request.
#[derive(Debug)]
pub enum Received {
    /// Send this.
    Answer(Response),
    /// Send the pages of a file.
    Download(Download),
    /// Run this at its place and send what comes of it.
    Forward(Forward),
    /// Take the request's body, which need not have been read yet, piece by piece.
    Upload(Upload),
}

/// A message on its way to a place.
pub struct Forward {
    /// Where to run it.
    pub place: Place,
    /// For [`Kernel::begin`](crate::Kernel::begin) there.
    pub message: Vec<u8>,
    /// Public documents may be kept under this name for a while.
    pub cache: Option<CacheEntry>,
}

// The message holds what the caller sent.
impl fmt::Debug for Forward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Forward({:?})", self.place)
    }
}

/// Where a public document may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheEntry {
    /// A name that no other document has.
    pub key: String,
    /// For how many seconds.
    pub max_age_s: u32,
}

/// Public documents are asked for by every verifier and change with a key's rotation only, before
/// which new keys are published in advance.
const DOCUMENT_MAX_AGE_S: u32 = 300;

/// The front of a deployment.
#[derive(Clone, Debug)]
pub struct Front {
    engine: Rc<Engine>,
}

impl Front {
    /// A front with that configuration.
    #[must_use]
    pub fn new(engine: Rc<Engine>) -> Self {
        Self { engine }
    }

    /// Answers a request, or says where it must go. `now_ms` counts from 1970; `seed` comes from a
    /// cryptographic generator and is never used twice.
    #[must_use]
    pub fn receive(&self, request: &Request, now_ms: u64, seed: [u8; 32]) -> Received {
        let random = Random::new(seed);
        let reply = Reply::new(&random.uuid());
        let received = match (request.method.as_str(), request.path.as_str()) {
            ("OPTIONS", _) => Ok(Received::Answer(preflight(request))),
            ("POST", "/") if let Some(asked) = query::in_form(request) => {
                return self.query(request, asked, now_ms, &random);
            }
            ("POST", "/") => self.operate(request, &reply.request_id, now_ms, &random),
            ("GET" | "PUT", path) if transfer_in(path).is_some() => {
                let received = self.transfer(request, path, (&reply.request_id, now_ms, &random));
                return received.unwrap_or_else(|error| Received::Answer(reply.fail_as_s3(&error)));
            }
            ("GET" | "HEAD" | "POST", CONFIRM) => Ok(self.confirm(request, &reply.request_id)),
            ("GET" | "HEAD", path) => self.show(request, path, &reply.request_id),
            _ => Ok(Received::Answer(not_found())),
        };
        received.unwrap_or_else(|error| Received::Answer(reply.fail(&error)))
    }

    fn operate(
        &self,
        request: &Request,
        request_id: &str,
        now_ms: u64,
        random: &Random,
    ) -> Result<Received, Error> {
        if request.body.len() > BODY_BYTES_MAX {
            return Err(Code::RequestEntityTooLarge.into());
        }
        let target = request.header("x-amz-target").unwrap_or_default();
        let operation = target
            .split_once('.')
            .and_then(|(prefix, name)| find(Service::of_target(prefix)?, name))
            .ok_or(Code::UnknownOperation)?;
        let (principal, region) = match operation.access {
            Access::Iam => {
                caller::authenticate(&self.engine.deployment, operation, request, now_ms)?
            }
            _ => (Principal::Anyone, String::new()),
        };
        let input = parse(&request.body)?;
        check(operation.input, &input).map_err(|fault| match fault {
            Fault::Mistyped(sentence) => Error::saying(Code::Serialization, sentence),
            Fault::Broken(faults) => Error::saying(Code::InvalidParameter, summary(&faults)),
        })?;
        let place = place(operation, &input, (random, self.engine.deployment.shards))?;
        let caller = caller_of(request, request_id, principal, region);
        let head = Head {
            place: place.clone(),
            service: operation.service,
            operation: operation.name.into(),
            protocol: Protocol::AwsJson,
            caller,
            resolved: None,
        };
        let message = Message { head, body: request.body.clone() }.encode()?;
        Ok(Received::Forward(Forward { place, message, cache: None }))
    }

    /// Files that come and go.
    fn transfer(
        &self,
        request: &Request,
        path: &str,
        (request_id, now_ms, random): (&str, u64, &Random),
    ) -> Result<Received, Error> {
        let file = transfer_in(path).ok_or(Code::ResourceNotFound)?;
        let caller = caller_of(request, request_id, Principal::Anyone, String::new());
        match (request.method.as_str(), file.room) {
            ("PUT", transfer::IMPORT) => {
                let upload = (file, now_ms, random);
                transfer::upload(&self.engine, request, caller, upload).map(Received::Upload)
            }
            ("GET", transfer::EXPORT) => {
                transfer::download(&self.engine, request, caller, (file, now_ms))
                    .map(Received::Download)
            }
            _ => Err(Code::ResourceNotFound.into()),
        }
    }

    /// What is read by path: public documents of a pool, and the outbox of local development.
    fn show(&self, request: &Request, path: &str, request_id: &str) -> Result<Received, Error> {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let (place, operation, max_age_s) = match *segments.as_slice() {
            [pool_id, ".well-known", document] => {
                let operation = match document {
                    "jwks.json" => "JsonWebKeySet",
                    "openid-configuration" => "OpenIdConfiguration",
                    _ => return Ok(Received::Answer(not_found())),
                };
                let Some(key) = PoolKey::of_pool_id(pool_id) else {
                    return Ok(Received::Answer(not_found()));
                };
                (Place::Pool(key), operation, DOCUMENT_MAX_AGE_S)
            }
            [issuer::ROOM, uuid, ".well-known", document] => {
                let operation = match document {
                    "jwks.json" => "IdentityKeySet",
                    "openid-configuration" => "IdentityConfiguration",
                    _ => return Ok(Received::Answer(not_found())),
                };
                let Some(key) = IdentityPoolKey::of_uuid(uuid) else {
                    return Ok(Received::Answer(not_found()));
                };
                (Place::IdentityPool(key), operation, DOCUMENT_MAX_AGE_S)
            }
            [outbox::ROOM, outbox::PAGE] if self.shows_outbox(request) => {
                return Ok(Received::Answer(outbox::page()));
            }
            [outbox::ROOM, outbox::MESSAGES] if self.shows_outbox(request) => {
                (Place::Outbox, "ListMessages", 0)
            }
            [""] => {
                return Ok(Received::Answer(Response::new(200).body("text/plain", "Cognate\n")));
            }
            _ => return Ok(Received::Answer(not_found())),
        };
        let caller = caller_of(request, request_id, Principal::Anyone, String::new());
        let cache = (max_age_s > 0).then(|| CacheEntry {
            key: alloc::format!("{}{}", caller.origin, request.path),
            max_age_s,
        });
        let mut input = Map::new();
        let segment = |n: usize| segments.get(n).copied().unwrap_or_default();
        let (member, value) = match place {
            Place::IdentityPool(_) => ("Uuid", segment(1)),
            Place::Pool(_) => ("UserPoolId", segment(0)),
            _ => ("Query", request.query.as_str()),
        };
        input.insert(member.into(), Json::from(value));
        let head = Head {
            place: place.clone(),
            service: Service::Internal,
            operation: operation.into(),
            protocol: Protocol::Document { max_age_s },
            caller,
            resolved: None,
        };
        let bug = |_| Error::bug("an input does not serialise");
        let body = serde_json::to_vec(&Json::Object(input)).map_err(bug)?;
        let message = Message { head, body }.encode()?;
        Ok(Received::Forward(Forward { place, message, cache }))
    }

    fn shows_outbox(&self, request: &Request) -> bool {
        self.engine.deployment.is_development && is_local(&request.origin)
    }
}

/// The file that a path stands for: `/_cognate/import/{pool}/{job}`.
fn transfer_in(path: &str) -> Option<File<'_>> {
    let mut segments = path.strip_prefix('/')?.split('/');
    let four = [(); 4].map(|()| segments.next());
    match (four, segments.next()) {
        ([Some(transfer::ROOM), Some(room), Some(pool_id), Some(job)], None)
            if [transfer::EXPORT, transfer::IMPORT].contains(&room) =>
        {
            Some(File { room, pool_id, job })
        }
        _ => None,
    }
}

fn caller_of(request: &Request, request_id: &str, principal: Principal, region: String) -> Caller {
    Caller {
        address: request.address.clone(),
        agent: request.header("user-agent").unwrap_or_default().chars().take(256).collect(),
        origin: request.origin.clone(),
        principal,
        region,
        request_id: request_id.into(),
    }
}

/// The body as a JSON object; an empty one stands for one without members.
fn parse(body: &[u8]) -> Result<Json, Error> {
    if body.is_empty() {
        return Ok(Json::Object(Map::new()));
    }
    match serde_json::from_slice(body) {
        Ok(json @ Json::Object(_)) => Ok(json),
        _ => Err(Code::Serialization.into()),
    }
}

/// Where a call runs: in its pool, at the home of the user whom it names, if it names one.
fn place(
    operation: &Operation,
    input: &Json,
    (random, shards): (&Random, Shards),
) -> Result<Place, Error> {
    let member = |name: &str| input.get(name).and_then(Json::as_str).unwrap_or_default();
    let missing = |what: &str, id: &str| {
        let is_declared = operation.declares(Code::ResourceNotFound);
        let code = if is_declared { Code::ResourceNotFound } else { Code::InvalidParameter };
        Error::saying(code, alloc::format!("{what} {id} does not exist."))
    };
    let key = match operation.reach {
        Reach::Account | Reach::Given => return Ok(Place::Account),
        Reach::NewPool => {
            let asked = input.get("UserPoolTags").and_then(|tags| tags.get(SHARDS)?.as_str());
            // The operation refuses what is no number of shards.
            let shards = asked.map_or(shards, |asked| Shards::read(asked).unwrap_or_default());
            return Ok(Place::Pool(PoolKey::mint(random, shards)));
        }
        Reach::NewIdentityPool => return Ok(Place::IdentityPool(IdentityPoolKey::mint(random))),
        Reach::Identity => {
            let id = member("IdentityId");
            let key = IdentityPoolKey::of_id(id).ok_or_else(|| identity::no_identity(id))?;
            return Ok(Place::IdentityPool(key));
        }
        Reach::IdentityPool => {
            let id = member("IdentityPoolId");
            let key = IdentityPoolKey::of_id(id).ok_or_else(|| identity_pool::no_pool(id))?;
            return Ok(Place::IdentityPool(key));
        }
        Reach::IdentityPoolResource => {
            let arn = IdentityPoolArn::parse(member("ResourceArn"));
            let id = arn.ok_or_else(IdentityPoolArn::wanted)?.pool_id;
            let key = IdentityPoolKey::of_id(id).ok_or_else(|| identity_pool::no_pool(id))?;
            return Ok(Place::IdentityPool(key));
        }
        Reach::Pool => {
            let id = member("UserPoolId");
            PoolKey::of_pool_id(id).ok_or_else(|| missing("User pool", id))?
        }
        Reach::Resource => {
            let id = PoolArn::parse(member("ResourceArn")).ok_or_else(PoolArn::wanted)?.pool_id;
            PoolKey::of_pool_id(id).ok_or_else(|| missing("User pool", id))?
        }
        Reach::Client => {
            let id = member("ClientId");
            PoolKey::of_client_id(id).ok_or_else(|| missing("User pool client", id))?
        }
        Reach::AccessTokenOrSession if member("AccessToken").is_empty() => {
            if member("Session").is_empty() {
                let message = "Missing required parameter AccessToken or Session";
                return Err(Error::saying(Code::InvalidParameter, message));
            }
            PoolKey::of_session(member("Session")).ok_or_else(|| {
                Error::saying(Code::NotAuthorized, "Invalid session for the user.")
            })?
        }
        Reach::AccessToken | Reach::AccessTokenOrSession => {
            let (key, username) = claimed(member("AccessToken"))
                .ok_or_else(|| Error::saying(Code::NotAuthorized, "Invalid Access Token"))?;
            return Ok(key.home(&username));
        }
    };
    let name = if key.shards() > 1 { name_in(operation, input) } else { None };
    Ok(name.map_or(Place::Pool(key), |name| key.home(name)))
}

/// The name by which a call finds its user: a username, an alias, or what was given to the user
/// and lives where the user does. Only members that the operation has are looked at.
fn name_in<'a>(operation: &Operation, input: &'a Json) -> Option<&'a str> {
    let Kind::Structure { fields } = operation.input.kind else { return None };
    let member = |name: &str| fields.iter().any(|f| f.name == name).then(|| input.get(name))?;
    let text = |name: &str| member(name)?.as_str();
    let parameter = |name: &str| member("AuthParameters")?.get(name)?.as_str();
    let refreshes = text("AuthFlow").is_some_and(|flow| flow.starts_with("REFRESH_TOKEN"));
    if refreshes && let Some(token) = parameter("REFRESH_TOKEN") {
        return session_of(token);
    }
    text("Username")
        .or_else(|| parameter("USERNAME"))
        .or_else(|| member("ChallengeResponses")?.get("USERNAME")?.as_str())
        .or_else(|| text("RefreshToken").and_then(session_of))
        .or_else(|| text("Token").and_then(session_of))
        .or_else(|| text("Session"))
}

/// The pool and the user that a token says it is of. Nothing is believed here: the pool verifies
/// it.
fn claimed(token: &str) -> Option<(PoolKey, String)> {
    #[derive(Deserialize)]
    struct Claims {
        iss: String,
        #[serde(default)]
        username: String,
    }
    let claims = jsonwebtoken::dangerous::insecure_decode_claims::<Claims>(token).ok()?;
    Some((PoolKey::of_issuer(&claims.iss)?, claims.username))
}

fn preflight(request: &Request) -> Response {
    // SDKs differ in the headers that they send, and credentials never travel in cookies here, so
    // whatever the browser asks for is allowed.
    let asked = request.header("access-control-request-headers").unwrap_or("*");
    let asked: String = asked.chars().filter(|c| !c.is_control()).take(2048).collect();
    Response::new(204)
        .with("access-control-allow-methods", "DELETE, GET, HEAD, POST, PUT, OPTIONS")
        .with("access-control-allow-headers", asked)
        .with("access-control-max-age", "86400")
}

fn not_found() -> Response {
    Response::new(404).body("application/json", r#"{"message":"Not Found"}"#)
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use serde_json::json;

    use super::*;
    use crate::testing::{Failure, World, outcome};

    fn error_of(response: &Response) -> Failure {
        outcome(response).unwrap_err()
    }

    fn request(world: &World, body: &[u8]) -> Request {
        let empty = Json::Object(Map::new());
        Request { body: body.to_vec(), ..world.request("SignUp", &empty) }
    }

    #[test]
    fn every_answer_names_the_request_and_its_type() {
        let world = World::new();
        let response = world.send(&request(&world, b"{}"));
        assert_eq!(response.status, 400);
        assert_eq!(response.header("content-type"), Some("application/x-amz-json-1.1"));
        assert_eq!(response.header("x-amzn-errortype"), Some("InvalidParameterException:"));
        assert_eq!(response.header("x-amzn-requestid").map(str::len), Some(36));
        assert_eq!(response.header("access-control-allow-origin"), Some("*"));
    }

    #[test]
    fn all_faults_of_a_request_are_told_at_once() {
        let world = World::new();
        let failure = error_of(&world.send(&request(&world, b"{\"ClientId\":\"a b\"}")));
        assert!(failure.message.starts_with("2 validation errors detected: "), "{failure:?}");
    }

    #[test]
    fn what_is_no_json_object_is_told_so() {
        let world = World::new();
        for body in [&b"{"[..], b"[]", b"null", b"\"x\"", b"\xff", b"{\"ClientId\":1}"] {
            let failure = error_of(&world.send(&request(&world, body)));
            assert_eq!((failure.status, &*failure.code), (400, "SerializationException"));
        }
    }

    #[test]
    fn a_body_over_the_limit_is_refused_before_it_is_read() {
        let world = World::new();
        let failure = error_of(&world.send(&request(&world, &vec![b' '; BODY_BYTES_MAX + 1])));
        assert_eq!((failure.status, &*failure.code), (413, "RequestEntityTooLargeException"));
    }

    #[test]
    fn what_is_no_operation_is_unknown() {
        let world = World::new();
        for target in
            ["", "x", "AWSCognitoIdentityProviderService.Nothing", ".Deposit", "Cognate.SignUp"]
        {
            let mut request = request(&world, b"{}");
            request.headers.retain(|(name, _)| name != "x-amz-target");
            request.headers.push(("x-amz-target".into(), target.into()));
            let failure = error_of(&world.send(&request));
            assert_eq!(failure.code, "UnknownOperationException", "{target}");
        }
    }

    #[test]
    fn identifiers_that_name_no_pool_are_not_found() {
        let world = World::new();
        let failure = world.fails(
            "SignUp",
            json!({ "ClientId": "nobody", "Username": "ann", "Password": "Passw0rd!" }),
        );
        assert_eq!(failure.code, "ResourceNotFoundException");
        assert_eq!(failure.message, "User pool client nobody does not exist.");
        let failure = world.fails("GetUser", json!({ "AccessToken": "a.b.c" }));
        assert_eq!(failure.message, "Invalid Access Token");
    }

    #[test]
    fn a_browser_may_send_whatever_headers_its_sdk_wants() {
        let world = World::new();
        let asked = "x-amz-target,cache-control,amz-sdk-request";
        let response = world.send(&Request {
            method: "OPTIONS".into(),
            path: "/".into(),
            headers: vec![("access-control-request-headers".into(), asked.into())],
            ..Request::default()
        });
        assert_eq!(response.status, 204);
        assert_eq!(response.header("access-control-allow-headers"), Some(asked));
        assert_eq!(response.header("access-control-allow-origin"), Some("*"));
    }
}
