//! A client of the door and the host behind it, in tests: requests signed as SDKs sign them, a
//! bucket in memory.

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use time::{OffsetDateTime, macros::format_description};

use crate::{
    Request, RootCredentials,
    crypto::{hex, hmac_sha256, sha256},
    s3::{Access, Buckets, Door, Outcome, Reply, Step, bucket::Object, metadata::Metadata},
    shape::Json,
    testing::{World, federated},
};

pub(super) const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
const HOST: &str = "localhost:8787";
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A deployment with the buckets `files` and `other`, and somebody who calls it.
pub(super) struct Client {
    pub(super) world: World,
    pub(super) door: Door,
    pub(super) key: RootCredentials,
    pub(super) token: Option<String>,
    pub(super) objects: BTreeMap<(String, String), (Vec<u8>, Metadata)>,
    pub(super) identity: String,
    /// In how many bytes the network brings a body.
    pub(super) piece: usize,
}

/// What is sent.
#[derive(Clone, Default)]
pub(super) struct Call {
    pub(super) method: &'static str,
    /// Encoded as on the wire.
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Call {
    pub(super) fn new(method: &'static str, path: &str) -> Self {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        Self { method, path: path.into(), query: query.into(), ..Self::default() }
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(super) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        let len = self.body.len().to_string();
        self.with("content-length", &len)
    }
}

/// A request, and what the signatures of its chunks go on from.
pub(super) struct SignedCall {
    pub(super) request: Request,
    pub(super) key: Vec<u8>,
    pub(super) scope: String,
    pub(super) date: String,
    pub(super) signature: String,
}

impl SignedCall {
    /// The signature of what follows the one before.
    pub(super) fn next(&mut self, algorithm: &str, hashes: &str) -> String {
        let Self { date, scope, signature, .. } = &*self;
        let text = format!("{algorithm}\n{date}\n{scope}\n{signature}\n{hashes}");
        self.signature = hex(&hmac_sha256(&self.key, &[text.as_bytes()]));
        self.signature.clone()
    }

    /// A body in signed chunks.
    pub(super) fn chunked(&mut self, chunks: &[&[u8]]) -> Vec<u8> {
        let mut body = Vec::new();
        for chunk in chunks.iter().chain([&&b""[..]]) {
            let hashes = format!("{}\n{}", hex(&sha256(&[])), hex(&sha256(&[chunk])));
            let signature = self.next("AWS4-HMAC-SHA256-PAYLOAD", &hashes);
            body.extend(format!("{:x};chunk-signature={signature}\r\n", chunk.len()).bytes());
            body.extend_from_slice(chunk);
            body.extend_from_slice(b"\r\n");
        }
        body
    }
}

impl Client {
    /// Somebody with the root credentials.
    pub(super) fn root() -> Self {
        Self::of(World::new())
    }

    fn of(world: World) -> Self {
        let names = ["files".to_string(), "other".to_string()].into();
        let host = Some("s3.example.com".to_string());
        let door = Door::new(world.engine(), Buckets { names, host, origins: Vec::new() });
        let key = RootCredentials::development();
        let (token, identity) = (None, String::new());
        Self { world, door, key, token, objects: BTreeMap::new(), identity, piece: 7 }
    }

    /// A guest of an identity pool, whose role may do that.
    pub(super) fn guest(statement: &Json) -> Self {
        let (world, _, pool) = federated(json!({}));
        world.role("guest");
        let role = "arn:aws:iam::123456789012:role/guest";
        let roles = json!({ "IdentityPoolId": pool, "Roles": { "unauthenticated": role } });
        let _ = world.ok("SetIdentityPoolRoles", roles);
        let id = world.ok("GetId", json!({ "IdentityPoolId": pool }));
        let given = world.ok("GetCredentialsForIdentity", id);
        let text = |name: &str| given["Credentials"][name].as_str().unwrap().to_string();
        let mut client = Self::of(world);
        client.identity = given["IdentityId"].as_str().unwrap().into();
        client.key = RootCredentials {
            access_key_id: text("AccessKeyId"),
            secret_access_key: text("SecretKey"),
        };
        client.token = Some(text("SessionToken"));
        client.allow(statement);
        client
    }

    /// From now on, the role of guests may do that; so everybody knows soon afterwards.
    pub(super) fn allow(&self, statement: &Json) {
        let document = json!({ "Version": "2012-10-17", "Statement": statement }).to_string();
        let members =
            [("RoleName", "guest"), ("PolicyName", "p"), ("PolicyDocument", document.as_str())];
        assert_eq!(self.world.query("iam", "PutRolePolicy", &members).status, 200);
        self.world.advance_s(2);
    }

    /// Puts something into a bucket, past the door.
    pub(super) fn keep(&mut self, bucket: &str, key: &str, bytes: &[u8]) {
        let entry = (bytes.to_vec(), Metadata::default());
        self.objects.insert((bucket.into(), key.into()), entry);
    }

    pub(super) fn has(&self, bucket: &str, key: &str) -> bool {
        self.objects.contains_key(&(bucket.into(), key.into()))
    }

    /// Signs in the header; the hash of the body is what the call says, or that of its body.
    pub(super) fn sign(&self, call: &Call) -> SignedCall {
        let mut headers = call.headers.clone();
        headers.push(("host".into(), HOST.into()));
        if !headers.iter().any(|(name, _)| name == "x-amz-content-sha256") {
            headers.push(("x-amz-content-sha256".into(), hex(&sha256(&[&call.body]))));
        }
        let date = self.date();
        headers.push(("x-amz-date".into(), date.clone()));
        if let Some(token) = &self.token {
            headers.push(("x-amz-security-token".into(), token.clone()));
        }
        headers.sort();
        let payload = headers.iter().find(|(name, _)| name == "x-amz-content-sha256").unwrap();
        let payload = payload.1.clone();
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let names = names.join(";");
        let (key, scope) = self.scope(&date);
        let signature =
            signature(call, (&headers, &names, &payload), (&key, &scope, &date), &call.query);
        let id = &self.key.access_key_id;
        let value = format!(
            "AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}"
        );
        headers.push(("authorization".into(), value));
        SignedCall {
            request: self.request(call, headers, &call.query),
            key,
            scope,
            date,
            signature,
        }
    }

    /// Signs in the query.
    pub(super) fn presign(&self, call: &Call, expires_s: u32) -> Request {
        let mut headers = call.headers.clone();
        headers.retain(|(name, _)| name != "content-length");
        headers.push(("host".into(), HOST.into()));
        headers.sort();
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let names = names.join(";");
        let date = self.date();
        let (key, scope) = self.scope(&date);
        let encode = |text: &str| utf8_percent_encode(text, UNRESERVED).to_string();
        let credential = encode(&format!("{}/{scope}", self.key.access_key_id));
        let mut query = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={date}\
             &X-Amz-Expires={expires_s}"
        );
        if let Some(token) = &self.token {
            query.push_str(&format!("&X-Amz-Security-Token={}", encode(token)));
        }
        query.push_str(&format!("&X-Amz-SignedHeaders={}", encode(&names)));
        if !call.query.is_empty() {
            query.push_str(&format!("&{}", call.query));
        }
        let signature =
            signature(call, (&headers, &names, UNSIGNED), (&key, &scope, &date), &query);
        headers.extend(call.headers.iter().filter(|(name, _)| name == "content-length").cloned());
        self.request(call, headers, &format!("{query}&X-Amz-Signature={signature}"))
    }

    fn request(&self, call: &Call, headers: Vec<(String, String)>, query: &str) -> Request {
        Request {
            method: call.method.into(),
            origin: format!("http://{HOST}"),
            path: call.path.clone(),
            query: query.into(),
            headers,
            body: call.body.clone(),
            address: "192.0.2.1".into(),
        }
    }

    fn date(&self) -> String {
        let seconds = i64::try_from(self.world.now_ms() / 1000).unwrap();
        let form = format_description!("[year][month][day]T[hour][minute][second]Z");
        OffsetDateTime::from_unix_timestamp(seconds).unwrap().format(&form).unwrap()
    }

    fn scope(&self, date: &str) -> (Vec<u8>, String) {
        let parts = [&date[..8], "auto", "s3", "aws4_request"];
        let secret = format!("AWS4{}", self.key.secret_access_key).into_bytes();
        let key =
            parts.iter().fold(secret, |key, part| hmac_sha256(&key, &[part.as_bytes()]).to_vec());
        (key, parts.join("/"))
    }

    /// Signs and sends.
    pub(super) fn call(&mut self, call: &Call) -> Result<Reply, String> {
        let request = self.sign(call).request;
        self.send(&request)
    }

    /// Takes a request through the door, as a host does; gives the name of what went wrong.
    pub(super) fn send(&mut self, request: &Request) -> Result<Reply, String> {
        let (mut visit, mut step) = self.door.enter(request, self.world.now_ms(), [7; 32]);
        loop {
            step = match step {
                Step::Answer(reply) => return outcome(reply),
                Step::Ask { place, message } => visit.judge(&self.world.run(&place, &message)),
                Step::Read { bytes_max } => {
                    visit.read(&request.body[..request.body.len().min(bytes_max + 1)])
                }
                Step::Access { bucket, access } => {
                    let outcome = self.access(&bucket, access, request, &mut visit);
                    Step::Answer(visit.found(outcome))
                }
            }
        }
    }

    /// What comes of an access to `files` by somebody who only wants to see whether it breaks.
    pub(super) fn outcome(
        &mut self,
        access: Access,
        request: &Request,
        visit: &mut crate::s3::Visit,
    ) -> Outcome {
        match access {
            // Buckets compare other hashes as well, and take bodies of the length that was announced.
            Access::Put { body, .. } if !body.passes => Outcome::Failed { code: 10037 },
            access => self.access("files", access, request, visit),
        }
    }

    fn access(
        &mut self,
        bucket: &str,
        access: Access,
        request: &Request,
        visit: &mut crate::s3::Visit,
    ) -> Outcome {
        let at = |key: &str| (bucket.to_string(), key.to_string());
        match access {
            Access::Put { key, metadata, hash, body, .. } => {
                let bytes = match body.passes {
                    true => passed(visit, &request.body, self.piece, body.bytes),
                    false => Some(request.body.clone()),
                };
                let Some(bytes) = bytes else { return Outcome::Failed { code: 10001 } };
                assert_eq!(u64::try_from(bytes.len()).unwrap(), body.bytes);
                if let Some((algorithm, wanted)) = hash {
                    assert_eq!(algorithm, "sha256");
                    if hex(&sha256(&[&bytes])) != wanted {
                        return Outcome::Failed { code: 10037 };
                    }
                }
                self.objects.insert(at(&key), (bytes, metadata));
                self.object(&at(&key))
            }
            Access::Get(get) => self.object(&at(&get.key)),
            Access::Head { key } => self.object(&at(&key)),
            Access::Delete { keys } => {
                for key in keys {
                    self.objects.remove(&at(&key));
                }
                Outcome::Nothing
            }
            Access::Copy { source_bucket, source, target } => {
                let found = self.objects.get(&(source_bucket, source.key)).cloned();
                let crate::s3::bucket::CopyTarget::Object { key, .. } = target else {
                    return Outcome::Part { etag: "part".into() };
                };
                let Some(found) = found else { return Outcome::Nothing };
                self.objects.insert(at(&key), found);
                self.object(&at(&key))
            }
            Access::List(list) => {
                let known = self
                    .objects
                    .keys()
                    .filter(|(b, key)| b == bucket && key.starts_with(&list.prefix));
                let objects = known.map(|(_, key)| described(key, &self.objects[&at(key)]));
                Outcome::Page { objects: objects.collect(), prefixes: Vec::new(), cursor: None }
            }
            Access::Create { .. } => Outcome::Upload { id: "upload".into() },
            Access::Part { body, .. } => {
                match passed(visit, &request.body, self.piece, body.bytes) {
                    Some(_) => Outcome::Part { etag: "part".into() },
                    None => Outcome::Failed { code: 10001 },
                }
            }
            Access::Complete { key, .. } => {
                self.objects.insert(at(&key), Default::default());
                self.object(&at(&key))
            }
            Access::Abort { .. } => Outcome::Nothing,
        }
    }

    fn object(&self, at: &(String, String)) -> Outcome {
        match self.objects.get(at) {
            Some(found) => Outcome::Object(described(&at.1, found)),
            None => Outcome::Nothing,
        }
    }
}

fn described(key: &str, (bytes, metadata): &(Vec<u8>, Metadata)) -> Object {
    Object {
        key: key.into(),
        size: u64::try_from(bytes.len()).unwrap(),
        etag: "e1".into(),
        uploaded_ms: 1_795_608_000_000,
        metadata: metadata.clone(),
        ..Object::default()
    }
}

/// What gets to the bucket of a body that comes in pieces; it must not be whole if it is refused.
fn passed(visit: &mut crate::s3::Visit, body: &[u8], piece: usize, bytes: u64) -> Option<Vec<u8>> {
    let mut object = Vec::new();
    let mut ended = Some(());
    for piece in body.chunks(piece) {
        match visit.pass(piece) {
            Some(bytes) => object.extend(bytes),
            None => ended = None,
        }
    }
    let last = ended.and_then(|()| visit.pass_last());
    if last.is_none() {
        assert!(bytes == 0 || u64::try_from(object.len()).unwrap() < bytes);
    }
    object.extend(last?);
    Some(object)
}

fn signature(
    call: &Call,
    (headers, names, payload): (&[(String, String)], &str, &str),
    (key, scope, date): (&[u8], &str, &str),
    query: &str,
) -> String {
    let signed = headers.iter().filter(|(name, _)| names.split(';').any(|known| known == name));
    let lines: String = signed.map(|(name, value)| format!("{name}:{value}\n")).collect();
    let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs
        .into_iter()
        .map(|pair| if pair.contains('=') { pair.into() } else { format!("{pair}=") })
        .collect();
    let (method, path, query) = (call.method, &call.path, pairs.join("&"));
    let canonical = format!("{method}\n{path}\n{query}\n{lines}\n{names}\n{payload}");
    let hash = hex(&sha256(&[canonical.as_bytes()]));
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{hash}");
    hex(&hmac_sha256(key, &[text.as_bytes()]))
}

fn outcome(reply: Reply) -> Result<Reply, String> {
    if reply.status < 400 {
        return Ok(reply);
    }
    let body = String::from_utf8(reply.body).unwrap();
    let code = body.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    Err(code.map_or_else(|| reply.status.to_string(), |(code, _)| code.into()))
}
