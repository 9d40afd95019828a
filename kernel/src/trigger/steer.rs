//! How does a step wait for the triggers that it calls?

use alloc::vec::Vec;
use core::cell::{OnceCell, RefCell};

use super::{Invocation, Trigger, answer};
use crate::{
    call::{Answer, Effect},
    crypto::sha256,
    cx::Cx,
    error::Error,
    shape::Json,
    shapes::{AttributeType, ChallengeName, ClientMetadata},
};

/// More than any step calls.
const CALLS_MAX: usize = 20;

/// What the caller of an operation says to the functions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    pub(crate) client_metadata: Option<Json>,
    pub(crate) validation_data: Option<Json>,
    /// After what tokens are made, in the words of `PreTokenGeneration`, if not after a plain
    /// sign-in.
    pub(crate) tokens_after: Option<&'static str>,
}

impl Said {
    /// What is said to all functions that follow.
    pub(crate) fn to_all(metadata: Option<&ClientMetadata>) -> Self {
        Self { client_metadata: metadata.and_then(map), ..Self::default() }
    }

    /// What is said at the beginning of a sign-in, to those that are called before it alone.
    pub(crate) fn at_first(metadata: Option<&ClientMetadata>) -> Self {
        Self { validation_data: metadata.and_then(map), ..Self::default() }
    }

    /// What is said with an answer to that challenge.
    pub(crate) fn with_answer(metadata: Option<&ClientMetadata>, challenge: ChallengeName) -> Self {
        let tokens_after = match challenge {
            ChallengeName::DevicePasswordVerifier => Some("AuthenticateDevice"),
            ChallengeName::NewPasswordRequired => Some("NewPasswordChallenge"),
            _ => None,
        };
        Self { tokens_after, ..Self::to_all(metadata) }
    }

    /// The same with what is to be looked at before a user is made.
    pub(crate) fn with_validation_data(self, data: Option<&[AttributeType]>) -> Self {
        let pair = |one: &AttributeType| {
            let value = one.value.as_ref().map_or("", crate::shape::Text::as_str);
            (crate::shape::Text::as_str(&one.name).into(), Json::from(value))
        };
        Self {
            validation_data: data.map(|data| Json::Object(data.iter().map(pair).collect())),
            ..self
        }
    }
}

fn map(metadata: &ClientMetadata) -> Option<Json> {
    let pairs = metadata.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
    (!metadata.is_empty()).then(|| Json::Object(pairs.collect()))
}

/// What a running operation has of its triggers.
#[derive(Default)]
pub(crate) struct Steering {
    said: OnceCell<Said>,
    heard: RefCell<Vec<(Invocation, Answer)>>,
    wanted: RefCell<Option<Invocation>>,
    /// What costly work came to, by the hash of what it was done with.
    proofs: RefCell<Vec<([u8; 32], bool)>>,
}

impl Steering {
    /// What the caller says to the functions; said once.
    pub(crate) fn say(&self, said: Said) {
        // A second time would be by the same handler, which says the same.
        let _ = self.said.set(said);
    }

    pub(crate) fn said(&self) -> Said {
        self.said.get().cloned().unwrap_or_default()
    }

    /// Whether the step that runs is given up.
    pub(crate) fn is_given_up(&self) -> bool {
        self.wanted.borrow().is_some()
    }

    /// What costly work on these parts comes to. A step that begins again after a trigger's answer
    /// does not do it a second time.
    pub(crate) fn once(&self, parts: &[&[u8]], work: impl FnOnce() -> bool) -> bool {
        // Each part by its hash: so where one ends counts, too.
        let hash = parts.iter().fold([0; 32], |hash, part| sha256(&[&hash, &sha256(&[part])]));
        let known = self.proofs.borrow().iter().find(|(known, _)| *known == hash).copied();
        if let Some((_, came_to)) = known {
            return came_to;
        }
        let came_to = work();
        self.proofs.borrow_mut().push((hash, came_to));
        came_to
    }

    /// What the function answered; the same call is made once.
    pub(super) fn answer(&self, invocation: Invocation) -> Result<Answer, Error> {
        let heard = self.heard.borrow();
        if let Some((_, answer)) = heard.iter().find(|(known, _)| *known == invocation) {
            return Ok(answer.clone());
        }
        self.wanted.borrow_mut().get_or_insert(invocation);
        Err(given_up())
    }
}

/// What a step sees of its being given up. If it swallows that, nothing comes of it.
pub(crate) fn given_up() -> Error {
    Error::bug("a step goes on although a trigger was not called yet")
}

/// Runs a step until it has had the answer of every trigger that it calls.
///
/// # Errors
/// Those of the step.
pub(crate) async fn steered<T>(
    cx: &mut Cx,
    step: impl Fn(&Cx) -> Result<T, Error>,
) -> Result<T, Error> {
    let chance = cx.random.mark();
    for _ in 0..CALLS_MAX {
        let result = step(cx);
        let Some(invocation) = cx.steering.wanted.take() else { return result };
        drop(result);
        cx.begin_again();
        cx.random.rewind(&chance);
        let answer = cx.ask(Effect::Invoke(invocation.clone())).await;
        cx.steering.heard.borrow_mut().push((invocation, answer));
    }
    Err(Error::bug("a step calls triggers without end"))
}

/// Calls a function after what it is told of stands; what it answers changes nothing.
///
/// # Errors
/// Those of the function and of the way to it.
pub(crate) async fn tell(cx: &mut Cx, invocation: Option<Invocation>) -> Result<(), Error> {
    let Some(invocation) = invocation else { return Ok(()) };
    let trigger: Trigger = invocation.trigger;
    let answer = cx.ask(Effect::Invoke(invocation)).await;
    answer::read(trigger, answer).map(drop)
}
