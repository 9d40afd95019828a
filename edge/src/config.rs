//! What is this deployment, by its variables and secrets, and what is wrong with them?

mod buckets;

use std::collections::BTreeMap;

use kernel::{
    CredentialsSource, Deployment, IssuerForm, Medium, RateLimits, RootCredentials, RootKey,
    Shards, is_local,
};
use serde::Deserialize;

use self::buckets::Bound;

use crate::{
    function::Functions,
    sender::{self, Sender, Settings},
    webhook::Webhook,
};

/// The variables and secrets, as the platform gives them. Unset is absent, null or empty.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) struct Variables {
    account_id: Option<String>,
    cognate_access_key_id: Option<String>,
    cognate_development: Option<String>,
    cognate_root_key: Option<String>,
    cognate_secret_access_key: Option<String>,
    credentials: Option<String>,
    issuer: Option<String>,
    lambda_endpoint: Option<String>,
    mail_from: Option<String>,
    mail_sender: Option<String>,
    mail_sender_key: Option<String>,
    mail_sender_url: Option<String>,
    mail_webhook_url: Option<String>,
    pool_shards: Option<String>,
    public_url: Option<String>,
    rate_limits: Option<String>,
    s3_buckets: Option<String>,
    s3_host: Option<String>,
    s3_origins: Option<String>,
    sender_region: Option<String>,
    sms_from: Option<String>,
    sms_sender: Option<String>,
    sms_sender_key: Option<String>,
    sms_sender_url: Option<String>,
    sms_webhook_url: Option<String>,
    sts_endpoint: Option<String>,
    triggers: Option<String>,
    webhook_secret: Option<String>,
}

/// What the variables say.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) buckets: Bound,
    pub(crate) deployment: Deployment,
    pub(crate) functions: Functions,
    pub(crate) senders: Senders,
}

/// Who hands messages to people.
#[derive(Default)]
pub(crate) struct Senders {
    email: Option<Box<dyn Sender>>,
    sms: Option<Box<dyn Sender>>,
}

impl Senders {
    /// Who sends by that medium, if somebody does.
    pub(crate) fn by(&self, medium: Medium) -> Option<&dyn Sender> {
        match medium {
            Medium::Email => self.email.as_deref(),
            Medium::Sms => self.sms.as_deref(),
        }
    }
}

impl std::fmt::Debug for Senders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = |medium| self.by(medium).map(|sender| sender.name());
        write!(f, "Senders({:?}, {:?})", name(Medium::Email), name(Medium::Sms))
    }
}

/// The root key that the repository shows to everybody.
const DEVELOPMENT_ROOT_KEY: &str =
    "c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0";

impl Variables {
    /// The configuration, or everything that keeps the service from running: each a sentence that
    /// says what to type. None of them repeats a value.
    pub(crate) fn read(self) -> Result<Config, Vec<String>> {
        let mut faults = Vec::new();
        let is_development = match set(self.cognate_development).as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                faults.push("COGNATE_DEVELOPMENT is neither `true` nor `false`.".into());
                false
            }
        };
        let given = (set(self.credentials), set(self.sts_endpoint));
        let deployment = Deployment {
            account_id: account_id(set(self.account_id), &mut faults),
            credentials: credentials_source(given, &mut faults),
            is_development,
            issuer: issuer(set(self.issuer), &mut faults),
            public_url: public_url(set(self.public_url), &mut faults),
            rate_limits: rate_limits(set(self.rate_limits), &mut faults),
            root_credentials: credentials(
                set(self.cognate_access_key_id),
                set(self.cognate_secret_access_key),
                &mut faults,
            ),
            root_key: root_key(set(self.cognate_root_key), is_development, &mut faults),
            shards: shards(set(self.pool_shards), &mut faults),
        };
        let secret = set(self.webhook_secret).unwrap_or_default();
        let region = set(self.sender_region);
        let mail = Sending {
            medium: Medium::Email,
            webhook: webhook("MAIL_WEBHOOK_URL", set(self.mail_webhook_url), &mut faults),
            service: set(self.mail_sender).map(|kind| Settings {
                prefix: "MAIL",
                kind,
                key: set(self.mail_sender_key),
                url: set(self.mail_sender_url),
                from: set(self.mail_from),
                region: region.clone(),
            }),
        };
        let sms = Sending {
            medium: Medium::Sms,
            webhook: webhook("SMS_WEBHOOK_URL", set(self.sms_webhook_url), &mut faults),
            service: set(self.sms_sender).map(|kind| Settings {
                prefix: "SMS",
                kind,
                key: set(self.sms_sender_key),
                url: set(self.sms_sender_url),
                from: set(self.sms_from),
                region,
            }),
        };
        let functions = Functions {
            by_name: triggers(set(self.triggers), &mut faults),
            endpoint: webhook("LAMBDA_ENDPOINT", set(self.lambda_endpoint), &mut faults),
            secret: secret.clone(),
        };
        let signs = !functions.is_empty() || mail.webhook.is_some() || sms.webhook.is_some();
        if signs && secret.is_empty() {
            faults.push(missing("WEBHOOK_SECRET", "what is sent to webhooks is signed with it"));
        }
        let senders = Senders {
            email: mail.sender(&secret, &mut faults),
            sms: sms.sender(&secret, &mut faults),
        };
        let buckets = Bound::read(self.s3_buckets, self.s3_host, self.s3_origins, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Config { buckets, deployment, functions, senders })
    }
}

/// What the variables say of one medium.
struct Sending {
    medium: Medium,
    webhook: Option<String>,
    service: Option<Settings>,
}

impl Sending {
    fn sender(self, secret: &str, faults: &mut Vec<String>) -> Option<Box<dyn Sender>> {
        let Self { medium, webhook, service } = self;
        match (webhook, service) {
            (None, None) => None,
            (Some(url), None) => Some(Box::new(Webhook { medium, url, secret: secret.to_owned() })),
            (None, Some(settings)) => {
                let sender = match medium {
                    Medium::Email => sender::mail(settings),
                    Medium::Sms => sender::sms(settings),
                };
                sender.map_err(|found| faults.extend(found)).ok()
            }
            (Some(_), Some(Settings { prefix, .. })) => {
                faults.push(format!(
                    "{prefix}_SENDER and {prefix}_WEBHOOK_URL are both set: one of them sends."
                ));
                None
            }
        }
    }
}

fn set(variable: Option<String>) -> Option<String> {
    variable.filter(|value| !value.is_empty())
}

fn missing(name: &str, why: &str) -> String {
    format!("{name} is not set ({why}): type `npx wrangler secret put {name}`.")
}

fn account_id(id: Option<String>, faults: &mut Vec<String>) -> String {
    let Some(id) = id else { return Deployment::default().account_id };
    if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        faults.push("ACCOUNT_ID is not a number of 12 digits.".into());
    }
    id
}

fn shards(count: Option<String>, faults: &mut Vec<String>) -> Shards {
    let Some(count) = count else { return Shards::default() };
    Shards::read(&count).unwrap_or_else(|| {
        faults.push("POOL_SHARDS is none of 1, 2, 4, 8 and 16.".into());
        Shards::default()
    })
}

/// Who gives credentials: what the first variable says, at what the second does.
fn credentials_source(
    (source, endpoint): (Option<String>, Option<String>),
    faults: &mut Vec<String>,
) -> CredentialsSource {
    let url = webhook("STS_ENDPOINT", endpoint, faults);
    match source.as_deref() {
        Some("aws") => return CredentialsSource::Sts { url },
        Some(_) => faults.push("CREDENTIALS is neither unset nor `aws`.".into()),
        None if url.is_some() => {
            faults.push("STS_ENDPOINT is set, but CREDENTIALS is not `aws`.".into());
        }
        None => {}
    }
    CredentialsSource::Own
}

fn issuer(form: Option<String>, faults: &mut Vec<String>) -> IssuerForm {
    match form.as_deref() {
        None => IssuerForm::Own,
        Some("aws") => IssuerForm::Aws,
        Some(_) => {
            faults.push("ISSUER is neither unset nor `aws`.".into());
            IssuerForm::Own
        }
    }
}

fn rate_limits(limits: Option<String>, faults: &mut Vec<String>) -> RateLimits {
    match limits.as_deref() {
        None => RateLimits::None,
        Some("aws") => RateLimits::Aws,
        Some(_) => {
            faults.push("RATE_LIMITS is neither unset nor `aws`.".into());
            RateLimits::None
        }
    }
}

fn public_url(url: Option<String>, faults: &mut Vec<String>) -> Option<String> {
    let url = url?;
    let url = url.trim_end_matches('/');
    if !is_web(url) || url.contains(['?', '#']) {
        faults.push("PUBLIC_URL is not a plain URL such as `https://id.example.com`.".into());
    }
    Some(url.into())
}

fn is_web(url: &str) -> bool {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.starts_with(['/', ':']))
        && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn credentials(
    id: Option<String>,
    secret: Option<String>,
    faults: &mut Vec<String>,
) -> Option<RootCredentials> {
    let why = "administrators sign with it";
    if id.is_none() {
        faults.push(missing("COGNATE_ACCESS_KEY_ID", why));
    }
    if secret.is_none() {
        faults.push(missing("COGNATE_SECRET_ACCESS_KEY", why));
    }
    Some(RootCredentials { access_key_id: id?, secret_access_key: secret? })
}

fn root_key(
    hex: Option<String>,
    is_development: bool,
    faults: &mut Vec<String>,
) -> Option<RootKey> {
    let Some(hex) = hex else {
        faults.push(
            "COGNATE_ROOT_KEY is not set (all keys at rest are derived from it): type \
             `openssl rand -hex 32 | npx wrangler secret put COGNATE_ROOT_KEY` once, and keep a \
             copy in a safe place."
                .into(),
        );
        return None;
    };
    if hex == DEVELOPMENT_ROOT_KEY && !is_development {
        faults.push(
            "COGNATE_ROOT_KEY is the one that everybody knows: type \
             `openssl rand -hex 32 | npx wrangler secret put COGNATE_ROOT_KEY`."
                .into(),
        );
    }
    let key = RootKey::from_hex(&hex);
    if key.is_none() {
        faults.push(
            "COGNATE_ROOT_KEY is not 64 hexadecimal digits: `openssl rand -hex 32` prints some."
                .into(),
        );
    }
    key
}

/// Where functions are, by name: `{"sign-up":"https://example.com/","tokens":"service:TOKENS"}`.
fn triggers(map: Option<String>, faults: &mut Vec<String>) -> BTreeMap<String, String> {
    let Some(map) = map else { return BTreeMap::new() };
    let map: BTreeMap<String, String> = serde_json::from_str(&map).unwrap_or_else(|_| {
        let example = r#"{"sign-up":"https://example.com/","tokens":"service:TOKENS"}"#;
        faults.push(format!("TRIGGERS is not a JSON object of texts such as `{example}`."));
        BTreeMap::new()
    });
    for (name, target) in &map {
        if !target.starts_with("service:") && !is_addressable(target) {
            faults.push(format!(
                "TRIGGERS has neither an https URL, nor an http URL of this machine, nor \
                 `service:` and a binding for {name}."
            ));
        }
    }
    map
}

/// The address of a webhook.
fn webhook(name: &str, url: Option<String>, faults: &mut Vec<String>) -> Option<String> {
    let url = url?;
    if !is_addressable(&url) {
        faults.push(format!("{name} is neither an https URL nor an http URL of this machine."));
    }
    Some(url)
}

/// Whether what is secret may be sent there: encrypted, or on this very machine.
pub(crate) fn is_addressable(url: &str) -> bool {
    let authority = url.split(['/', '?', '#']).nth(2).unwrap_or_default();
    let is_encrypted = url.starts_with("https://");
    // What stands before an `@` is no host.
    let is_loopback = url.starts_with("http://") && !authority.contains('@') && is_local(authority);
    is_web(url) && (is_encrypted || is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(value: &str) -> Option<String> {
        Some(value.into())
    }

    fn complete() -> Variables {
        Variables {
            cognate_access_key_id: some("AKIAEXAMPLE"),
            cognate_root_key: Some("1f".repeat(32)),
            cognate_secret_access_key: some("secret"),
            ..Variables::default()
        }
    }

    fn faults(variables: Variables) -> String {
        variables.read().unwrap_err().join("\n")
    }

    #[test]
    fn a_complete_set_is_taken() {
        let config = complete().read().unwrap();
        assert_eq!(config.deployment.account_id, "123456789012");
        assert!(!config.deployment.is_development);
        assert!(config.deployment.root_key.is_some());
    }

    #[test]
    fn everything_that_is_missing_is_named_at_once_with_what_to_type() {
        let faults = faults(Variables { issuer: some(""), ..Variables::default() });
        for name in ["COGNATE_ROOT_KEY", "COGNATE_ACCESS_KEY_ID", "COGNATE_SECRET_ACCESS_KEY"] {
            assert!(faults.contains(&format!("wrangler secret put {name}")), "{faults}");
        }
    }

    #[test]
    fn the_public_root_key_is_refused_outside_development() {
        let known = || Variables { cognate_root_key: some(DEVELOPMENT_ROOT_KEY), ..complete() };
        assert!(faults(known()).contains("everybody knows"));
        let local = Variables { cognate_development: some("true"), ..known() };
        assert!(local.read().unwrap().deployment.is_development);
    }

    #[test]
    fn no_fault_repeats_a_secret() {
        let spoiled = Variables { cognate_root_key: some("hunter2"), ..complete() };
        let faults = faults(spoiled);
        assert!(faults.contains("64 hexadecimal") && !faults.contains("hunter2"));
    }

    #[test]
    fn webhooks_are_encrypted_or_local_and_always_signed() {
        let to = |url: &str| Variables {
            mail_webhook_url: some(url),
            webhook_secret: some("w"),
            ..complete()
        };
        for url in ["https://example.com/mail", "http://127.0.0.1:9/x", "http://localhost/x"] {
            assert!(to(url).read().is_ok(), "{url}");
        }
        for url in ["http://example.com/", "ftp://localhost/", "http://localhost@evil.com/", "x"] {
            assert!(faults(to(url)).contains("MAIL_WEBHOOK_URL"), "{url}");
        }
        let unsigned = Variables { webhook_secret: None, ..to("https://example.com") };
        assert!(faults(unsigned).contains("WEBHOOK_SECRET"));
    }

    #[test]
    fn one_sender_sends_by_each_medium() {
        let config = Variables {
            mail_sender: some("resend"),
            mail_sender_key: some("k"),
            mail_from: some("no-reply@example.com"),
            sms_webhook_url: some("https://example.com/sms"),
            webhook_secret: some("w"),
            ..complete()
        };
        let senders = config.read().unwrap().senders;
        let name = |medium| senders.by(medium).map(|sender| sender.name());
        assert_eq!(name(Medium::Email), Some("Resend"));
        assert_eq!(name(Medium::Sms), Some("the SMS webhook"));
        let both = Variables {
            sms_sender: some("sns"),
            sms_webhook_url: some("https://example.com/sms"),
            webhook_secret: some("w"),
            ..complete()
        };
        assert!(faults(both).contains("SMS_SENDER and SMS_WEBHOOK_URL are both set"));
        let keyless = Variables { mail_sender: some("ses"), ..complete() };
        assert!(faults(keyless).contains("MAIL_SENDER_KEY is not set"));
    }

    #[test]
    fn functions_are_where_the_map_says() {
        let with =
            |map: &str| Variables { triggers: some(map), webhook_secret: some("w"), ..complete() };
        let map = r#"{"a":"https://example.com/","b":"service:B","c":"http://localhost:1/"}"#;
        let functions = with(map).read().unwrap().functions;
        assert_eq!(functions.by_name["b"], "service:B");
        for bad in ["[]", r#"{"a":1}"#, r#"{"a":"http://example.com/"}"#, r#"{"a":"b"}"#] {
            assert!(faults(with(bad)).contains("TRIGGERS"), "{bad}");
        }
        let unsigned = Variables { webhook_secret: None, ..with(map) };
        assert!(faults(unsigned).contains("WEBHOOK_SECRET"));
        let lambda = Variables { lambda_endpoint: some("ftp://x"), ..with("{}") };
        assert!(faults(lambda).contains("LAMBDA_ENDPOINT"));
    }

    #[test]
    fn a_public_url_loses_its_last_slash() {
        let url = |url: &str| Variables { public_url: some(url), ..complete() }.read();
        let deployment = url("https://id.example.com/").unwrap().deployment;
        assert_eq!(deployment.public_url.as_deref(), Some("https://id.example.com"));
        for bad in ["id.example.com", "https://", "https://a b", "https://a?b"] {
            assert!(url(bad).is_err(), "{bad}");
        }
    }
}
