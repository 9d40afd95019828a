//! How does a request become an answer? It is taken in by the front, run at its place step by step,
//! and whatever it waits for is fetched by the driver.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use kernel::{
    Alarm, Answer, Call, Crypto, Effect, Engine, Front, Invocation, Kernel, KeyAlgorithm, KeyPair,
    Place, Received, Response, Step,
};
use wasm_bindgen::prelude::*;

mod files;

use crate::{
    crypto::{self, Check, Hole},
    frame::{self, Head},
    journal::{self, Fault},
    options::Options,
    store::{Journal, Records},
};

/// A whole deployment.
#[wasm_bindgen]
pub struct Embedded {
    engine: Rc<Engine>,
    front: Front,
    delivers: bool,
    address_header: Option<String>,
    journal: Journal,
    places: RefCell<BTreeMap<String, Opened>>,
    waiting: RefCell<BTreeMap<u32, Waiting>>,
    /// When places are to be woken.
    alarms: RefCell<BTreeMap<String, u64>>,
    last_id: Cell<u32>,
}

#[derive(Clone)]
struct Opened {
    kernel: Rc<Kernel>,
    records: Rc<Records>,
}

/// A call that waits, and for what.
enum Waiting {
    Errand { started: Started, errand: Errand },
    Check { check: Check, first: First },
}

enum Errand {
    Call,
    Deliver,
    Deposit,
    Fetch,
    Invoke,
    MakeKey,
}

/// A call, and the signatures that its answer will need.
struct Started {
    call: Call,
    holes: Vec<Hole>,
    /// How it began, as long as nothing came of it but what was read elsewhere.
    first: Option<First>,
    /// What its caller gets, once what follows the answer is over: here nobody measures how long it
    /// takes.
    answered: Option<(Response, Option<String>)>,
}

/// The message that a call began with, and how much was written down before.
struct First {
    place: String,
    message: Vec<u8>,
    written: usize,
}

#[wasm_bindgen]
impl Embedded {
    /// A deployment without records.
    ///
    /// # Errors
    /// A sentence about what is wrong with the options.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<Self, String> {
        let options: Options =
            serde_json::from_str(options).map_err(|_| "An option is of the wrong type.")?;
        let engine = Engine::new(options.deployment()?, Crypto { jwt: &crypto::PROVIDER });
        Ok(Self {
            front: Front::new(engine.clone()),
            engine,
            delivers: options.delivers,
            address_header: options.address_header.map(|name| name.to_lowercase()),
            journal: Journal::default(),
            places: RefCell::default(),
            waiting: RefCell::default(),
            alarms: RefCell::default(),
            last_id: Cell::new(0),
        })
    }

    /// Takes a request in: `head` is one line each for the method and the URL, then two for each
    /// header, its (lower-case) name and its value; none of them can hold a line's end.
    pub fn receive(&self, head: &[u8], body: Vec<u8>, now: f64) -> Vec<u8> {
        let (Some(request), Some(seed)) =
            (bridge::read(head, body, self.address_header.as_deref()), seed())
        else {
            return frame::broken("a request could not be read");
        };
        match self.front.receive(&request, bridge::whole(now), seed) {
            Received::Answer(response) => frame::answer(&response, None, &[]),
            Received::Download(download) => files::download(self, &download, now),
            Received::Upload(upload) => files::upload(self, &upload, &request.body, now),
            Received::Forward(forward) => {
                Head::Forward { place: forward.place.name() }.with(&forward.message)
            }
        }
    }

    /// Begins a call at a place.
    pub fn begin(&self, place: &str, message: &[u8], now: f64) -> Vec<u8> {
        let (Some(opened), Some(seed)) = (self.open(place), seed()) else {
            return frame::broken("there is no such place, or no randomness");
        };
        let call = opened.kernel.begin(message, bridge::whole(now), seed);
        let written = self.journal.borrow().len();
        let first = First { place: place.into(), message: message.to_vec(), written };
        self.run(
            Started { call, holes: Vec::new(), first: Some(first), answered: None },
            bridge::whole(now),
        )
    }

    /// Goes on with a call that another place has answered, or whoever has a document.
    pub fn called(&self, id: u32, status: u16, body: Vec<u8>, now: f64) -> Vec<u8> {
        self.go_on(id, now, |errand| match (errand, status) {
            (Errand::Deposit, 200) => Answer::Delivered,
            (Errand::Deposit, _) => "the outbox did not take a message".into(),
            _ => Answer::Response(Response { status, headers: Vec::new(), body }),
        })
    }

    /// Goes on with a call whose message was handed over.
    pub fn delivered(&self, id: u32, now: f64) -> Vec<u8> {
        self.go_on(id, now, |_| Answer::Delivered)
    }

    /// Goes on with a call that has its key pair, the public key as JSON.
    pub fn made(&self, id: u32, private: Vec<u8>, public: &str, now: f64) -> Vec<u8> {
        self.go_on(id, now, |_| match serde_json::from_str(public) {
            Ok(public) => Answer::Key(Box::new(KeyPair { private, public })),
            Err(_) => "a public key came in a form that is not known".into(),
        })
    }

    /// Goes on with a call whose function returned that, as JSON.
    pub fn returned(&self, id: u32, event: Vec<u8>, now: f64) -> Vec<u8> {
        self.go_on(id, now, |_| Answer::Returned(event))
    }

    /// Begins a call anew that has shown a signature, once it is known whether that is right.
    pub fn verified(&self, id: u32, is_right: bool, now: f64) -> Vec<u8> {
        let waiting = self.waiting.borrow_mut().remove(&id);
        let Some(Waiting::Check { check, first }) = waiting else {
            return frame::broken("a signature came back to no call");
        };
        check.learn(is_right);
        self.begin(&first.place, &first.message, now)
    }

    /// Goes on with a call for which nothing could be had; the reason is for the operator.
    pub fn failed(&self, id: u32, reason: &str, now: f64) -> Vec<u8> {
        self.go_on(id, now, |_| reason.into())
    }

    /// When something is due by itself, in milliseconds since 1970, if anything ever is.
    pub fn alarm(&self) -> Option<f64> {
        let mut alarms = self.alarms.borrow_mut();
        for (name, opened) in &*self.places.borrow() {
            match opened.kernel.new_alarm() {
                Some(Alarm::At(at_ms)) => drop(alarms.insert(name.clone(), at_ms)),
                Some(Alarm::Never) => drop(alarms.remove(name)),
                None => {}
            }
        }
        alarms.values().min().map(|at_ms| *at_ms as f64)
    }

    /// Runs something that is due, if anything is.
    pub fn wake(&self, now: f64) -> Vec<u8> {
        let now_ms = bridge::whole(now);
        let is_due = |(_, at_ms): &(&String, &u64)| **at_ms <= now_ms;
        let due = self.alarms.borrow().iter().find(is_due).map(|(name, _)| name.clone());
        let (Some(opened), Some(seed)) = (due.as_ref().and_then(|name| self.open(name)), seed())
        else {
            return frame::answer(&Response::new(204), None, &[]);
        };
        self.alarms.borrow_mut().remove(&due.unwrap_or_default());
        match opened.kernel.wake(now_ms, seed) {
            Ok(Some(call)) => {
                self.run(Started { call, holes: Vec::new(), first: None, answered: None }, now_ms)
            }
            Ok(None) => frame::answer(&Response::new(204), None, &[]),
            Err(reason) => frame::broken(&reason.0),
        }
    }

    /// Takes what was written down since the last time.
    #[wasm_bindgen(js_name = takeJournal)]
    pub fn take_journal(&self) -> Vec<u8> {
        self.journal.take()
    }

    /// Applies what was written down earlier, and returns of how many bytes; the rest is the end of
    /// an entry that was never finished.
    ///
    /// # Errors
    /// A sentence, if it was spoiled since.
    pub fn load(&self, journal: &[u8]) -> Result<usize, String> {
        let mut rest = journal;
        loop {
            match journal::read(&mut rest) {
                Ok(None) | Err(Fault::Torn) => return Ok(journal.len() - rest.len()),
                Err(Fault::Corrupt) => return Err("The records were spoiled.".into()),
                Ok(Some(entry)) => {
                    let unknown = "The records are of another release.";
                    let opened = self.open(&entry.place).ok_or(unknown)?;
                    opened.records.apply(entry.batch).map_err(|reason| reason.0)?;
                }
            }
        }
    }

    /// All records, in the form of the journal.
    ///
    /// # Errors
    /// A sentence, if there are too many.
    pub fn snapshot(&self) -> Result<Vec<u8>, String> {
        let mut all = Vec::new();
        for opened in self.places.borrow().values() {
            opened.records.write_all(&mut all).map_err(|reason| reason.0)?;
        }
        Ok(all)
    }
}

impl Embedded {
    /// Runs a message that waits for nothing to its end.
    fn answer(&self, place: &Place, message: &[u8], now: f64) -> Option<Response> {
        let (opened, seed) = self.open(&place.name()).zip(seed())?;
        match opened.kernel.begin(message, bridge::whole(now), seed).step() {
            Step::Done { response, .. } => Some(response),
            Step::Ask(_) => None,
        }
    }

    fn open(&self, name: &str) -> Option<Opened> {
        if let Some(opened) = self.places.borrow().get(name) {
            return Some(opened.clone());
        }
        let place = Place::named(name)?;
        let records = Rc::new(Records::new(name.into(), self.journal.clone()));
        let opened = Opened { kernel: self.engine.open(place, records.clone()), records };
        self.places.borrow_mut().insert(name.into(), opened.clone());
        Some(opened)
    }

    fn go_on(&self, id: u32, now: f64, answer: impl FnOnce(Errand) -> Answer) -> Vec<u8> {
        let waiting = self.waiting.borrow_mut().remove(&id);
        let Some(Waiting::Errand { mut started, errand }) = waiting else {
            return frame::broken("an errand came back to no call");
        };
        started.call.answer(answer(errand), bridge::whole(now));
        self.run(started, bridge::whole(now))
    }

    /// Steps a call until it is over or must wait.
    fn run(&self, mut started: Started, now_ms: u64) -> Vec<u8> {
        loop {
            let step = started.call.step();
            let wanted = crypto::take();
            started.holes.extend(wanted.holes);
            let written = self.journal.borrow().len();
            let first = started.first.take().filter(|first| first.written == written);
            if let Some(check) = wanted.checks.into_iter().next() {
                return match (first, step) {
                    (Some(first), Step::Done { .. }) => self.look_at(check, first),
                    _ => frame::broken("a call looked at a signature after it had begun to act"),
                };
            }
            let effect = match step {
                Step::Ask(effect) => {
                    // Keys are read before a signature is looked at, and are known then.
                    let reads = matches!(effect, Effect::Call { .. } | Effect::Fetch { .. });
                    started.first = first.filter(|_| reads);
                    effect
                }
                Step::Done { response, log } => {
                    let ended = started.answered.take().unwrap_or((response, log));
                    let Some(call) = started.call.afterwards() else {
                        let (response, log) = ended;
                        return frame::answer(&response, log.as_deref(), &started.holes);
                    };
                    started = Started { call, first: None, answered: Some(ended), ..started };
                    continue;
                }
            };
            match self.send(effect) {
                Ok((errand, id, frame)) => {
                    let waiting = Waiting::Errand { started, errand };
                    self.waiting.borrow_mut().insert(id, waiting);
                    return frame;
                }
                Err(answer) => started.call.answer(answer, now_ms),
            }
        }
    }

    /// Sends a signature out; the call begins anew when it comes back.
    fn look_at(&self, check: Check, first: First) -> Vec<u8> {
        let id = self.next_id();
        let signature_bytes = check.signature.len();
        let head =
            Head::Verify { id, algorithm: check.algorithm, key: &check.key, signature_bytes };
        let frame = head.with(&[check.signature.as_slice(), &check.message].concat());
        self.waiting.borrow_mut().insert(id, Waiting::Check { check, first });
        frame
    }

    fn next_id(&self) -> u32 {
        let id = self.last_id.get().wrapping_add(1);
        self.last_id.set(id);
        id
    }

    /// What is sent out for an effect, or the answer to it at once.
    fn send(&self, effect: Effect) -> Result<(Errand, u32, Vec<u8>), Answer> {
        let id = self.next_id();
        let call =
            |place: &Place, message: &[u8]| Head::Call { id, place: place.name() }.with(message);
        Ok(match effect {
            Effect::Call { place, message } => (Errand::Call, id, call(&place, &message)),
            Effect::Deliver(delivery) if self.delivers => {
                let json = serde_json::to_vec(&delivery);
                let json = json.map_err(|_| Answer::from("a delivery does not serialise"))?;
                (Errand::Deliver, id, Head::Deliver { id }.with(&json))
            }
            Effect::Deliver(delivery) => {
                let message = Engine::deposit(&delivery);
                let message = message.map_err(|error| Answer::Failed(error.to_string()))?;
                (Errand::Deposit, id, call(&Place::Outbox, &message))
            }
            Effect::Invoke(Invocation { trigger, function, event, .. }) => {
                let trigger = trigger.name();
                let head = Head::Invoke { id, function: &function, trigger };
                (Errand::Invoke, id, head.with(&event))
            }
            Effect::Fetch { url, authorization, form } => {
                let head = Head::Fetch { id, url: &url, authorization: authorization.as_deref() };
                (Errand::Fetch, id, head.with(form.unwrap_or_default().as_bytes()))
            }
            Effect::MakeKey(algorithm) => {
                let algorithm = match algorithm {
                    KeyAlgorithm::RS256 => "RS256",
                    KeyAlgorithm::ES256 => "ES256",
                    KeyAlgorithm::EdDSA => "EdDSA",
                };
                (Errand::MakeKey, id, Head::MakeKey { id, algorithm }.with(&[]))
            }
        })
    }
}

fn seed() -> Option<[u8; 32]> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).ok()?;
    Some(seed)
}
