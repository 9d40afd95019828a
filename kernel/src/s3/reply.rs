//! What is sent.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use super::xml::Xml;

/// An answer.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Headers in the order in which to send them.
    pub headers: Vec<(String, String)>,
    /// The whole body, unless the object is.
    pub body: Vec<u8>,
    /// Whether the bytes of the object that was read are the body.
    pub streams: bool,
}

impl Reply {
    pub(super) fn new(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_string(), value.into()));
        self
    }

    pub(super) fn with_some(self, name: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(super) fn xml(mut self, document: Xml) -> Self {
        self.body = document.finish();
        self.with("content-type", "application/xml")
    }

    pub(super) fn without_body(mut self) -> Self {
        self.body = Vec::new();
        self.headers.retain(|(name, _)| name != "content-type");
        self
    }
}
