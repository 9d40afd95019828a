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
    operation::Service,
    place::Place,
};

pub(crate) const ROOM: &str = "_cognate";
pub(crate) const PAGE: &str = "outbox";
pub(crate) const MESSAGES: &str = "outbox.json";

/// Beyond this many the oldest are forgotten.
const MESSAGES_MAX: usize = 1_000;

const KEY_PREFIX: &str = "message/";

/// The key of the n-th message; keys are in the order of messages.
fn key(n: usize) -> alloc::string::String {
    alloc::format!("{KEY_PREFIX}{n:015}")
}

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
            service: Service::Internal,
            operation: "Deposit".into(),
            protocol: Protocol::AwsJson,
            caller,
            resolved: None,
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

#[cfg(test)]
mod tests {
    use alloc::{format, string::ToString, vec};

    use serde_json::Value;

    use super::*;
    use crate::{
        Medium, Reason, Request,
        testing::{ORIGIN, World},
    };

    fn delivery(n: usize) -> Delivery {
        Delivery {
            medium: Medium::Email,
            destination: format!("user+{n}@example.com"),
            subject: Some("s".to_string()),
            body: "b".to_string(),
            code: format!("{n:06}"),
            link: None,
            reason: Reason::SignUp,
            user_pool_id: "p".to_string(),
            client_id: None,
            username: format!("user-{n}"),
            sender: crate::Sender::default(),
        }
    }

    fn codes(world: &World, query: &str) -> Vec<Value> {
        let response = world.get(&format!("/_cognate/outbox.json{query}"));
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        let messages = body["Messages"].as_array().unwrap();
        messages.iter().map(|message| message["code"].clone()).collect()
    }

    fn deposit(world: &World, n: usize) {
        let message = Engine::deposit(&delivery(n)).unwrap();
        assert_eq!(world.run(&Place::Outbox, &message).status, 200);
    }

    #[test]
    fn messages_are_listed_oldest_first_and_filtered() {
        let world = World::new();
        (0..3).for_each(|n| deposit(&world, n));
        assert_eq!(codes(&world, ""), ["000000", "000001", "000002"]);
        assert_eq!(codes(&world, "?destination=user%2B1%40example.com"), ["000001"]);
        assert_eq!(codes(&world, "?destination=user+1@example.com"), ["000001"]);
        assert_eq!(codes(&world, "?username=user-2&destination=x"), Vec::<Value>::new());
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let world = World::new();
        (0..MESSAGES_MAX + 2).for_each(|n| deposit(&world, n));
        let codes = codes(&world, "");
        assert_eq!((codes.len(), &codes[0]), (MESSAGES_MAX, &Value::from("000002")));
    }

    #[test]
    fn nobody_sees_it_from_elsewhere() {
        let world = World::new();
        for path in ["/_cognate/outbox", "/_cognate/outbox.json"] {
            assert_eq!(world.get(path).status, 200);
            let elsewhere = Request {
                method: "GET".into(),
                origin: ORIGIN.replace("localhost", "id.example.com"),
                path: path.into(),
                headers: vec![],
                ..Request::default()
            };
            assert_eq!(world.send(&elsewhere).status, 404);
        }
    }
}
