//! How are the functions behind triggers called?
//!
//! By `POST`ing the event as JSON, as Lambda is invoked. The answer is the event with its response,
//! or an object whose `errorMessage` says why the function failed; that may come with any status
//! from 400 to 499 too. `cognate-signature: t=<seconds>,id=<hex>,v1=<hex>` proves where a call
//! comes from: HMAC-SHA256 under `WEBHOOK_SECRET` of the seconds since 1970, a dot, the id, a dot,
//! and the body. Who is called refuses what is older than five minutes, and an id that it knows;
//! another try of the same call has an id of its own.
//!
//! Where a function's ARN leads: to the URL in the pool's tag `cognate:triggers`; else to what
//! `TRIGGERS` names for the ARN or for the function's name; else to `LAMBDA_ENDPOINT`, which speaks
//! as Lambda's own.

use std::{collections::BTreeMap, fmt::Write as _};

use hmac::{Hmac, Mac};
use kernel::{Answer, Invocation};
use sha2::Sha256;

use crate::{config::is_addressable, host, sender::TRIES};

/// How long one try may take: what Cognito allows.
pub(crate) const LIMIT_MS: u32 = 5_000;
/// More than any answer needs.
pub(crate) const ANSWER_BYTES_MAX: u32 = 1 << 20;

/// Where functions are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Functions {
    /// By ARN or name: a URL, or `service:` and the name of a service binding.
    pub(crate) by_name: BTreeMap<String, String>,
    /// Where all others are, as Lambda serves them.
    pub(crate) endpoint: Option<String>,
    /// The key of the signatures.
    pub(crate) secret: String,
}

/// One call of a function on its way.
pub(crate) struct Invoke {
    pub(crate) url: String,
    /// The service binding to go through, if any.
    pub(crate) service: Option<String>,
    pub(crate) event: Vec<u8>,
    name: &'static str,
    tries_left: u32,
}

/// The name of a function in its ARN, without a version.
fn name_of(arn: &str) -> Option<&str> {
    let (_, name) = arn.split_once(":function:")?;
    let name = name.split(':').next()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (!name.is_empty() && name.bytes().all(is_plain)).then_some(name)
}

impl Functions {
    /// Whether any call goes anywhere by this configuration.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_name.is_empty() && self.endpoint.is_none()
    }

    /// The call of a function.
    ///
    /// # Errors
    /// Why there is none, for the operator.
    pub(crate) fn call(&self, invocation: Invocation) -> Result<Invoke, String> {
        let Invocation { trigger, function, url, event } = invocation;
        let name = trigger.name();
        if self.secret.is_empty() {
            return Err(format!("{name} can not be called: WEBHOOK_SECRET is not set"));
        }
        let (url, service) = self.target(&function, url).ok_or_else(|| {
            format!("{name} can not be called: neither TRIGGERS nor LAMBDA_ENDPOINT has {function}")
        })?;
        if service.is_none() && !is_addressable(&url) {
            let why = "its URL is neither https nor of this machine";
            return Err(format!("{name} can not be called: {why}"));
        }
        Ok(Invoke { url, service, event, name, tries_left: TRIES })
    }

    fn target(&self, function: &str, own: Option<String>) -> Option<(String, Option<String>)> {
        if let Some(own) = own {
            return Some((own, None));
        }
        let name = name_of(function);
        let named = self.by_name.get(function).or_else(|| self.by_name.get(name?));
        if let Some(target) = named {
            return Some(match target.strip_prefix("service:") {
                Some(service) => {
                    let url = format!("https://function/{}", name.unwrap_or_default());
                    (url, Some(service.to_owned()))
                }
                None => (target.clone(), None),
            });
        }
        let endpoint = self.endpoint.as_deref()?.trim_end_matches('/');
        Some((format!("{endpoint}/2015-03-31/functions/{}/invocations", name?), None))
    }
}

impl Invoke {
    /// The value of `cognate-signature`.
    pub(crate) fn signature(&self, secret: &str, now_s: u64) -> String {
        let id = host::seed().map(|seed| hex(&seed[..16])).unwrap_or_default();
        self.signed(secret, now_s, &id)
    }

    fn signed(&self, secret: &str, now_s: u64, id: &str) -> String {
        // A key of any length is taken.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
            return String::new();
        };
        mac.update(format!("{now_s}.{id}.").as_bytes());
        mac.update(&self.event);
        format!("t={now_s},id={id},v1={}", hex(&mac.finalize().into_bytes()))
    }

    /// What a response means: an answer, or, with nothing, another try. None came if there is none.
    pub(crate) fn returned(&mut self, response: Result<(u16, Vec<u8>), String>) -> Option<Answer> {
        self.tries_left = self.tries_left.saturating_sub(1);
        let name = self.name;
        match response {
            Ok((200..=299, body)) => Some(Answer::Returned(body)),
            Ok((400..=499, body)) if tells_why(&body) => Some(Answer::Returned(body)),
            Err(_) | Ok((429 | 500.., _)) if self.tries_left > 0 => None,
            Ok((status, _)) => Some(Answer::Failed(format!("{name} answered {status}"))),
            Err(why) => Some(Answer::Failed(format!("{name} can't be reached: {why}"))),
        }
    }
}

/// Whether a body is what a function leaves that failed.
fn tells_why(body: &[u8]) -> bool {
    let body = serde_json::from_slice::<serde_json::Value>(body);
    body.is_ok_and(|body| body["errorMessage"].is_string())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a `String` can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use kernel::Trigger;

    use super::*;

    const ARN: &str = "arn:aws:lambda:eu-west-1:123456789012:function:sign-up:live";

    fn functions(by_name: &[(&str, &str)], endpoint: Option<&str>) -> Functions {
        let pair = |(name, target): &(&str, &str)| ((*name).to_owned(), (*target).to_owned());
        Functions {
            by_name: by_name.iter().map(pair).collect(),
            endpoint: endpoint.map(Into::into),
            secret: "key".into(),
        }
    }

    fn invocation(url: Option<&str>) -> Invocation {
        Invocation {
            trigger: Trigger::PreSignUp,
            function: ARN.into(),
            url: url.map(Into::into),
            event: b"{}".to_vec(),
        }
    }

    fn target(functions: &Functions, url: Option<&str>) -> Result<String, String> {
        let call = functions.call(invocation(url))?;
        Ok(format!("{}{}", call.service.map(|it| it + " ").unwrap_or_default(), call.url))
    }

    #[test]
    fn an_arn_leads_to_what_is_nearest() {
        let all = functions(
            &[("sign-up", "https://by.name/"), (ARN, "https://by.arn/")],
            Some("http://127.0.0.1:9001/"),
        );
        assert_eq!(target(&all, Some("https://pool/")).unwrap(), "https://pool/");
        assert_eq!(target(&all, None).unwrap(), "https://by.arn/");
        let named = functions(&[("sign-up", "https://by.name/")], Some("http://127.0.0.1:9001/"));
        assert_eq!(target(&named, None).unwrap(), "https://by.name/");
        let bound = functions(&[("sign-up", "service:HOOKS")], None);
        assert_eq!(target(&bound, None).unwrap(), "HOOKS https://function/sign-up");
        let lambda = functions(&[("other", "https://x/")], Some("http://127.0.0.1:9001/"));
        let expected = "http://127.0.0.1:9001/2015-03-31/functions/sign-up/invocations";
        assert_eq!(target(&lambda, None).unwrap(), expected);
    }

    #[test]
    fn what_leads_nowhere_or_out_in_the_open_is_not_called() {
        assert!(target(&functions(&[], None), None).unwrap_err().contains("TRIGGERS"));
        let open = functions(&[], None);
        assert!(target(&open, Some("http://example.com/")).unwrap_err().contains("https"));
        let unsigned = Functions { secret: String::new(), ..open };
        assert!(target(&unsigned, Some("https://x/")).unwrap_err().contains("WEBHOOK_SECRET"));
        assert_eq!(name_of("arn:aws:lambda:r:1:function:../x"), None);
    }

    #[test]
    fn the_signature_covers_time_id_and_event() {
        let call = functions(&[], None).call(invocation(Some("https://x/"))).unwrap();
        // printf '1795000000.ab.{}' | openssl dgst -sha256 -hmac key
        let expected = "t=1795000000,id=ab,v1=0ab43831e4a476d1302fb97d7622e91aecf8cea3665539b03c9af8c87731ec0b";
        assert_eq!(call.signed("key", 1_795_000_000, "ab"), expected);
    }

    #[test]
    fn a_function_that_is_down_is_tried_three_times() {
        let call = || functions(&[], None).call(invocation(Some("https://x/"))).unwrap();
        let mut down = call();
        assert!(down.returned(Err("nothing came back".into())).is_none());
        assert!(down.returned(Ok((503, Vec::new()))).is_none());
        let given_up = down.returned(Ok((500, Vec::new())));
        assert!(matches!(given_up, Some(Answer::Failed(why)) if why.ends_with("500")));
        let why = br#"{"errorMessage":"no"}"#;
        assert!(matches!(call().returned(Ok((403, why.to_vec()))), Some(Answer::Returned(_))));
        assert!(matches!(call().returned(Ok((403, b"no".to_vec()))), Some(Answer::Failed(_))));
        assert!(matches!(call().returned(Ok((302, Vec::new()))), Some(Answer::Failed(_))));
        assert!(matches!(call().returned(Ok((200, b"x".to_vec()))), Some(Answer::Returned(_))));
    }
}
