//! What does a place do by itself? Work that goes on when nobody calls.
//!
//! A handler leaves, with its batch, when an internal operation is to run next ([`Cx::wake_at`]).
//! The host learns when the first one is due ([`Kernel::new_alarm`]), sets its alarm, and begins it
//! then ([`Kernel::wake`]). Since the time is a record, it outlives the host: one that starts anew
//! is told again.
//!
//! An operation that runs so ends by saying when it runs next or that it doesn't; one that fails
//! runs again after a while.

use alloc::{
    boxed::Box,
    rc::Rc,
    string::{String, ToString},
};
use core::cell::Cell;

use serde::{Deserialize, Serialize};

use crate::{
    call::{Call, Kernel, run},
    cx::{Cx, Mailbox},
    error::Error,
    message::{Caller, Head, Message, Principal, Protocol},
    operation::{Service, find},
    store::{Record, Unavailable, Write, decode, encode, keys},
    wire,
};

/// When an operation runs, as kept under `wake/{operation}`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Wake {
    at_ms: u64,
}

impl Record for Wake {}

/// How long an operation that failed rests.
const REST_MS: u64 = 10_000;
/// More than there are operations that run by themselves.
const WAKES_MAX: usize = 64;

/// What a host does about its alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// Sets it to that time, in milliseconds since 1970; it may be over.
    At(u64),
    /// Sets none.
    Never,
}

/// What the host knows of a place's alarm.
#[derive(Debug, Default)]
pub(crate) struct Alarms {
    is_known: Cell<bool>,
    told: Cell<Option<u64>>,
}

impl Alarms {
    /// Takes note of what was written.
    pub(crate) fn note(&self, batch: &[Write]) {
        let touches = |write: &Write| match write {
            Write::Delete(key) | Write::Put(key, _) => key.starts_with(keys::WAKES),
            Write::DeleteRange(range) => {
                range.start.as_str() <= keys::WAKES && keys::WAKES < range.end.as_str()
            }
        };
        if batch.iter().any(touches) {
            self.is_known.set(false);
        }
    }
}

impl Cx {
    /// Has an internal operation run at this place at that time. One that waits already waits until
    /// then instead.
    pub(crate) fn wake_at(&self, operation: &str, at_ms: u64) -> Result<(), Error> {
        // Always later than the call that says so: the host may have told the two apart by it.
        self.put(&keys::wake(operation), &Wake { at_ms: at_ms.max(self.now_ms() + 1) })
    }

    /// Has it not run any more.
    pub(crate) fn wake_no_more(&self, operation: &str) {
        self.delete(&keys::wake(operation));
    }
}

impl Kernel {
    /// What the host must do about its alarm, if that has changed since it was told. To be asked
    /// after every step of a call.
    pub fn new_alarm(&self) -> Option<Alarm> {
        if self.alarms.is_known.get() {
            return None;
        }
        // A store that is out of order is asked again next time.
        let next = self.first_wake().ok()?.map(|(_, at_ms)| at_ms);
        self.alarms.is_known.set(true);
        if next == self.alarms.told.replace(next) {
            return None;
        }
        Some(next.map_or(Alarm::Never, Alarm::At))
    }

    /// Begins what is due, if anything is. The alarm has rung by this: ask for the next one.
    ///
    /// # Errors
    /// If the store can't be read.
    pub fn wake(self: &Rc<Self>, now_ms: u64, seed: [u8; 32]) -> Result<Option<Call>, Unavailable> {
        self.alarms.told.set(None);
        self.alarms.is_known.set(false);
        let due = self.first_wake()?.filter(|(_, at_ms)| *at_ms <= now_ms);
        Ok(due.map(|(name, _)| self.begin_due(&name, now_ms, seed)))
    }

    fn begin_due(self: &Rc<Self>, name: &str, now_ms: u64, seed: [u8; 32]) -> Call {
        let mail = Rc::new(Mailbox::default());
        mail.now_ms.set(now_ms);
        let message = Message { head: self.head_of(name), body: Default::default() };
        let operation = find(Service::Internal, name);
        let reply = wire::Reply::to(&message.head, operation);
        let (kernel, time, name) = (self.clone(), mail.clone(), String::from(name));
        let running = run(self.clone(), mail.clone(), message, operation, seed);
        let running = Box::pin(async move {
            let result = running.await;
            if result.is_err() {
                kernel.rest(&name, time.now_ms.get())?;
            }
            result
        });
        Call { running, mail, reply }
    }

    fn head_of(&self, name: &str) -> Head {
        Head {
            place: self.place.clone(),
            service: Service::Internal,
            operation: name.to_string(),
            protocol: Protocol::AwsJson,
            caller: Caller {
                address: String::new(),
                agent: String::new(),
                origin: String::new(),
                principal: Principal::Kernel,
                region: String::new(),
                request_id: String::new(),
            },
            resolved: None,
        }
    }

    /// Lets an operation that failed run again later, unless its place has gone meanwhile.
    fn rest(&self, name: &str, now_ms: u64) -> Result<(), Error> {
        let key = keys::wake(name);
        if self.store.get(&key)?.is_some() {
            let batch = [Write::Put(key, encode(&Wake { at_ms: now_ms + REST_MS })?)];
            self.store.commit(batch.into())?;
        }
        Ok(())
    }

    fn first_wake(&self) -> Result<Option<(String, u64)>, Unavailable> {
        let range = keys::under(keys::WAKES);
        let records = self.store.scan(range.start.as_str()..range.end.as_str(), WAKES_MAX)?;
        let wakes = records.into_iter().filter_map(|(key, bytes)| {
            let wake: Wake = decode(&bytes).ok()?;
            Some((key.strip_prefix(keys::WAKES)?.to_string(), wake.at_ms))
        });
        Ok(wakes.min_by_key(|(_, at_ms)| *at_ms))
    }
}
