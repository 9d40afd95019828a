//! The outbox of local development: where messages land that nobody sends, and how to read them.
//!
//! `GET /_cognate/outbox` is a page, `GET /_cognate/outbox.json` the same as data, newest last,
//! filtered by `?destination=` or `?username=`. Both exist on local hosts only.

pub(crate) mod deposit;
pub(crate) mod list_messages;

use alloc::vec::Vec;

use crate::{
    call::Engine,
    delivery::Delivery,
    error::Error,
    http::Response,
    message::{Caller, Head, Message, Principal, Protocol},
    place::Place,
};

pub(crate) const ROOM: &str = "_cognate";
pub(crate) const PAGE: &str = "outbox";
pub(crate) const MESSAGES: &str = "outbox.json";

/// Beyond this many the oldest are forgotten.
const MESSAGES_MAX: usize = 1_000;

const KEY_PREFIX: &str = "message/";

impl Engine {
    /// The message that puts a delivery into the outbox, for [`Place::Outbox`]. A host in local
    /// development runs it there instead of sending anything.
    ///
    /// # Errors
    /// Only if the delivery can't be written as JSON.
    pub fn deposit(delivery: &Delivery) -> Result<Vec<u8>, Error> {
        let bug = |_| Error::bug("a delivery does not serialise");
        let body = serde_json::json!({ "Message": serde_json::to_value(delivery).map_err(bug)? });
        let caller = Caller {
            address: "".into(),
            agent: "".into(),
            origin: "".into(),
            principal: Principal::Kernel,
            region: "".into(),
            request_id: "".into(),
        };
        let head = Head {
            place: Place::Outbox,
            is_internal: true,
            operation: "Deposit".into(),
            protocol: Protocol::AwsJson,
            caller,
        };
        Message { head, body: serde_json::to_vec(&body).map_err(bug)? }.encode()
    }
}

/// The page that shows the outbox.
pub(crate) fn page() -> Response {
    Response::new(200)
        .with("cache-control", "no-store")
        .with(
            "content-security-policy",
            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'",
        )
        .body("text/html; charset=utf-8", include_str!("outbox/page.html"))
}
