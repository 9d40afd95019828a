//! What do the functions of a world answer?

use alloc::{
    boxed::Box,
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use core::cell::RefCell;

use serde_json::json;

use super::World;
use crate::{Answer, Invocation, shape::Json};

/// A function: the event, and what it returns, or the sentence that it fails with.
type Function = Box<dyn Fn(Json) -> Result<Json, String>>;

/// The functions by trigger, and the events that they were called with.
#[derive(Default)]
pub(super) struct Triggers {
    functions: RefCell<BTreeMap<&'static str, Function>>,
    events: RefCell<Vec<Json>>,
}

impl Triggers {
    pub(super) fn invoke(&self, invocation: &Invocation) -> Answer {
        let event: Json = serde_json::from_slice(&invocation.event).unwrap_or_default();
        self.events.borrow_mut().push(event.clone());
        let functions = self.functions.borrow();
        let Some(function) = functions.get(invocation.trigger.name()) else {
            return Answer::from("there is no such function");
        };
        let returned = match function(event) {
            Ok(returned) => returned,
            Err(sentence) => json!({ "errorMessage": sentence, "errorType": "Error" }),
        };
        Answer::Returned(returned.to_string().into_bytes())
    }
}

impl World {
    /// Puts a function behind a trigger. It gets the event and gives back what is to be returned,
    /// or the sentence with which it fails.
    pub fn trigger(
        &self,
        name: &'static str,
        function: impl Fn(Json) -> Result<Json, String> + 'static,
    ) {
        self.triggers.functions.borrow_mut().insert(name, Box::new(function));
    }

    /// Puts a function behind a trigger that returns its event with these members of a response.
    pub fn trigger_answers(&self, name: &'static str, response: Json) {
        self.trigger(name, move |mut event| {
            if let (Json::Object(all), Json::Object(own)) = (&mut event["response"], &response) {
                all.extend(own.clone());
            }
            Ok(event)
        });
    }

    /// Puts a function behind a trigger that fails.
    pub fn trigger_fails(&self, name: &'static str, sentence: &'static str) {
        self.trigger(name, move |_| Err(sentence.into()));
    }

    /// The events of all calls of functions so far, oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<Json> {
        self.triggers.events.borrow().clone()
    }

    /// `LambdaConfig` of a pool that calls these triggers.
    #[must_use]
    pub fn lambda_config(names: &[&str]) -> Json {
        let arn = |name: &&str| {
            let arn = alloc::format!("arn:aws:lambda:eu-west-1:123456789012:function:{name}");
            (String::from(*name), Json::from(arn))
        };
        Json::Object(names.iter().map(arn).collect())
    }
}
