//! How far has a sign-in come?

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::model::session::Method;

/// What was proved so far, as it travels in a challenge's session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Passed {
    /// In the order in which they were proved.
    pub(super) methods: Vec<Method>,
    /// Whether one of them was a second factor.
    pub(super) has_second: bool,
}

impl Passed {
    /// One more was proved: the first factor, or a second one.
    pub(super) fn and(mut self, method: Method) -> Self {
        self.has_second = !self.methods.is_empty();
        self.methods.push(method);
        self
    }
}
