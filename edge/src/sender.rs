//! Who hands messages to people, and how is each of them asked?
//!
//! | `MAIL_SENDER` | `MAIL_SENDER_KEY` | speaks to |
//! |---|---|---|
//! | `binding` | none | Cloudflare's Email Service, by the binding `EMAIL` (`send_email` in `wrangler.toml`) |
//! | `mailgun` | an API key | Mailgun; `MAIL_SENDER_URL` is the domain's: `https://api.mailgun.net/v3/example.com` |
//! | `postmark` | a server's token | Postmark |
//! | `resend` | an API key | Resend |
//! | `sendgrid` | an API key | SendGrid |
//! | `ses` | access key id, a colon, secret | Amazon SES (`SendEmail` of v2), or what speaks as it does |
//!
//! | `SMS_SENDER` | `SMS_SENDER_KEY` | speaks to |
//! |---|---|---|
//! | `sns` | access key id, a colon, secret | Amazon SNS (`Publish`), or what speaks as it does |
//! | `twilio` | account SID, a colon, token | Twilio |
//!
//! `MAIL_FROM` is whom mails come from unless the pool's `EmailConfiguration` says otherwise; the
//! service must let that address send. `SMS_FROM` is a number, SNS's sender id, or Twilio's
//! messaging service. `MAIL_SENDER_URL` and `SMS_SENDER_URL` stand in for the usual addresses;
//! `SENDER_REGION` for the region that the pool names, or is in. In the place of all that,
//! `MAIL_WEBHOOK_URL` and `SMS_WEBHOOK_URL` name a sender of the operator's own (see `webhook`).
//!
//! Each message is tried three times, unless it is refused. What is refused, or was tried in vain,
//! is an error of the call that sends, a line of the log, and listed by
//! `Cognate.ListDeliveryFailures`. None of them holds an address, a code or a key.

mod address;
mod aws;
mod binding;
mod mailgun;
mod postmark;
mod resend;
mod sendgrid;
mod ses;
mod settings;
mod sns;
mod twilio;

use kernel::{Delivery, Medium, Response};
use serde_json::Value;

pub(crate) use self::settings::{Settings, mail, sms};

/// How long one try may take.
pub(crate) const LIMIT_MS: u32 = 5_000;
/// How often a sender that is down is tried.
pub(crate) const TRIES: u32 = 3;
/// How much of a refusal is read.
pub(crate) const REFUSAL_BYTES_MAX: u32 = 16 << 10;

/// One way to hand messages over.
pub(crate) trait Sender {
    /// What it is called in sentences for the operator.
    fn name(&self) -> &'static str;

    /// What hands a message over. `now_ms` counts from 1970.
    fn outgoing(&self, delivery: &Delivery, now_ms: u64) -> Outgoing;
}

/// A message on its way out.
pub(crate) struct Outgoing {
    pub(crate) way: Way,
    /// Names and values.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// By which way a message leaves.
pub(crate) enum Way {
    /// By a binding that sends mail.
    Binding(&'static str),
    /// By `POST` to that URL.
    Url(String),
}

impl Outgoing {
    fn json(url: String, body: &Value) -> Self {
        let headers = vec![
            ("content-type", "application/json".to_owned()),
            // Some services refuse whoever does not say who they are.
            ("user-agent", USER_AGENT.to_owned()),
        ];
        Self { way: Way::Url(url), headers, body: body.to_string().into_bytes() }
    }

    fn form(url: String, members: &[(&str, &str)]) -> Self {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(members.iter().filter(|(_, value)| !value.is_empty()));
        let headers = vec![
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ("user-agent", USER_AGENT.to_owned()),
        ];
        Self { way: Way::Url(url), headers, body: form.finish().into_bytes() }
    }

    fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

const USER_AGENT: &str = "cognate";

/// One delivery on its way.
pub(crate) struct Post {
    pub(crate) delivery: Box<Delivery>,
    name: &'static str,
    tries_left: u32,
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
    pub(crate) fn new(sender: &dyn Sender, delivery: Box<Delivery>) -> Self {
        Self { delivery, name: sender.name(), tries_left: TRIES }
    }

    /// What a response means; none came if there is none.
    pub(crate) fn outcome(&mut self, response: Option<Response>) -> Outcome {
        self.tries_left = self.tries_left.saturating_sub(1);
        let name = self.name;
        let Some(Response { status, body, .. }) = response else {
            return match self.tries_left {
                0 => Outcome::Refused(format!("{name} can't be reached")),
                _ => Outcome::Again,
            };
        };
        let reason = reason_in(&body);
        let is_busy =
            matches!(status, 429 | 500..) || reason.as_ref().is_some_and(|why| is_throttle(why));
        match (status, reason) {
            (200..=299, _) => Outcome::Taken,
            _ if is_busy && self.tries_left > 0 => Outcome::Again,
            (status, Some(why)) => Outcome::Refused(format!("{name} answered {status} ({why})")),
            (status, None) => Outcome::Refused(format!("{name} answered {status}")),
        }
    }
}

/// SNS says so with status 400.
fn is_throttle(reason: &str) -> bool {
    reason.starts_with("Throttl")
}

/// The name that a service has for why it refuses. Its sentences stay where they are: they like to
/// repeat the address.
fn reason_in(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let reason = match serde_json::from_str::<Value>(text) {
        Ok(json) => {
            ["__type", "name", "code", "ErrorCode"].iter().find_map(|member| match &json[*member] {
                Value::String(name) => Some(name.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            })
        }
        Err(_) => {
            let (_, rest) = text.split_once("<Code>")?;
            rest.split_once("</Code>").map(|(code, _)| code.to_owned())
        }
    };
    let reason = reason?;
    let name = reason.rsplit('#').next()?.split(':').next()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    ((1..=64).contains(&name.len()) && name.bytes().all(is_plain)).then(|| name.to_owned())
}

/// What the operator is told when nothing was set up to send by that medium.
pub(crate) fn missing(medium: Medium) -> String {
    let (medium, name) = match medium {
        Medium::Email => ("e-mail", "MAIL"),
        Medium::Sms => ("SMS", "SMS"),
    };
    format!(
        "no sender for {medium} is configured: neither {name}_SENDER nor {name}_WEBHOOK_URL is set"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post() -> Post {
        let delivery = address::tests::mail("ann@example.com");
        Post { delivery: Box::new(delivery), name: "SES", tries_left: TRIES }
    }

    fn answer(status: u16, body: &str) -> Option<Response> {
        Some(Response { status, headers: Vec::new(), body: body.into() })
    }

    fn refusal(status: u16, body: &str) -> String {
        match post().outcome(answer(status, body)) {
            Outcome::Refused(why) => why,
            _ => String::new(),
        }
    }

    #[test]
    fn a_sender_that_is_down_is_tried_three_times() {
        let mut post = post();
        assert!(matches!(post.outcome(answer(503, "")), Outcome::Again));
        assert!(matches!(post.outcome(None), Outcome::Again));
        let given_up = post.outcome(answer(500, ""));
        assert!(matches!(given_up, Outcome::Refused(why) if why == "SES answered 500"));
    }

    #[test]
    fn a_sender_that_is_busy_is_asked_again() {
        let throttled = "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>";
        assert!(matches!(post().outcome(answer(400, throttled)), Outcome::Again));
        assert!(matches!(post().outcome(answer(429, "")), Outcome::Again));
    }

    #[test]
    fn a_sender_that_refuses_is_not_asked_again() {
        assert!(matches!(post().outcome(answer(401, "")), Outcome::Refused(_)));
        assert!(matches!(post().outcome(answer(302, "")), Outcome::Refused(_)));
        assert!(matches!(post().outcome(answer(202, "")), Outcome::Taken));
    }

    #[test]
    fn a_refusal_is_told_by_its_name_alone() {
        assert_eq!(
            refusal(400, r#"{"__type":"aws#MessageRejected:","message":"ann@example.com"}"#),
            "SES answered 400 (MessageRejected)"
        );
        assert_eq!(refusal(422, r#"{"ErrorCode":300}"#), "SES answered 422 (300)");
        assert_eq!(refusal(400, "<Code>InvalidParameter</Code>"), {
            "SES answered 400 (InvalidParameter)"
        });
        let nameless = r#"{"name":"no mail to ann@example.com"}"#;
        for body in ["", "[]", "ann@example.com", nameless] {
            assert_eq!(refusal(400, body), "SES answered 400", "{body}");
        }
    }
}
