//! `World`: the real kernel with a scripted world around it, for tests.
//!
//! Only the world is scripted: the clock, the seeds, what is sent. Stores are in memory, keys and
//! signatures are real, and every call goes through the front, signed where it must be.

mod fill;
mod identity;
mod import;
mod keys;
mod mfa;
mod network;
mod passkey;
mod place;
mod sign;
mod triggers;
mod wake;
mod work;

pub use fill::Newcomer;
pub use identity::{Assumed, federated, provider_key, provider_token};
pub use import::{CSV_HEADER, csv_line};

use alloc::{
    boxed::Box,
    collections::BTreeMap,
    rc::Rc,
    string::{String, ToString},
    vec::Vec,
};
use core::cell::{Cell, RefCell};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::json;

use crate::{
    Access, Answer, Call, Crypto, Delivery, Deployment, Effect, Engine, Front, Kernel, Memory,
    Place, Received, Request, Response, RootCredentials, RootKey, Shards, Step, Store, find,
    shape::Json,
};

pub use network::Cut;
pub use passkey::{Authenticator, decoded, options_of};
pub use work::Work;

/// An error as a client sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The status code.
    pub status: u16,
    /// The error's name.
    pub code: String,
    /// Its sentence.
    pub message: String,
}

/// The records of a place, and the kernel over them.
type Open = (Rc<dyn Store>, Rc<Kernel>);

/// Makes what holds the records of a place.
type MakeStore = Box<dyn Fn(&Place) -> Rc<dyn Store>>;

/// A call that waits for the world.
#[derive(Debug)]
pub struct Waiting {
    call: Call,
    effect: Effect,
}

/// A deployment in a test.
pub struct World {
    engine: Rc<Engine>,
    front: Front,
    make_store: MakeStore,
    places: RefCell<BTreeMap<Place, Open>>,
    now_ms: Cell<u64>,
    seeds: Cell<u64>,
    sent: RefCell<Vec<Delivery>>,
    sender_fails: Cell<bool>,
    region: RefCell<String>,
    calls_fail: Cell<bool>,
    uploads_break: Cell<bool>,
    alarms: RefCell<BTreeMap<Place, u64>>,
    calls_left: Cell<Option<(u32, Cut)>>,
    triggers: triggers::Triggers,
    /// What is to be read elsewhere, by its URL.
    published: RefCell<BTreeMap<String, Json>>,
    /// What operators were told.
    log: RefCell<Vec<String>>,
}

impl core::fmt::Debug for World {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("World")
    }
}

/// The origin that a world's calls come to.
pub const ORIGIN: &str = "http://localhost:8787";
/// The region that a world's calls are signed for at first.
pub const REGION: &str = "eu-west-1";

/// The variable that says over how many places every pool of every world is spread.
const SHARDS: &str = "COGNATE_TEST_SHARDS";

impl Default for World {
    fn default() -> Self {
        Self::with(Deployment::default())
    }
}

impl World {
    /// A deployment in local development, in November 2026.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with another configuration; keys and credentials are those of development.
    #[must_use]
    pub fn with(deployment: Deployment) -> Self {
        let deployment = Deployment {
            is_development: true,
            root_credentials: Some(RootCredentials::development()),
            root_key: RootKey::from_hex(&"c0".repeat(32)),
            shards: std::env::var(SHARDS)
                .map_or(deployment.shards, |count| Shards::read(&count).unwrap_or_default()),
            ..deployment
        };
        let crypto = Crypto { jwt: &jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER };
        let engine = Engine::new(deployment, crypto);
        Self {
            front: Front::new(engine.clone()),
            engine,
            make_store: Box::new(|_| Rc::new(Memory::default())),
            places: RefCell::default(),
            now_ms: Cell::new(1_795_000_000_000),
            seeds: Cell::new(1),
            sent: RefCell::default(),
            sender_fails: Cell::new(false),
            region: RefCell::new(REGION.to_string()),
            calls_fail: Cell::new(false),
            uploads_break: Cell::new(false),
            alarms: RefCell::default(),
            calls_left: Cell::new(None),
            triggers: triggers::Triggers::default(),
            published: RefCell::default(),
            log: RefCell::default(),
        }
    }

    /// The same over records that are kept elsewhere than in memory.
    #[must_use]
    pub fn over(self, make_store: impl Fn(&Place) -> Rc<dyn Store> + 'static) -> Self {
        Self { make_store: Box::new(make_store), ..self }
    }

    /// Milliseconds since 1970, in this world.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.now_ms.get()
    }

    /// Lets time pass.
    pub fn advance_s(&self, seconds: u64) {
        self.now_ms.set(self.now_ms.get() + seconds * 1000);
    }

    /// From now on (or no longer), nothing can be sent.
    pub fn sender_fails(&self, fails: bool) {
        self.sender_fails.set(fails);
    }

    /// What was sent so far, oldest first.
    #[must_use]
    pub fn sent(&self) -> Vec<Delivery> {
        self.sent.borrow().clone()
    }

    /// The code (or temporary password) that was sent last.
    #[must_use]
    pub fn last_code(&self) -> String {
        self.sent.borrow().last().map(|delivery| delivery.code.clone()).unwrap_or_default()
    }

    /// What operators were told so far.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        self.log.borrow().clone()
    }

    /// Calls an operation of user pools as an SDK would, signed by root where it must be signed.
    ///
    /// # Errors
    /// What the client would see.
    pub fn call(&self, operation: &str, input: Json) -> Result<Json, Failure> {
        outcome(&self.send(&self.request(operation, &input)))
    }

    /// Calls an operation that must succeed.
    ///
    /// # Panics
    /// If it doesn't.
    #[must_use]
    #[expect(clippy::panic, reason = "a test ends here")]
    pub fn ok(&self, operation: &str, input: Json) -> Json {
        self.call(operation, input).unwrap_or_else(|failure| panic!("{operation}: {failure:?}"))
    }

    /// Calls an operation that must fail.
    ///
    /// # Panics
    /// If it doesn't.
    #[must_use]
    #[expect(clippy::panic, reason = "a test ends here")]
    pub fn fails(&self, operation: &str, input: Json) -> Failure {
        match self.call(operation, input) {
            Ok(output) => panic!("{operation} answered {output}"),
            Err(failure) => failure,
        }
    }

    /// The HTTP request of a call, signed where it must be.
    #[must_use]
    pub fn request(&self, operation: &str, input: &Json) -> Request {
        self.request_of(operation, input.to_string().into_bytes())
    }

    /// The same with any body.
    #[must_use]
    pub fn request_of(&self, operation: &str, body: Vec<u8>) -> Request {
        let (service, operation) = identity::addressed(operation);
        let mut request = Request {
            method: "POST".into(),
            origin: ORIGIN.into(),
            path: "/".into(),
            headers: [
                ("host", "localhost:8787"),
                ("content-type", "application/x-amz-json-1.1"),
                ("x-amz-target", &[service.target(), ".", operation].concat()),
            ]
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .into(),
            body,
            address: "127.0.0.1".into(),
            ..Request::default()
        };
        let access = find(service, operation).map(|operation| operation.access);
        if access == Some(Access::Iam) {
            let key = RootCredentials::development();
            let scope = (service.signing_name(), &**self.region.borrow());
            sign::sign(&mut request, &key, scope, self.now_ms());
        }
        request
    }

    /// A document by its path.
    #[must_use]
    pub fn get(&self, path: &str) -> Response {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        self.send(&Request {
            method: "GET".into(),
            origin: ORIGIN.into(),
            path: path.into(),
            query: query.into(),
            ..Request::default()
        })
    }

    /// Sends any request and drives what it starts to its end.
    #[must_use]
    pub fn send(&self, request: &Request) -> Response {
        match self.front.receive(request, self.now_ms(), self.seed()) {
            Received::Answer(response) => response,
            Received::Forward(forward) => self.run(&forward.place, &forward.message),
            Received::Upload(upload) => self.upload(&upload, &request.body),
            Received::Download(download) => self.download(&download),
        }
    }

    /// The records of a place.
    #[must_use]
    pub fn records(&self, place: &Place) -> Rc<dyn Store> {
        self.open(place).0
    }

    fn open(&self, place: &Place) -> Open {
        let mut places = self.places.borrow_mut();
        let entry = places.entry(place.clone()).or_insert_with(|| {
            let store = (self.make_store)(place);
            let kernel = self.engine.open(place.clone(), store.clone());
            (store, kernel)
        });
        entry.clone()
    }

    /// Runs a message at its place, as a host does.
    #[must_use]
    pub fn run(&self, place: &Place, message: &[u8]) -> Response {
        let (_, kernel) = self.open(place);
        self.finish(kernel.begin(message, self.now_ms(), self.seed()))
    }

    /// Begins a call and leaves it where it first waits for the world, so that others run meanwhile.
    ///
    /// # Errors
    /// What the client would see, if it waits for nothing.
    pub fn begin(&self, operation: &str, input: &Json) -> Result<Waiting, Result<Json, Failure>> {
        let request = self.request(operation, input);
        match self.front.receive(&request, self.now_ms(), self.seed()) {
            Received::Answer(_) | Received::Download(_) | Received::Upload(_) => {
                Err(outcome(&self.send(&request)))
            }
            Received::Forward(forward) => {
                let (_, kernel) = self.open(&forward.place);
                let mut call = kernel.begin(&forward.message, self.now_ms(), self.seed());
                match call.step() {
                    Step::Ask(effect) => Ok(Waiting { call, effect }),
                    Step::Done { response, .. } => {
                        self.finish_afterwards(&mut call);
                        Err(outcome(&response))
                    }
                }
            }
        }
    }

    /// Brings a waiting call to its end.
    ///
    /// # Errors
    /// What the client would see.
    pub fn resume(&self, Waiting { mut call, effect }: Waiting) -> Result<Json, Failure> {
        call.answer(self.perform(effect), self.now_ms());
        outcome(&self.finish(call))
    }

    fn finish(&self, mut call: Call) -> Response {
        loop {
            match call.step() {
                Step::Ask(effect) => call.answer(self.perform(effect), self.now_ms()),
                Step::Done { response, log } => {
                    self.log.borrow_mut().extend(log);
                    self.finish_afterwards(&mut call);
                    return response;
                }
            }
        }
    }

    fn perform(&self, effect: Effect) -> Answer {
        match effect {
            Effect::Call { .. } if self.calls_fail.get() => Answer::from("the place is cut off"),
            Effect::Call { place, message } => match self.cut() {
                None => Answer::Response(self.run(&place, &message)),
                Some(Cut::Message) => Answer::from("the place is cut off"),
                Some(Cut::Answer) => {
                    let _ = self.run(&place, &message);
                    Answer::from("the answer is lost")
                }
            },
            Effect::Deliver(_) if self.sender_fails.get() => Answer::from("the sender is down"),
            Effect::Deliver(delivery) => {
                self.sent.borrow_mut().push(*delivery);
                Answer::Delivered
            }
            Effect::Invoke(invocation) => self.triggers.invoke(&invocation),
            Effect::Fetch { url, form, .. } => self.published(&url, form.as_deref()),
            Effect::MakeKey(algorithm) => keys::make(algorithm),
        }
    }

    fn seed(&self) -> [u8; 32] {
        let n = self.seeds.get();
        self.seeds.set(n + 1);
        crate::crypto::sha256(&[b"seed", &n.to_be_bytes()])
    }
}

/// A response as a client understands it.
///
/// # Errors
/// What it says if it is none of success.
pub fn outcome(response: &Response) -> Result<Json, Failure> {
    let body: Json = serde_json::from_slice(&response.body).unwrap_or_default();
    if response.status == 200 {
        return Ok(body);
    }
    let member = |name: &str| body[name].as_str().unwrap_or_default().to_string();
    let (code, message) = (member("__type"), member("message"));
    Err(Failure { status: response.status, code, message })
}

/// A user pool of a world, with one app client that allows every flow with a password.
#[derive(Clone, Debug)]
pub struct TestPool {
    /// The pool's id.
    pub id: String,
    /// The client's id.
    pub client: String,
}

/// The password of every user that [`TestPool::user`] makes.
pub const PASSWORD: &str = "Passw0rd!";

impl World {
    /// A pool with default settings but those given, and a client without a secret.
    #[must_use]
    pub fn pool(&self, settings: Json) -> TestPool {
        let mut input = json!({ "PoolName": "test" });
        if let (Json::Object(input), Json::Object(settings)) = (&mut input, settings) {
            input.extend(settings);
        }
        let made = self.ok("CreateUserPool", input);
        let id = made["UserPool"]["Id"].as_str().unwrap_or_default().to_string();
        let client = self.client(&id, json!({}));
        TestPool { id, client }
    }

    /// The ARN of a pool.
    #[must_use]
    pub fn arn(&self, pool: &TestPool) -> String {
        let described = self.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }));
        described["UserPool"]["Arn"].as_str().unwrap_or_default().to_string()
    }

    /// One more app client of a pool; gives its id.
    #[must_use]
    pub fn client(&self, pool_id: &str, settings: Json) -> String {
        let mut input = json!({
            "UserPoolId": pool_id,
            "ClientName": "test",
            "ExplicitAuthFlows": [
                "ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH",
                "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH",
            ],
        });
        if let (Json::Object(input), Json::Object(settings)) = (&mut input, settings) {
            input.extend(settings);
        }
        let made = self.ok("CreateUserPoolClient", input);
        made["UserPoolClient"]["ClientId"].as_str().unwrap_or_default().to_string()
    }

    /// A confirmed user whose password is [`PASSWORD`].
    pub fn user(&self, pool: &TestPool, username: &str, attributes: Json) {
        let _ = self.ok(
            "AdminCreateUser",
            json!({
                "UserPoolId": pool.id, "Username": username, "UserAttributes": attributes,
                "MessageAction": "SUPPRESS",
            }),
        );
        let _ = self.ok(
            "AdminSetUserPassword",
            json!({
                "UserPoolId": pool.id, "Username": username,
                "Password": PASSWORD, "Permanent": true,
            }),
        );
    }

    /// `SECRET_HASH` of a client that has a secret.
    #[must_use]
    pub fn secret_hash(&self, pool_id: &str, client: &str, username: &str) -> Json {
        let input = json!({ "UserPoolId": pool_id, "ClientId": client });
        let described = self.ok("DescribeUserPoolClient", input);
        let secret = described["UserPoolClient"]["ClientSecret"].as_str().unwrap_or_default();
        let parts = [username.as_bytes(), client.as_bytes()];
        json!(BASE64_STANDARD.encode(crate::crypto::hmac_sha256(secret.as_bytes(), &parts)))
    }

    /// Signs a user in by password; gives `AuthenticationResult`.
    ///
    /// # Panics
    /// If that fails.
    #[must_use]
    pub fn sign_in(&self, pool: &TestPool, username: &str) -> Json {
        self.ok(
            "InitiateAuth",
            json!({
                "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
                "AuthParameters": { "USERNAME": username, "PASSWORD": PASSWORD },
            }),
        )["AuthenticationResult"]
            .take()
    }
}

/// The value of an attribute of a user as `GetUser` or `AdminGetUser` tells it.
#[must_use]
pub fn shown(user: &Json, attribute: &str) -> Option<String> {
    let attributes = user["UserAttributes"].as_array()?;
    let found = attributes.iter().find(|one| one["Name"] == attribute)?;
    found["Value"].as_str().map(String::from)
}

/// What a token claims; nothing of it is verified.
#[must_use]
pub fn claims(token: &Json) -> Json {
    let token = token.as_str().unwrap_or_default();
    jsonwebtoken::dangerous::insecure_decode_claims(token).unwrap_or_default()
}
