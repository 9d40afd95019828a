//! Twilio: a message is made in an account.
//!
//! <https://www.twilio.com/docs/messaging/api/message-resource>

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::Delivery;

use super::{Outgoing, Sender};

pub(super) struct Twilio {
    pub(super) account: String,
    pub(super) token: String,
    pub(super) url: String,
    /// A number, or the SID of a messaging service.
    pub(super) from: String,
}

impl Sender for Twilio {
    fn name(&self) -> &'static str {
        "Twilio"
    }

    fn outgoing(&self, delivery: &Delivery, _: u64) -> Outgoing {
        let Self { account, token, url, from } = self;
        let sender = match from.starts_with("MG") {
            true => ("MessagingServiceSid", from.as_str()),
            false => ("From", from.as_str()),
        };
        let members =
            [("To", delivery.destination.as_str()), sender, ("Body", delivery.body.as_str())];
        let url = format!("{url}/2010-04-01/Accounts/{account}/Messages.json");
        let credentials = BASE64_STANDARD.encode(format!("{account}:{token}"));
        Outgoing::form(url, &members).with("authorization", format!("Basic {credentials}"))
    }
}
