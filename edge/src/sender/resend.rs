//! Resend: one mail.
//!
//! <https://resend.com/docs/api-reference/emails/send-email>

use kernel::Delivery;
use serde_json::json;

use super::{Outgoing, Sender};

pub(super) struct Resend {
    pub(super) key: String,
    pub(super) url: String,
    pub(super) from: String,
}

impl Sender for Resend {
    fn name(&self) -> &'static str {
        "Resend"
    }

    fn outgoing(&self, delivery: &Delivery, _: u64) -> Outgoing {
        let sender = &delivery.sender;
        let mut body = json!({
            "from": sender.from.as_ref().unwrap_or(&self.from),
            "to": delivery.destination,
            "subject": delivery.subject,
            "html": delivery.body,
        });
        if let Some(reply_to) = &sender.reply_to {
            body["reply_to"] = json!(reply_to);
        }
        Outgoing::json(format!("{}/emails", self.url), &body)
            .with("authorization", format!("Bearer {}", self.key))
    }
}
