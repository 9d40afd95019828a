//! SendGrid: one mail.
//!
//! <https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send>

use kernel::Delivery;
use serde_json::{Value, json};

use super::{Outgoing, Sender, address::Address};

pub(super) struct SendGrid {
    pub(super) key: String,
    pub(super) url: String,
    pub(super) from: String,
}

impl Sender for SendGrid {
    fn name(&self) -> &'static str {
        "SendGrid"
    }

    fn outgoing(&self, delivery: &Delivery, _: u64) -> Outgoing {
        let sender = &delivery.sender;
        let mut body = json!({
            "personalizations": [{ "to": [{ "email": delivery.destination }] }],
            "from": person(sender.from.as_ref().unwrap_or(&self.from)),
            "subject": delivery.subject,
            "content": [{ "type": "text/html", "value": delivery.body }],
        });
        if let Some(reply_to) = &sender.reply_to {
            body["reply_to"] = person(reply_to);
        }
        Outgoing::json(format!("{}/v3/mail/send", self.url), &body)
            .with("authorization", format!("Bearer {}", self.key))
    }
}

fn person(text: &str) -> Value {
    match Address::of(text) {
        Address { name: Some(name), address } => json!({ "email": address, "name": name }),
        Address { name: None, address } => json!({ "email": address }),
    }
}
