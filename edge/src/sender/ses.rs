//! Amazon SES: `SendEmail` of its second version.
//!
//! <https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html>

use kernel::Delivery;
use serde_json::json;

use super::{Outgoing, Sender, aws::Account};

pub(super) struct Ses {
    pub(super) account: Account,
    pub(super) from: String,
}

const PATH: &str = "/v2/email/outbound-emails";

impl Sender for Ses {
    fn name(&self) -> &'static str {
        "SES"
    }

    fn outgoing(&self, delivery: &Delivery, now_ms: u64) -> Outgoing {
        let text = |data: &str| json!({ "Data": data, "Charset": "UTF-8" });
        let sender = &delivery.sender;
        let mut body = json!({
            "FromEmailAddress": sender.from.as_ref().unwrap_or(&self.from),
            "Destination": { "ToAddresses": [delivery.destination] },
            "Content": { "Simple": {
                "Subject": text(delivery.subject.as_deref().unwrap_or_default()),
                "Body": { "Html": text(&delivery.body) },
            } },
        });
        if let Some(reply_to) = &sender.reply_to {
            body["ReplyToAddresses"] = json!([reply_to]);
        }
        if let Some(set) = &sender.configuration_set {
            body["ConfigurationSetName"] = json!(set);
        }
        let url = self.account.origin("email", delivery) + PATH;
        self.account.sign(Outgoing::json(url, &body), ("ses", PATH), (delivery, now_ms))
    }
}
