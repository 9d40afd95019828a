//! What did a function answer, and is it an answer?

use alloc::{
    format,
    string::{String, ToString},
};

use super::Trigger;
use crate::{
    call::Answer,
    error::{Code, Error},
    shape::{Json, Map},
};

/// No sentence of a function is longer, as callers see it.
const SENTENCE_CHARS_MAX: usize = 2048;

/// The response that a function gave.
#[derive(Debug)]
pub(crate) struct Returned(Map<String, Json>);

/// Reads what came of a call of a function.
///
/// # Errors
/// `UserLambdaValidationException` with the sentence that the function failed with;
/// `InvalidLambdaResponseException` if it gave no event back; `UnexpectedLambdaException` if it
/// could not be called.
pub(super) fn read(trigger: Trigger, answer: Answer) -> Result<Returned, Error> {
    let name = trigger.name();
    let payload = match answer {
        Answer::Returned(payload) => payload,
        Answer::Failed(reason) => {
            let message = format!("{name} invocation failed.");
            return Err(Error::saying(Code::UnexpectedLambda, message).because(reason));
        }
        _ => return Err(Error::bug("a function was called and something else came")),
    };
    let Ok(Json::Object(mut event)) = serde_json::from_slice(&payload) else {
        return Err(unrecognizable());
    };
    match event.remove("response") {
        Some(Json::Object(response)) => Ok(Returned(response)),
        Some(_) => Err(unrecognizable()),
        None => Err(match event.get("errorMessage").and_then(Json::as_str) {
            Some(sentence) => {
                let sentence: String = sentence.chars().take(SENTENCE_CHARS_MAX).collect();
                let message = format!("{name} failed with error {sentence}.");
                Error::saying(Code::UserLambdaValidation, message)
            }
            None => unrecognizable(),
        }),
    }
}

/// What is said of an answer that is none.
pub(super) fn unrecognizable() -> Error {
    Code::InvalidLambdaResponse.into()
}

impl Returned {
    /// A member; one that is null counts as absent.
    pub(super) fn member(&self, name: &str) -> Option<&Json> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// Whether it says yes; to say nothing is to say no.
    ///
    /// # Errors
    /// `InvalidLambdaResponseException` if it says neither.
    pub(super) fn is(&self, name: &str) -> Result<bool, Error> {
        self.member(name).map_or(Ok(false), |value| value.as_bool().ok_or_else(unrecognizable))
    }

    /// A text, if it says one.
    ///
    /// # Errors
    /// `InvalidLambdaResponseException` if it says anything else.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Error> {
        let text = |value: &Json| value.as_str().map(ToString::to_string);
        self.member(name).map(|value| text(value).ok_or_else(unrecognizable)).transpose()
    }

    /// Texts by name, if it says any.
    ///
    /// # Errors
    /// `InvalidLambdaResponseException` if it says anything else.
    pub(super) fn texts(&self, name: &str) -> Result<Map<String, Json>, Error> {
        match self.member(name) {
            None => Ok(Map::new()),
            Some(Json::Object(texts)) if texts.values().all(Json::is_string) => Ok(texts.clone()),
            Some(_) => Err(unrecognizable()),
        }
    }
}
