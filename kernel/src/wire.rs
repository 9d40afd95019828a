//! AWS JSON 1.1 as it is answered: media type, request id, error type.

use alloc::string::String;

pub(crate) mod query;

use crate::{
    error::{Code, Error},
    http::Response,
    message::{Head, Protocol},
    operation::{Operation, Service},
    page::Page,
    shape::{Json, Map},
    transfer,
};

/// The header of a page that says where the next one begins.
pub const NEXT_PAGE: &str = "cognate-next";

/// How to answer one call.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) request_id: String,
    protocol: Protocol,
    /// What was called.
    pub(crate) operation: Option<&'static Operation>,
}

impl Default for Reply {
    fn default() -> Self {
        Self { request_id: String::new(), protocol: Protocol::AwsJson, operation: None }
    }
}

const AWS_JSON: &str = "application/x-amz-json-1.1";

impl Reply {
    pub(crate) fn new(request_id: &str) -> Self {
        Self { request_id: request_id.into(), ..Self::default() }
    }

    pub(crate) fn to(head: &Head, operation: Option<&'static Operation>) -> Self {
        Self { request_id: head.caller.request_id.clone(), protocol: head.protocol, operation }
    }

    pub(crate) fn finish(&self, result: Result<Json, Error>) -> Response {
        match (result, self.protocol) {
            (Ok(json), Protocol::AwsJson) => self.answer(200).body(AWS_JSON, bytes(&json)),
            (Ok(json), Protocol::Document { max_age_s }) => {
                let cache = match max_age_s {
                    0 => String::from("no-store"),
                    seconds => alloc::format!("public, max-age={seconds}"),
                };
                self.answer(200).with("cache-control", cache).body("application/json", bytes(&json))
            }
            (Ok(json), Protocol::Query) => {
                let written = self
                    .operation
                    .map(|operation| query::answer(operation, &json, &self.request_id));
                self.answer(200).body("text/xml", written.unwrap_or_default())
            }
            (Err(error), Protocol::Query) => {
                let service = self.operation.map_or(Service::Sts, |operation| operation.service);
                query::fail(service, &error, &self.request_id)
                    .with("x-amzn-requestid", self.request_id.as_str())
            }
            (Ok(_), Protocol::Page) => self.shown(Page::of_confirmation()),
            (Err(error), Protocol::Page) => self.shown(Page::of_error(&error)),
            (Ok(_), Protocol::File) => self.answer(200),
            (Ok(json), Protocol::Pages) => self.page(&json),
            (Err(error), Protocol::File | Protocol::Pages) => self.fail_as_s3(&error),
            (Err(error), Protocol::AwsJson) => self.fail(&error),
            (Err(error), Protocol::Document { .. }) => {
                let status = if error.code == crate::error::Code::ResourceNotFound {
                    404
                } else {
                    error.code.status()
                };
                let mut members = Map::new();
                members.insert("message".into(), Json::String(error.message.into_owned()));
                self.answer(status)
                    .with("cache-control", "no-store")
                    .body("application/json", bytes(&Json::Object(members)))
            }
        }
    }

    /// What another place answered to the same request. Hosts bring back status and body alone, so
    /// the headers are written anew.
    pub(crate) fn relay(&self, response: Response) -> Response {
        let mut relayed = self.answer(response.status);
        if response.status != 200 {
            let body: Json = serde_json::from_slice(&response.body).unwrap_or_default();
            let name = body.get("__type").and_then(Json::as_str).unwrap_or_default();
            relayed = relayed.with("x-amzn-errortype", alloc::format!("{name}:"));
            if name == Code::TooManyRequests.wire() {
                // Another place counts the calls of one user alone, and lets several in a second.
                relayed = relayed.with("retry-after", "1");
            }
        }
        relayed.body(AWS_JSON, response.body)
    }

    /// The error in AWS JSON's form.
    pub(crate) fn fail(&self, error: &Error) -> Response {
        let name = error.code.wire();
        let mut members = Map::new();
        members.insert("__type".into(), Json::from(name));
        members.insert("message".into(), Json::from(&*error.message));
        let answer = self
            .answer(error.code.status())
            .with("x-amzn-errortype", alloc::format!("{name}:"))
            .body(AWS_JSON, bytes(&Json::Object(members)));
        match error.retry_after_s {
            Some(seconds) => answer.with("retry-after", alloc::format!("{seconds}")),
            None => answer,
        }
    }

    fn shown(&self, page: Response) -> Response {
        page.with("x-amzn-requestid", self.request_id.as_str())
    }

    /// One page of a file; a header says where the next one begins, if there is one.
    fn page(&self, json: &Json) -> Response {
        let member = |name: &str| json.get(name).and_then(Json::as_str);
        let response = self.answer(200).with("cache-control", "no-store");
        let response = match member("Next") {
            Some(next) => response.with(NEXT_PAGE, next),
            None => response,
        };
        response.body("application/x-ndjson", member("Lines").unwrap_or_default())
    }

    /// The error in S3's form.
    pub(crate) fn fail_as_s3(&self, error: &Error) -> Response {
        let (status, name, message) = transfer::fault(error);
        let id = &self.request_id;
        let message = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let body = alloc::format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{name}</Code>\
             <Message>{message}</Message><RequestId>{id}</RequestId></Error>"
        );
        self.answer(status).body("application/xml", body)
    }

    fn answer(&self, status: u16) -> Response {
        Response::new(status).with("x-amzn-requestid", self.request_id.as_str())
    }
}

fn bytes(json: &Json) -> alloc::vec::Vec<u8> {
    serde_json::to_vec(json).unwrap_or_default()
}
