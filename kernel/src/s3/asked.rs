//! What does a request say? Its headers and parameters, once it is known who signed them.

use alloc::{string::String, vec::Vec};

use percent_encoding::percent_decode_str;

use super::{address::Address, fault::Fault, inflow::Inflow};
use crate::{access::sigv4::Proven, http::Request};

/// A request whose signature is good.
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) address: Address,
    headers: Vec<(String, String)>,
    is_presigned: bool,
    parameters: Vec<(String, String)>,
    proven: Option<Proven>,
}

impl Asked {
    pub(super) fn new(request: &Request, address: Address, proven: Proven) -> Self {
        let pairs = request.query.split('&').filter(|pair| !pair.is_empty());
        let parameters = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Self {
            method: request.method.clone(),
            address,
            headers: request.headers.clone(),
            is_presigned: proven.is_presigned(),
            parameters: parameters.collect(),
            proven: Some(proven),
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim_ascii())
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn parameters(&self) -> impl Iterator<Item = &str> {
        self.parameters.iter().map(|(name, _)| name.as_str())
    }

    /// Headers of AWS's that say something about the object, wherever they are: what presigns moves
    /// them into the query.
    pub(super) fn given(&self) -> impl Iterator<Item = (&str, &str)> {
        let parameters = self.parameters.iter().filter(|_| self.is_presigned);
        let pairs = self.headers.iter().chain(parameters);
        let pairs = pairs.map(|(name, value)| (name.as_str(), value.trim_ascii()));
        pairs.filter(|(name, _)| name.starts_with("x-amz-"))
    }

    /// One of them.
    pub(super) fn said(&self, name: &str) -> Option<&str> {
        self.given().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The bucket's name.
    pub(super) fn bucket(&self) -> Result<String, Fault> {
        self.address.bucket.clone().ok_or_else(Fault::bug)
    }

    /// The object's key.
    pub(super) fn key(&self) -> Result<String, Fault> {
        self.address.key.clone().ok_or_else(Fault::bug)
    }

    /// How the object comes in; to be asked for once.
    pub(super) fn inflow(&mut self) -> Result<Inflow, Fault> {
        let proven = self.proven.take().ok_or_else(Fault::bug)?;
        Inflow::new(self, proven)
    }

    /// How a document comes in that says what to do; to be asked for once.
    pub(super) fn inflow_of_document(&mut self) -> Result<Inflow, Fault> {
        let proven = self.proven.take().ok_or_else(Fault::bug)?;
        Inflow::of_document(self, &proven)
    }

    /// Refuses what is meant for buckets of somebody else's.
    pub(super) fn check_owner(&self, account_id: &str) -> Result<(), Fault> {
        let names = ["x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"];
        match names.iter().filter_map(|name| self.said(name)).all(|owner| owner == account_id) {
            true => Ok(()),
            false => Err(Fault::access_denied()),
        }
    }

    /// Refuses what asks for another version of an object than the one that there is.
    pub(super) fn check_version(&self) -> Result<(), Fault> {
        match self.parameter("versionId") {
            None | Some("null") => Ok(()),
            Some(_) => {
                let message = "The specified version does not exist.";
                Err(Fault::new(404, "NoSuchVersion", message))
            }
        }
    }
}

/// In a query, as forms have it, a plus stands for a blank; the signature is read in the same way.
fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}
