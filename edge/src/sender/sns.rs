//! Amazon SNS: `Publish` to a phone number.
//!
//! <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>

use kernel::Delivery;

use super::{Outgoing, Sender, aws::Account};

pub(super) struct Sns {
    pub(super) account: Account,
    /// A number, a sender id, or nothing.
    pub(super) from: String,
}

impl Sender for Sns {
    fn name(&self) -> &'static str {
        "SNS"
    }

    fn outgoing(&self, delivery: &Delivery, now_ms: u64) -> Outgoing {
        let mut members = vec![
            ("Action", "Publish"),
            ("Version", "2010-03-31"),
            ("PhoneNumber", delivery.destination.as_str()),
            ("Message", delivery.body.as_str()),
            ("MessageAttributes.entry.1.Name", "AWS.SNS.SMS.SMSType"),
            ("MessageAttributes.entry.1.Value.DataType", "String"),
            ("MessageAttributes.entry.1.Value.StringValue", "Transactional"),
        ];
        if !self.from.is_empty() {
            let name = match self.from.starts_with('+') {
                true => "AWS.MM.SMS.OriginationNumber",
                false => "AWS.SNS.SMS.SenderID",
            };
            members.extend([
                ("MessageAttributes.entry.2.Name", name),
                ("MessageAttributes.entry.2.Value.DataType", "String"),
                ("MessageAttributes.entry.2.Value.StringValue", self.from.as_str()),
            ]);
        }
        let url = self.account.origin("sns", delivery) + "/";
        self.account.sign(Outgoing::form(url, &members), ("sns", "/"), (delivery, now_ms))
    }
}
