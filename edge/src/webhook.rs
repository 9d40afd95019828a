//! How are messages to people handed to the sender that the operator runs?
//!
//! By `POST`ing the delivery as JSON. `cognate-signature: t=<seconds>,v1=<hex>` proves where it
//! comes from: HMAC-SHA256 under `WEBHOOK_SECRET` of the seconds since 1970, a dot, and the body.

use std::fmt::Write as _;

use hmac::{Hmac, Mac};
use kernel::{Delivery, Medium};
use sha2::Sha256;

use crate::config::Senders;

/// How long one try may take.
pub(crate) const LIMIT_MS: u32 = 5_000;
/// How often a sender that is down is tried.
pub(crate) const TRIES: u32 = 3;

/// One delivery on its way to a webhook.
pub(crate) struct Post {
    pub(crate) url: String,
    pub(crate) body: Vec<u8>,
    pub(crate) tries_left: u32,
    medium: &'static str,
}

/// What came of one try.
pub(crate) enum Outcome {
    /// It was taken.
    Taken,
    /// The sender may do better next time.
    Again,
    /// It will not be taken; the sentence is for the operator.
    Refused(String),
}

impl Post {
    /// A delivery for the webhook of its medium, if there is one.
    pub(crate) fn new(senders: &Senders, delivery: &Delivery) -> Option<Self> {
        let (url, medium) = match delivery.medium {
            Medium::Email => (&senders.email_url, "e-mail"),
            Medium::Sms => (&senders.sms_url, "SMS"),
        };
        let body = serde_json::to_vec(delivery).ok()?;
        Some(Self { url: url.clone()?, body, tries_left: TRIES, medium })
    }

    /// The value of `cognate-signature`.
    pub(crate) fn signature(&self, secret: &str, now_s: u64) -> String {
        let mut value = format!("t={now_s},v1=");
        // A key of any length is taken.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
            mac.update(format!("{now_s}.").as_bytes());
            mac.update(&self.body);
            for byte in mac.finalize().into_bytes() {
                // Writing into a `String` can't fail.
                let _ = write!(value, "{byte:02x}");
            }
        }
        value
    }

    /// What a response of that status means; none came if there is none.
    pub(crate) fn outcome(&mut self, status: Option<u16>) -> Outcome {
        self.tries_left = self.tries_left.saturating_sub(1);
        let medium = self.medium;
        match status {
            Some(200..=299) => Outcome::Taken,
            None | Some(500..) if self.tries_left > 0 => Outcome::Again,
            None => Outcome::Refused(format!("the {medium} webhook can't be reached")),
            Some(status) => Outcome::Refused(format!("the {medium} webhook answered {status}")),
        }
    }
}

/// What the operator is told when nothing was set up to send by that medium.
pub(crate) fn missing(medium: Medium) -> String {
    let (medium, name) = match medium {
        Medium::Email => ("e-mail", "MAIL_WEBHOOK_URL"),
        Medium::Sms => ("SMS", "SMS_WEBHOOK_URL"),
    };
    format!("no sender for {medium} is configured: {name} is not set")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post() -> Post {
        Post { url: String::new(), body: b"{}".to_vec(), tries_left: TRIES, medium: "SMS" }
    }

    #[test]
    fn the_signature_covers_time_and_body() {
        // printf '1795000000.{}' | openssl dgst -sha256 -hmac key
        let expected =
            "t=1795000000,v1=71f6cd81e7ac967a6bfd8d621347e9ee7792b1fde3a9a64c3161a631437c7fb6";
        assert_eq!(post().signature("key", 1_795_000_000), expected);
    }

    #[test]
    fn a_sender_that_is_down_is_tried_three_times() {
        let mut post = post();
        assert!(matches!(post.outcome(Some(503)), Outcome::Again));
        assert!(matches!(post.outcome(None), Outcome::Again));
        assert!(matches!(post.outcome(Some(500)), Outcome::Refused(why) if why.ends_with("500")));
    }

    #[test]
    fn a_sender_that_refuses_is_not_asked_again() {
        assert!(matches!(post().outcome(Some(401)), Outcome::Refused(_)));
        assert!(matches!(post().outcome(Some(302)), Outcome::Refused(_)));
        assert!(matches!(post().outcome(Some(204)), Outcome::Taken));
    }
}
