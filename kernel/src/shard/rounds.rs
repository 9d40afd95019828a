//! What a call of a split pool has learned, from one run of its handler to the next.

use alloc::{
    collections::BTreeMap,
    format,
    rc::Rc,
    string::{String, ToString},
    vec::Vec,
};
use core::cell::{Cell, RefCell};

use super::{Claim, configuration};
use crate::{
    call::{Answer, Effect, Kernel},
    crypto::sha256,
    cx::Cx,
    error::Error,
    message::Resolved,
    place::Place,
    shape::Json,
    store::Write,
};

/// What another place is asked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Question {
    place: Place,
    operation: &'static str,
    input: String,
}

impl Question {
    pub(super) fn new(place: &Place, operation: &'static str, input: &Json) -> Self {
        Self { place: place.clone(), operation, input: input.to_string() }
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    pub(super) fn operation(&self) -> &'static str {
        self.operation
    }

    pub(super) fn input(&self) -> &str {
        &self.input
    }
}

/// What follows a run of a handler.
pub(super) enum Turn {
    /// Answers are needed.
    Ask(Vec<Question>),
    /// They are needed, and it is too late to begin again.
    Broken,
    /// The user lives elsewhere.
    Forward(Resolved),
    /// Nothing more: its result counts.
    Over,
}

/// What a call has learned.
pub(crate) struct Rounds {
    kernel: Rc<Kernel>,
    answers: RefCell<BTreeMap<Question, Json>>,
    wanted: RefCell<Vec<Question>>,
    forward: RefCell<Option<Resolved>>,
    /// What the handler asked by itself, and what came of it; `None` once this run has had it.
    heard: RefCell<Vec<([u8; 32], Answer, bool)>>,
    claims: RefCell<Vec<Claim>>,
    forced: RefCell<Vec<(String, String)>>,
    is_committed: Cell<bool>,
    owes: Cell<bool>,
    pushes: Cell<bool>,
}

impl Rounds {
    pub(crate) fn new(kernel: Rc<Kernel>) -> Self {
        Self {
            kernel,
            answers: RefCell::default(),
            wanted: RefCell::default(),
            forward: RefCell::default(),
            heard: RefCell::default(),
            claims: RefCell::default(),
            forced: RefCell::default(),
            is_committed: Cell::new(false),
            owes: Cell::new(false),
            pushes: Cell::new(false),
        }
    }

    pub(super) fn answer(&self, question: Question) -> Result<Json, Error> {
        if let Some(answer) = self.answers.borrow().get(&question) {
            return Ok(answer.clone());
        }
        let mut wanted = self.wanted.borrow_mut();
        if !wanted.contains(&question) {
            wanted.push(question);
        }
        Err(given_up())
    }

    pub(super) fn learn(&self, question: Question, answer: Json) {
        self.answers.borrow_mut().insert(question, answer);
    }

    /// Has the message go on to where its user lives.
    pub(crate) fn forward(&self, resolved: Resolved) -> Error {
        self.forward.replace(Some(resolved));
        given_up()
    }

    /// What follows the run that has just ended.
    pub(super) fn turn(&self) -> Turn {
        for (_, _, is_had) in self.heard.borrow_mut().iter_mut() {
            *is_had = false;
        }
        self.forced.borrow_mut().clear();
        let (wanted, forward) = (self.wanted.take(), self.forward.take());
        match forward {
            None if wanted.is_empty() => Turn::Over,
            _ if self.is_committed.get() => Turn::Broken,
            Some(resolved) => Turn::Forward(resolved),
            None => Turn::Ask(wanted),
        }
    }

    /// Whether the present run of the handler comes to nothing, since it needs answers first.
    pub(crate) fn is_given_up(&self) -> bool {
        !self.wanted.borrow().is_empty() || self.forward.borrow().is_some()
    }

    /// What the same question brought in an earlier run; nothing is asked in a given-up one.
    pub(crate) fn heard(&self, effect: &Effect) -> Option<Answer> {
        if self.is_given_up() {
            return Some(Answer::from("the handler was given up"));
        }
        let mark = mark(effect);
        let mut heard = self.heard.borrow_mut();
        let known = heard.iter_mut().find(|(known, _, is_had)| *known == mark && !is_had)?;
        known.2 = true;
        Some(known.1.clone())
    }

    /// Remembers an answer for the next run.
    pub(crate) fn hear(&self, effect: Effect, answer: &Answer) {
        self.heard.borrow_mut().push((mark(&effect), answer.clone(), true));
    }

    /// Says that this call is about to give a user an alias that lives elsewhere.
    pub(crate) fn claim(&self, claim: Claim) {
        let mut claims = self.claims.borrow_mut();
        if !claims.contains(&claim) {
            self.kernel.claims.add(&claim);
            claims.push(claim);
        }
    }

    /// Wants an alias even if another user has it.
    pub(crate) fn force(&self, attribute: &str, value: &str) {
        self.forced.borrow_mut().push((attribute.to_string(), value.to_string()));
    }

    pub(crate) fn is_forced(&self, attribute: &str, value: &str) -> bool {
        self.forced.borrow().iter().any(|(a, v)| a == attribute && v == value)
    }

    /// The user of this call gave up an alias that lives elsewhere.
    pub(crate) fn owe(&self) {
        self.owes.set(true);
    }

    pub(super) fn owes(&self) -> bool {
        self.owes.get() && self.is_committed.get()
    }

    pub(super) fn pushes(&self) -> bool {
        self.pushes.get()
    }

    /// Ends the claims of this call: from now on its user's record says what is held.
    pub(super) fn end(&self) -> Vec<Claim> {
        let claims = self.claims.take();
        for claim in &claims {
            self.kernel.claims.remove(claim);
        }
        claims
    }

    /// Goes with a batch that is to be committed.
    pub(crate) fn commit(&self, cx: &Cx, batch: &mut Vec<Write>) -> Result<(), Error> {
        if self.is_given_up() {
            return Err(given_up());
        }
        self.is_committed.set(true);
        if configuration::note(cx, batch)? {
            self.pushes.set(true);
        }
        Ok(())
    }
}

// A call may be dropped while it waits.
impl Drop for Rounds {
    fn drop(&mut self) {
        self.end();
    }
}

/// What a handler sees of its being given up. If it swallows that, nothing comes of it.
fn given_up() -> Error {
    Error::bug("a handler goes on although it was given up")
}

fn mark(effect: &Effect) -> [u8; 32] {
    let message: [&[u8]; 3] = match effect {
        Effect::Call { message, .. } => [message, &[], &[]],
        Effect::Invoke(invocation) => [&invocation.event, &[], &[]],
        Effect::Fetch { url, authorization, form } => {
            let [authorization, form] = [authorization, form].map(|part| part.as_deref());
            let [authorization, form] = [authorization, form].map(Option::unwrap_or_default);
            [url.as_bytes(), authorization.as_bytes(), form.as_bytes()]
        }
        Effect::Deliver(_) | Effect::MakeKey(_) => [&[]; 3],
    };
    let [one, two, three] = message;
    sha256(&[format!("{effect:?}").as_bytes(), one, b"\n", two, b"\n", three])
}
