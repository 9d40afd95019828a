//! Cloudflare's Email Service, by the binding of the Worker.
//!
//! The binding takes a mail by its parts, so that nothing here writes MIME.
//! <https://developers.cloudflare.com/email-service/api/send-emails/workers-api/>

use kernel::Delivery;
use serde_json::{Value, json};

use super::{Outgoing, Sender, Way, address::Address};

pub(super) struct Binding {
    pub(super) from: String,
}

/// What the binding is called in Cloudflare's own examples.
const NAME: &str = "EMAIL";

impl Sender for Binding {
    fn name(&self) -> &'static str {
        "the e-mail binding"
    }

    fn outgoing(&self, delivery: &Delivery, _: u64) -> Outgoing {
        let sender = &delivery.sender;
        let mut body = json!({
            "from": person(sender.from.as_ref().unwrap_or(&self.from)),
            "to": delivery.destination,
            "subject": delivery.subject,
            "html": delivery.body,
        });
        if let Some(reply_to) = &sender.reply_to {
            body["replyTo"] = person(reply_to);
        }
        let body = body.to_string().into_bytes();
        Outgoing { way: Way::Binding(NAME), headers: Vec::new(), body }
    }
}

fn person(text: &str) -> Value {
    match Address::of(text) {
        Address { name: Some(name), address } => json!({ "email": address, "name": name }),
        Address { name: None, address } => json!(address),
    }
}
