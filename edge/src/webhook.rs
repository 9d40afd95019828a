//! How are messages to people handed to a sender of the operator's own?
//!
//! By `POST`ing the delivery as JSON. `cognate-signature: t=<seconds>,v1=<hex>` proves where it
//! comes from: HMAC-SHA256 under `WEBHOOK_SECRET` of the seconds since 1970, a dot, and the body.

use std::fmt::Write as _;

use hmac::{Hmac, Mac};
use kernel::{Delivery, Medium};
use sha2::Sha256;

use crate::sender::{Outgoing, Sender, Way};

/// The sender behind a URL.
pub(crate) struct Webhook {
    pub(crate) medium: Medium,
    pub(crate) url: String,
    /// The key of the signatures.
    pub(crate) secret: String,
}

impl Sender for Webhook {
    fn name(&self) -> &'static str {
        match self.medium {
            Medium::Email => "the e-mail webhook",
            Medium::Sms => "the SMS webhook",
        }
    }

    fn outgoing(&self, delivery: &Delivery, now_ms: u64) -> Outgoing {
        // There is nothing in a delivery that JSON can't say.
        let body = serde_json::to_vec(delivery).unwrap_or_default();
        let signature = self.signature(&body, now_ms / 1000);
        let headers =
            vec![("content-type", "application/json".to_owned()), ("cognate-signature", signature)];
        Outgoing { way: Way::Url(self.url.clone()), headers, body }
    }
}

impl Webhook {
    /// The value of `cognate-signature`.
    fn signature(&self, body: &[u8], now_s: u64) -> String {
        let mut value = format!("t={now_s},v1=");
        // A key of any length is taken.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()) {
            mac.update(format!("{now_s}.").as_bytes());
            mac.update(body);
            for byte in mac.finalize().into_bytes() {
                // Writing into a `String` can't fail.
                let _ = write!(value, "{byte:02x}");
            }
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_covers_time_and_body() {
        let webhook = Webhook { medium: Medium::Sms, url: String::new(), secret: "key".to_owned() };
        // printf '1795000000.{}' | openssl dgst -sha256 -hmac key
        let expected =
            "t=1795000000,v1=71f6cd81e7ac967a6bfd8d621347e9ee7792b1fde3a9a64c3161a631437c7fb6";
        assert_eq!(webhook.signature(b"{}", 1_795_000_000), expected);
    }
}
