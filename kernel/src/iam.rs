//! What may somebody do? IAM policies: documents in JSON, and how they are evaluated.
//!
//! A request is allowed if a statement allows it and none denies it; the order of statements and of
//! policies means nothing.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

mod condition;
pub(crate) mod guest;
mod pattern;
mod policy;
pub(crate) mod provider;
pub(crate) mod revocation;
pub(crate) mod role;
pub(crate) mod session;
pub(crate) mod tag;
pub(crate) mod taker;

pub(crate) use self::policy::{Kind, Policy, Who};

use alloc::{collections::BTreeMap, string::String, vec::Vec};

/// What is known when a request comes: values by key, keys in lower case, as IAM compares them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context(BTreeMap<String, Vec<String>>);

impl Context {
    pub(crate) fn say(&mut self, key: &str, values: impl IntoIterator<Item = String>) {
        self.0.insert(key.to_ascii_lowercase(), values.into_iter().collect());
    }

    /// The same of a key that nothing is known of yet.
    pub(crate) fn add(&mut self, key: &str, values: &[String]) {
        self.0.entry(key.to_ascii_lowercase()).or_insert_with(|| values.into());
    }

    fn values(&self, key: &str) -> Option<&[String]> {
        self.0.get(&key.to_ascii_lowercase()).map(Vec::as_slice)
    }
}

/// What is asked of policies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask<'a> {
    /// `service:Operation`.
    pub(crate) action: &'a str,
    /// The ARN of what is acted on, or `*` where that is no one thing.
    pub(crate) resource: &'a str,
    pub(crate) context: &'a Context,
}

/// What policies answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Allowed,
    /// No statement says anything.
    Unsaid,
    Denied,
}

/// What several policies say together.
pub(crate) fn decide<'a>(policies: impl IntoIterator<Item = &'a Policy>, ask: Ask<'_>) -> Decision {
    let decisions = policies.into_iter().map(|policy| policy.decide(ask));
    decisions.fold(Decision::Unsaid, |all, one| match (all, one) {
        (Decision::Denied, _) | (_, Decision::Denied) => Decision::Denied,
        (Decision::Allowed, _) | (_, Decision::Allowed) => Decision::Allowed,
        _ => Decision::Unsaid,
    })
}

#[cfg(test)]
mod tests;
