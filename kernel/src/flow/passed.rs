//! How far has a sign-in come?

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::Parameters;
use crate::model::session::Method;

/// What was proved so far, as it travels in a challenge's session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Passed {
    /// In the order in which they were proved.
    pub(crate) methods: Vec<Method>,
    /// Whether one of them was a second factor.
    pub(super) has_second: bool,
    /// The device that the user says to be at, by key.
    pub(crate) device: Option<String>,
    /// Whether that device was proved.
    pub(super) has_device: bool,
}

impl Passed {
    /// One more was proved: the first factor, or a second one.
    pub(super) fn and(mut self, method: Method) -> Self {
        self.has_second = !self.methods.is_empty();
        self.methods.push(method);
        self
    }

    /// Functions have let the user in, by whatever they asked.
    pub(super) fn by_functions() -> Self {
        Self { has_second: true, ..Self::default() }
    }

    /// The device is named in any step; the first time counts.
    pub(super) fn at_device(mut self, parameters: &Parameters) -> Self {
        let named = || parameters.get("DEVICE_KEY").filter(|key| !key.is_empty()).cloned();
        self.device = self.device.or_else(named);
        self
    }
}
