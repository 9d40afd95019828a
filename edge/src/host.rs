//! What do all calls of an isolate share? Configuration, the engine, the front.

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use kernel::{Crypto, Engine, Front, Response, s3};
use wasm_bindgen::prelude::*;

use crate::{
    config::{Config, Senders, Variables},
    crypto,
    function::Functions,
    platform,
};

/// What is made once an isolate.
pub(crate) struct Host {
    /// Where buckets are bound, by their names.
    pub(crate) bindings: BTreeMap<String, String>,
    pub(crate) engine: Rc<Engine>,
    pub(crate) front: Front,
    pub(crate) functions: Functions,
    pub(crate) objects: s3::Door,
    pub(crate) senders: Senders,
    /// What nobody sends lands in the outbox.
    pub(crate) is_development: bool,
}

thread_local! {
    static HOST: OnceCell<Result<Rc<Host>, Vec<String>>> = const { OnceCell::new() };
}

/// Reads the bindings, before any other call; the first time is the one that counts.
#[wasm_bindgen]
pub fn configure(env: JsValue) {
    // A panic is a bug; where it stands is told, what it says might hold what nobody may read.
    std::panic::set_hook(Box::new(|panic| match panic.location() {
        Some(place) => platform::complain(&format!("panicked at {place}")),
        None => platform::complain("panicked"),
    }));
    HOST.with(|host| {
        host.get_or_init(|| {
            let variables = serde_wasm_bindgen::from_value::<Variables>(env);
            let unreadable = |_| vec!["A variable is no text.".to_owned()];
            let Config { buckets, deployment, functions, senders } =
                variables.map_err(unreadable)?.read()?;
            let is_development = deployment.is_development;
            let engine = Engine::new(deployment, Crypto { jwt: &crypto::PROVIDER });
            let front = Front::new(engine.clone());
            let objects = s3::Door::new(engine.clone(), buckets.named());
            let bindings = buckets.bindings;
            Ok(Rc::new(Host {
                bindings,
                engine,
                front,
                functions,
                is_development,
                objects,
                senders,
            }))
        });
    });
}

/// The host, or what to answer without one.
pub(crate) fn host() -> Result<Rc<Host>, Response> {
    HOST.with(|host| match host.get() {
        Some(Ok(host)) => Ok(host.clone()),
        Some(Err(faults)) => Err(unconfigured(&faults.join(" "))),
        None => Err(unconfigured("The bindings were not read yet.")),
    })
}

fn unconfigured(message: &str) -> Response {
    const TYPE: &str = "ServiceUnavailableException";
    let body = serde_json::json!({ "__type": TYPE, "message": message });
    Response::new(503)
        .with("cache-control", "no-store")
        .with("x-amzn-errortype", format!("{TYPE}:"))
        .body("application/x-amz-json-1.1", body.to_string())
}

/// How many seeds are fetched at once: each trip to the platform costs more than what it brings.
const SEEDS: usize = 64;

/// A seed that is never used twice.
pub(crate) fn seed() -> Option<[u8; 32]> {
    thread_local! {
        static AHEAD: RefCell<Vec<[u8; 32]>> = const { RefCell::new(Vec::new()) };
    }
    AHEAD.with_borrow_mut(|ahead| {
        if ahead.is_empty() {
            let mut fresh = vec![[0; 32]; SEEDS];
            getrandom::fill(fresh.as_flattened_mut()).ok()?;
            *ahead = fresh;
        }
        ahead.pop()
    })
}
