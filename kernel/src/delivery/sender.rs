//! Who a message comes from, as far as its pool says so.

use alloc::string::{String, ToString};

use serde::{Deserialize, Serialize};

use super::Medium;
use crate::{model::pool::Pool, shape::Text};

/// What a pool wants of whoever hands its messages over. What it leaves open is the deployment's.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Sender {
    /// The address in `From`, maybe with a name: `Example <no-reply@example.com>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Where answers go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// SES's configuration set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration_set: Option<String>,
    /// The region whose SES or SNS is meant.
    pub region: String,
}

// Addresses are people's, even here.
impl core::fmt::Debug for Sender {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Sender({})", self.region)
    }
}

impl Sender {
    /// What the pool's configuration says. As at Cognito, a pool without a `From` of its own sends
    /// from the address that is its identity at SES.
    pub(crate) fn of(pool: &Pool, medium: Medium) -> Self {
        match medium {
            Medium::Email => Self::of_mail(pool),
            Medium::Sms => {
                let config = pool.description.sms_configuration.as_ref();
                let region = config.and_then(|config| config.sns_region.as_ref());
                let region = region.map_or(pool.region.as_str(), Text::as_str).to_string();
                Self { region, ..Self::default() }
            }
        }
    }

    fn of_mail(pool: &Pool) -> Self {
        let Some(config) = pool.description.email_configuration.as_ref() else {
            return Self { region: pool.region.clone(), ..Self::default() };
        };
        let source = config.source_arn.as_ref().map(Text::as_str).unwrap_or_default();
        let identity = source.split_once(":identity/").map(|(_, identity)| identity);
        let address = identity.filter(|identity| identity.contains('@'));
        let region = source.split(':').nth(3).filter(|region| !region.is_empty());
        let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(String::from);
        Self {
            from: text(config.from.as_deref()).or_else(|| text(address)),
            reply_to: text(config.reply_to_email_address.as_ref().map(Text::as_str)),
            configuration_set: text(config.configuration_set.as_ref().map(Text::as_str)),
            region: region.unwrap_or(&pool.region).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::World;

    /// Who sent the mail, and who the text message, of a pool with these settings.
    fn senders(settings: serde_json::Value) -> [Sender; 2] {
        let world = World::new();
        let mut settings = settings;
        settings["AutoVerifiedAttributes"] = json!(["email", "phone_number"]);
        let pool = world.pool(settings);
        [("email", "ann@example.com"), ("phone_number", "+12065550100")].map(|(name, value)| {
            let _ = world.ok(
                "SignUp",
                json!({
                    "ClientId": pool.client, "Username": name, "Password": "Passw0rd!",
                    "UserAttributes": [{ "Name": name, "Value": value }],
                }),
            );
            world.sent().pop().unwrap().sender
        })
    }

    #[test]
    fn a_pool_that_says_nothing_leaves_it_to_the_deployment() {
        let silent = Sender { region: "eu-west-1".into(), ..Sender::default() };
        assert_eq!(senders(json!({})), [silent.clone(), silent]);
    }

    #[test]
    fn a_pools_own_sender_is_named() {
        let [mail, sms] = senders(json!({
            "EmailConfiguration": {
                "EmailSendingAccount": "DEVELOPER", "From": "Example <hello@example.com>",
                "SourceArn": "arn:aws:ses:us-west-2:123456789012:identity/no-reply@example.com",
                "ReplyToEmailAddress": "help@example.com", "ConfigurationSet": "main",
            },
            "SmsConfiguration": {
                "SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "SnsRegion": "eu-central-1",
            },
        }));
        assert_eq!(mail.from.as_deref(), Some("Example <hello@example.com>"));
        assert_eq!(mail.reply_to.as_deref(), Some("help@example.com"));
        assert_eq!(mail.configuration_set.as_deref(), Some("main"));
        assert_eq!((mail.region.as_str(), sms.region.as_str()), ("us-west-2", "eu-central-1"));
    }

    #[test]
    fn without_a_from_the_identity_at_ses_is_the_sender() {
        let from = |arn: &str| {
            let [mail, _] = senders(json!({ "EmailConfiguration": { "SourceArn": arn } }));
            mail.from
        };
        let address = "arn:aws:ses:us-west-2:123456789012:identity/no-reply@example.com";
        assert_eq!(from(address).as_deref(), Some("no-reply@example.com"));
        assert_eq!(from("arn:aws:ses:us-west-2:123456789012:identity/example.com"), None);
    }
}
