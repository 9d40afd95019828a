//! All that a handler may touch: records, the clock, chance, cryptography, and its voice.

use alloc::{boxed::Box, rc::Rc, string::String, vec::Vec};
use core::{
    cell::{Cell, RefCell},
    future::Future,
    ops::Range,
    pin::Pin,
    task::{Context, Poll},
};

use crate::{
    call::{Answer, Effect, Ended, Kernel},
    crypto::{Crypto, KeyAlgorithm, KeyPair, Random, Vault},
    deployment::Deployment,
    error::Error,
    http::Response,
    limit::{Buckets, Category},
    message::{Caller, Head, Message, Principal, Protocol, Resolved},
    operation::Service,
    place::Place,
    shape::Json,
    shard::Rounds,
    srp::Group,
    store::{Overlay, Record, Row, Shared, Unavailable, Write, decode, encode},
    token::Known,
    trigger::{self, Steering},
};

/// Where a running handler and its driver meet.
#[derive(Default)]
pub(crate) struct Mailbox {
    pub(crate) ask: RefCell<Option<Effect>>,
    pub(crate) answer: RefCell<Option<Answer>>,
    pub(crate) now_ms: Cell<u64>,
    /// What goes on once the caller is answered.
    pub(crate) afterwards: RefCell<Option<(Running, Rc<Mailbox>)>>,
}

/// The hands of a running operation.
pub(crate) struct Cx {
    kernel: Rc<Kernel>,
    mail: Rc<Mailbox>,
    batch: RefCell<Overlay>,
    /// Where the pool is split: what this call has learned from its other places.
    rounds: Option<Rc<Rounds>>,
    /// Chance, from the seed of this call.
    pub(crate) random: Random,
    /// Who calls.
    pub(crate) caller: Caller,
    /// Where this runs.
    pub(crate) place: Place,
    /// What the call is to be counted with, until a user is charged with it.
    pub(crate) category: Cell<Option<Category>>,
    /// Whom the alias stands for by which the call came here.
    pub(crate) resolved: Option<Resolved>,
    /// The triggers that were called, and are to be.
    pub(crate) steering: Steering,
}

impl From<Unavailable> for Error {
    fn from(reason: Unavailable) -> Self {
        Self::bug(alloc::format!("the store is unavailable: {}", reason.0))
    }
}

impl Cx {
    pub(crate) fn new(kernel: Rc<Kernel>, mail: Rc<Mailbox>, head: Head, seed: [u8; 32]) -> Self {
        Self {
            kernel,
            mail,
            batch: RefCell::default(),
            rounds: None,
            random: Random::new(seed),
            caller: head.caller,
            place: head.place,
            category: Cell::default(),
            resolved: head.resolved,
            steering: Steering::default(),
        }
    }

    /// The same for one round of a call that may consult other places of its pool.
    pub(crate) fn in_rounds(self, rounds: Rc<Rounds>) -> Self {
        Self { rounds: Some(rounds), ..self }
    }

    /// The hands of a call that runs at the same place while this one waits for it.
    pub(crate) fn beside(&self) -> (Self, Rc<Rounds>) {
        let rounds = Rc::new(Rounds::new(self.kernel.clone()));
        let beside = Self {
            kernel: self.kernel.clone(),
            mail: self.mail.clone(),
            batch: RefCell::default(),
            rounds: Some(rounds.clone()),
            random: self.random.beside(),
            caller: self.caller.clone(),
            place: self.place.clone(),
            category: Cell::default(),
            resolved: None,
            steering: Steering::default(),
        };
        (beside, rounds)
    }

    /// Has work go on once the caller is answered, so that nothing is told by how long it takes.
    /// Nobody hears of how it ends but the operator.
    pub(crate) fn afterwards<F>(&self, work: impl FnOnce(Self) -> F)
    where
        F: Future<Output = Result<(), Error>> + 'static,
    {
        let mail = Rc::new(Mailbox::default());
        mail.now_ms.set(self.now_ms());
        let (beside, _) = self.beside();
        beside.steering.say(self.steering.said());
        let working = work(Self { mail: mail.clone(), rounds: None, ..beside });
        let running = async move { working.await.map(|()| Ended::Answered(Json::Null)) };
        self.mail.afterwards.replace(Some((Box::pin(running), mail)));
    }

    pub(crate) fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    pub(crate) fn rounds(&self) -> Option<&Rc<Rounds>> {
        self.rounds.as_ref()
    }

    /// Milliseconds since 1970; it stands still until the world answers a question.
    pub(crate) fn now_ms(&self) -> u64 {
        self.mail.now_ms.get()
    }

    /// Whole seconds since 1970.
    pub(crate) fn now_s(&self) -> u64 {
        self.now_ms() / 1000
    }

    pub(crate) fn deployment(&self) -> &Deployment {
        &self.kernel.engine.deployment
    }

    pub(crate) fn crypto(&self) -> Crypto {
        #[cfg(any(test, feature = "testing"))]
        self.kernel.engine.worked(|work| &mut work.signatures);
        self.kernel.engine.crypto
    }

    pub(crate) fn srp(&self) -> &Group {
        #[cfg(any(test, feature = "testing"))]
        self.kernel.engine.worked(|work| &mut work.proofs);
        &self.kernel.engine.srp
    }

    /// How many calls this place has answered lately.
    pub(crate) fn buckets(&self) -> &Buckets {
        &self.kernel.buckets
    }

    /// The tokens that were verified at this place.
    pub(crate) fn known_tokens(&self) -> &Known {
        &self.kernel.tokens
    }

    /// Where secrets of this place are sealed and opened.
    pub(crate) fn vault(&self) -> Result<&Vault, Error> {
        #[cfg(any(test, feature = "testing"))]
        self.kernel.engine.worked(|work| &mut work.seals);
        self.kernel.vault.as_ref().ok_or_else(|| Error::bug("COGNATE_ROOT_KEY is not configured"))
    }

    /// The record under `key`, to look at and to change.
    pub(crate) fn get<T: Record>(
        &self,
        key: impl Into<String>,
    ) -> Result<Option<Row<'_, T>>, Error> {
        let key = key.into();
        let Some(bytes) = self.batch.borrow().get(&*self.kernel.store, &key)? else {
            return Ok(None);
        };
        Ok(Some(Row::new(self, key, decode(&bytes)?)))
    }

    /// The record under `key`, to look at only; parsed once for many calls.
    pub(crate) fn shared<T: Record>(&self, key: &str) -> Result<Option<Shared<'_, T>>, Error> {
        let batch = self.batch.borrow();
        let Some(bytes) = batch.get(&*self.kernel.store, key)? else { return Ok(None) };
        let value = match batch.covers(key) {
            true => Rc::new(decode(&bytes)?),
            false => self.kernel.memo.parse(key, &bytes)?,
        };
        Ok(Some(Shared::new(value)))
    }

    pub(crate) fn has(&self, key: &str) -> Result<bool, Error> {
        Ok(self.batch.borrow().get(&*self.kernel.store, key)?.is_some())
    }

    /// At most `limit` records of a range of keys, in their order.
    pub(crate) fn scan<T: Record>(
        &self,
        range: Range<&str>,
        limit: usize,
    ) -> Result<Vec<Row<'_, T>>, Error> {
        let page = self.batch.borrow().scan(&*self.kernel.store, range, limit)?;
        page.into_iter().map(|(key, bytes)| Ok(Row::new(self, key, decode(&bytes)?))).collect()
    }

    /// At most `limit` keys of a range, in their order.
    pub(crate) fn keys(&self, range: Range<&str>, limit: usize) -> Result<Vec<String>, Error> {
        let page = self.batch.borrow().scan(&*self.kernel.store, range, limit)?;
        Ok(page.into_iter().map(|(key, _)| key).collect())
    }

    pub(crate) fn put<T: Record>(&self, key: &str, value: &T) -> Result<(), Error> {
        let bytes = encode(value)?;
        self.batch.borrow_mut().put(key.into(), bytes);
        Ok(())
    }

    pub(crate) fn delete(&self, key: &str) {
        self.batch.borrow_mut().delete(key.into());
    }

    /// Removes every record in a range of keys.
    pub(crate) fn delete_range(&self, range: Range<String>) {
        self.batch.borrow_mut().delete_range(range);
    }

    /// Puts all of what `write` writes into the batch, or nothing if it fails. It removes no range.
    pub(crate) fn attempt<T>(&self, write: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        self.batch.borrow_mut().mark();
        let result = write();
        self.batch.borrow_mut().settle(result.is_ok());
        result
    }

    /// Drops what was written and not committed.
    pub(crate) fn begin_again(&self) {
        drop(self.batch.take());
    }

    /// Makes what was written so far stand, whatever happens next. An `Ok` from the handler does
    /// so by itself; an `Err` drops what was not committed.
    pub(crate) fn commit(&self) -> Result<(), Error> {
        if self.steering.is_given_up() {
            return Err(trigger::given_up());
        }
        let mut batch = self.batch.take().into_batch();
        if batch.is_empty() {
            return Ok(());
        }
        if let Some(rounds) = &self.rounds {
            rounds.commit(self, &mut batch)?;
        }
        self.kernel.alarms.note(&batch);
        Ok(self.kernel.store.commit(batch)?)
    }

    /// Puts a change into the batch that another place wrote.
    pub(crate) fn write(&self, write: Write) {
        let mut batch = self.batch.borrow_mut();
        match write {
            Write::Delete(key) => batch.delete(key),
            Write::DeleteRange(range) => batch.delete_range(range),
            Write::Put(key, value) => batch.put(key, value),
        }
    }

    /// Asks the world and waits. Other calls may run meanwhile, so nothing may be pending: decide
    /// before you ask, and read again after.
    pub(crate) fn ask(&mut self, effect: Effect) -> Asked<'_> {
        let rounds = self.rounds.as_deref();
        let known = rounds.and_then(|rounds| rounds.heard(&effect));
        debug_assert!(
            known.is_some() || self.batch.borrow().is_empty(),
            "commit or decide before you ask"
        );
        let listening = rounds.map(|rounds| (rounds, Effect::clone(&effect)));
        match known {
            Some(answer) => {
                self.mail.answer.replace(Some(answer));
                Asked { mail: &self.mail, listening: None }
            }
            None => {
                self.mail.ask.replace(Some(effect));
                Asked { mail: &self.mail, listening }
            }
        }
    }

    /// Calls an internal operation at another place.
    pub(crate) async fn call(
        &mut self,
        place: Place,
        operation: &str,
        input: &Json,
    ) -> Result<Response, Error> {
        let caller = Caller { principal: Principal::Kernel, ..self.caller.clone() };
        let head = Head {
            place: place.clone(),
            service: Service::Internal,
            operation: operation.into(),
            protocol: Protocol::AwsJson,
            caller,
            resolved: None,
        };
        let body =
            serde_json::to_vec(input).map_err(|_| Error::bug("an input does not serialise"))?;
        let message = Message { head, body }.encode()?;
        self.sent(Effect::Call { place, message }).await
    }

    /// Sends a call and waits for its response.
    pub(crate) async fn sent(&mut self, call: Effect) -> Result<Response, Error> {
        match self.ask(call).await {
            Answer::Response(response) => Ok(response),
            Answer::Failed(reason) => Err(Error::bug(reason)),
            _ => Err(Error::bug("a call was answered by something else")),
        }
    }

    /// A JSON document that anybody may read; `Err` holds why there is none, for the log.
    pub(crate) async fn fetch(&mut self, url: String) -> Result<Json, String> {
        match self.ask(Effect::Fetch { url, authorization: None, form: None }).await {
            Answer::Response(response) if response.status == 200 => {
                serde_json::from_slice(&response.body)
                    .map_err(|_| String::from("a provider's document is no JSON"))
            }
            Answer::Response(response) => {
                Err(alloc::format!("a provider answered {}", response.status))
            }
            Answer::Failed(reason) => Err(reason),
            _ => Err(String::from("a document was asked for and something else came")),
        }
    }

    /// Has the host make a key pair.
    pub(crate) async fn make_key(&mut self, algorithm: KeyAlgorithm) -> Result<KeyPair, Error> {
        match self.ask(Effect::MakeKey(algorithm)).await {
            Answer::Key(pair) => Ok(*pair),
            Answer::Failed(reason) => Err(Error::bug(reason)),
            _ => Err(Error::bug("a key was asked for and something else came")),
        }
    }
}

/// A question on its way.
pub(crate) struct Asked<'cx> {
    mail: &'cx Mailbox,
    /// Who remembers the answer for the next round.
    listening: Option<(&'cx Rounds, Effect)>,
}

impl Future for Asked<'_> {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Answer> {
        let Some(answer) = self.mail.answer.take() else { return Poll::Pending };
        if let Some((rounds, effect)) = self.listening.take() {
            rounds.hear(effect, &answer);
        }
        Poll::Ready(answer)
    }
}

/// A handler under way.
pub(crate) type Running = Pin<Box<dyn Future<Output = Result<Ended, Error>>>>;
