//! How does a call run in a Durable Object? Step by step, each of them synchronous: begun by a
//! message, resumed by what came back from an errand, ended by an answer.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use kernel::{Alarm, Call, Kernel, Place, Response, Step};
use wasm_bindgen::prelude::*;
use worker::{State, worker_sys::DurableObjectState};

use crate::{
    errand::Errand,
    frame,
    host::{self, Host},
    store::Sqlite,
};

/// One Durable Object, as long as it is in memory.
#[wasm_bindgen]
pub struct Room {
    name: String,
    state: State,
    open: RefCell<Option<Open>>,
    waiting: RefCell<BTreeMap<u32, (Call, Errand)>>,
    /// What goes on once a caller has its answer.
    afterwards: RefCell<BTreeMap<u32, Call>>,
    last_id: Cell<u32>,
}

#[derive(Clone)]
struct Open {
    host: Rc<Host>,
    kernel: Rc<Kernel>,
    store: Rc<Sqlite>,
}

#[wasm_bindgen]
impl Room {
    /// The room of the object of that name, over its records.
    #[wasm_bindgen(constructor)]
    pub fn new(name: String, state: JsValue) -> Self {
        Self {
            name,
            state: state.unchecked_into::<DurableObjectState>().into(),
            open: RefCell::default(),
            waiting: RefCell::default(),
            afterwards: RefCell::default(),
            last_id: Cell::new(0),
        }
    }

    /// Begins a call.
    pub fn begin(&self, message: &[u8], now: f64) -> Vec<u8> {
        let open = match self.open() {
            Ok(open) => open,
            Err(frame) => return frame,
        };
        let now_ms = bridge::whole(now);
        let Some(seed) = host::seed() else {
            return frame::broken("the platform gives no randomness");
        };
        self.run(&open, open.kernel.begin(message, now_ms, seed), now_ms)
    }

    /// Goes on with a call whose errand brought a response back.
    pub fn resume(&self, id: u32, status: u16, body: Vec<u8>, now: f64) -> Vec<u8> {
        self.go_on(id, Ok(Response { status, headers: Vec::new(), body }), now)
    }

    /// Goes on with a call whose errand brought nothing back.
    pub fn fail(&self, id: u32, reason: String, now: f64) -> Vec<u8> {
        self.go_on(id, Err(reason), now)
    }

    /// Goes on with what a call left for when its caller would have its answer.
    pub fn afterwards(&self, id: u32, now: f64) -> Vec<u8> {
        let open = match self.open() {
            Ok(open) => open,
            Err(frame) => return frame,
        };
        let left = self.afterwards.borrow_mut().remove(&id);
        match left {
            Some(call) => self.run(&open, call, bridge::whole(now)),
            None => frame::broken("nothing was left to go on with"),
        }
    }

    /// Runs what is due; the alarm has rung.
    pub fn wake(&self, now: f64) -> Vec<u8> {
        let open = match self.open() {
            Ok(open) => open,
            Err(frame) => return frame,
        };
        let now_ms = bridge::whole(now);
        let Some(seed) = host::seed() else {
            return frame::broken("the platform gives no randomness");
        };
        match open.kernel.wake(now_ms, seed) {
            Ok(Some(call)) => self.run(&open, call, now_ms),
            Ok(None) => {
                self.set_alarm(&open);
                frame::answer(&Response::new(204), None, false)
            }
            Err(reason) => frame::broken(&reason.0),
        }
    }

    /// The storage of an object without records was emptied.
    #[wasm_bindgen(js_name = wasEmptied)]
    pub fn was_emptied(&self) {
        if let Some(open) = &*self.open.borrow() {
            open.store.was_emptied();
        }
    }
}

impl Room {
    fn open(&self) -> Result<Open, Vec<u8>> {
        if let Some(open) = &*self.open.borrow() {
            return Ok(open.clone());
        }
        let host = host::host().map_err(|response| frame::answer(&response, None, false))?;
        let place =
            Place::named(&self.name).ok_or_else(|| frame::broken("an object has a bad name"))?;
        let store = Sqlite::open(&self.state);
        let store = Rc::new(store.map_err(|reason| frame::broken(&reason.0))?);
        let kernel = host.engine.open(place, store.clone());
        let open = Open { host, kernel, store };
        self.open.replace(Some(open.clone()));
        Ok(open)
    }

    fn go_on(&self, id: u32, response: Result<Response, String>, now: f64) -> Vec<u8> {
        let open = match self.open() {
            Ok(open) => open,
            Err(frame) => return frame,
        };
        let Some((mut call, errand)) = self.waiting.borrow_mut().remove(&id) else {
            return frame::broken("an errand came back to no call");
        };
        let now_ms = bridge::whole(now);
        match errand.returned(response) {
            Ok(answer) => call.answer(answer, now_ms),
            Err(again) => return self.send(&open, call, again, now_ms),
        }
        self.run(&open, call, now_ms)
    }

    /// Steps a call until it is over or must wait.
    fn run(&self, open: &Open, mut call: Call, now_ms: u64) -> Vec<u8> {
        loop {
            let step = call.step();
            // In the same turn as the batch, so that both stand or neither does.
            self.set_alarm(open);
            match step {
                Step::Ask(effect) => match Errand::of(effect, &open.host) {
                    Ok(errand) => return self.send(open, call, errand, now_ms),
                    Err(answer) => call.answer(answer, now_ms),
                },
                Step::Done { response, log } => {
                    let afterwards = call.afterwards().map(|call| self.keep(call));
                    let ends = (open.store.is_cleared(), afterwards);
                    return frame::answer_and_go_on(&response, log.as_deref(), ends);
                }
            }
        }
    }

    fn set_alarm(&self, open: &Open) {
        match open.kernel.new_alarm() {
            Some(Alarm::At(at_ms)) => open.store.set_alarm(&self.name, Some(at_ms)),
            Some(Alarm::Never) => open.store.set_alarm(&self.name, None),
            None => {}
        }
    }

    fn keep(&self, call: Call) -> u32 {
        let id = self.next_id();
        self.afterwards.borrow_mut().insert(id, call);
        id
    }

    fn next_id(&self) -> u32 {
        let id = self.last_id.get().wrapping_add(1);
        self.last_id.set(id);
        id
    }

    fn send(&self, open: &Open, call: Call, errand: Errand, now_ms: u64) -> Vec<u8> {
        let id = self.next_id();
        let frame = errand.frame(id, &open.host, now_ms);
        self.waiting.borrow_mut().insert(id, (call, errand));
        frame
    }
}
