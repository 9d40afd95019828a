//! Mailgun: a message is made in a domain.
//!
//! <https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages>

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::Delivery;

use super::{Outgoing, Sender};

pub(super) struct Mailgun {
    pub(super) key: String,
    /// With the domain.
    pub(super) url: String,
    pub(super) from: String,
}

impl Sender for Mailgun {
    fn name(&self) -> &'static str {
        "Mailgun"
    }

    fn outgoing(&self, delivery: &Delivery, _: u64) -> Outgoing {
        let sender = &delivery.sender;
        let members = [
            ("from", sender.from.as_ref().unwrap_or(&self.from).as_str()),
            ("to", delivery.destination.as_str()),
            ("subject", delivery.subject.as_deref().unwrap_or_default()),
            ("html", delivery.body.as_str()),
            ("h:Reply-To", sender.reply_to.as_deref().unwrap_or_default()),
        ];
        let credentials = BASE64_STANDARD.encode(format!("api:{}", self.key));
        Outgoing::form(format!("{}/messages", self.url), &members)
            .with("authorization", format!("Basic {credentials}"))
    }
}
