//! How far has a sign-in come?

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::Parameters;
use crate::{
    model::{
        factor::Factor,
        session::{Method, level},
    },
    shapes::ChallengeName,
    trigger::define_auth_challenge::Round,
};

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
    /// How sure the sign-in is to be at least, if that was asked.
    #[serde(default)]
    pub(crate) target: Option<u8>,
    /// The rounds of a custom sign-in whose functions are to say how it goes on.
    #[serde(default)]
    pub(super) rounds: Option<Vec<Round>>,
}

impl Passed {
    /// Nothing yet, of a sign-in that is to be so sure.
    pub(super) fn aiming_at(target: Option<u8>) -> Self {
        Self { target, ..Self::default() }
    }

    /// One more was proved: the first factor, or a second one.
    pub(super) fn and(mut self, method: Method) -> Self {
        self.has_second = !self.methods.is_empty();
        self.methods.push(method);
        self
    }

    /// A passkey was proved; one that verified its holder may be as good as two factors.
    pub(super) fn with_passkey(self, method: Method, is_for_two: bool) -> Self {
        let passed = self.and(method);
        Self { has_second: passed.has_second || is_for_two, ..passed }
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

    /// What was asked after the password.
    pub(super) fn after_password(&self) -> impl Iterator<Item = ChallengeName> {
        let factors = Factor::ALL.into_iter();
        let factors = factors.filter(|factor| self.methods.contains(&factor.method()));
        let device = [ChallengeName::DeviceSrpAuth, ChallengeName::DevicePasswordVerifier];
        factors.map(Factor::challenge).chain(device.into_iter().filter(|_| self.has_device))
    }

    /// Whether the sign-in is not as sure yet as it is to be.
    pub(super) fn is_short(&self) -> bool {
        self.target.is_some_and(|target| level(&self.methods) < target)
    }

    /// Whether it would be with that factor.
    pub(super) fn suffices_with(&self, factor: Factor) -> bool {
        let mut methods = self.methods.clone();
        methods.push(factor.method());
        self.target.is_none_or(|target| level(&methods) >= target)
    }
}
