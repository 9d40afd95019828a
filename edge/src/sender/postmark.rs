//! Postmark: one mail.
//!
//! <https://postmarkapp.com/developer/api/email-api>

use kernel::Delivery;
use serde_json::json;

use super::{Outgoing, Sender};

pub(super) struct Postmark {
    pub(super) key: String,
    pub(super) url: String,
    pub(super) from: String,
}

impl Sender for Postmark {
    fn name(&self) -> &'static str {
        "Postmark"
    }

    fn outgoing(&self, delivery: &Delivery, _: u64) -> Outgoing {
        let sender = &delivery.sender;
        let mut body = json!({
            "From": sender.from.as_ref().unwrap_or(&self.from),
            "To": delivery.destination,
            "Subject": delivery.subject,
            "HtmlBody": delivery.body,
        });
        if let Some(reply_to) = &sender.reply_to {
            body["ReplyTo"] = json!(reply_to);
        }
        Outgoing::json(format!("{}/email", self.url), &body)
            .with("accept", "application/json".into())
            .with("x-postmark-server-token", self.key.clone())
    }
}
