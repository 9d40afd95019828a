//! Which sender do the variables name, and what does it lack?

use super::{
    Sender, aws::Account, binding::Binding, mailgun::Mailgun, postmark::Postmark, resend::Resend,
    sendgrid::SendGrid, ses::Ses, sns::Sns, twilio::Twilio,
};
use crate::config::is_addressable;

/// The variables of one medium.
pub(crate) struct Settings {
    /// What their names begin with.
    pub(crate) prefix: &'static str,
    pub(crate) kind: String,
    pub(crate) key: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) from: Option<String>,
    pub(crate) region: Option<String>,
}

/// The sender of mails.
///
/// # Errors
/// What is wrong, in sentences that repeat no value.
pub(crate) fn mail(settings: Settings) -> Result<Box<dyn Sender>, Vec<String>> {
    let mut read = Read { settings, faults: Vec::new() };
    let kind = std::mem::take(&mut read.settings.kind);
    let from = read.from();
    let sender: Box<dyn Sender> = match kind.as_str() {
        "binding" => Box::new(Binding { from }),
        "mailgun" => Box::new(Mailgun { key: read.key(), url: read.url("the domain's URL"), from }),
        "postmark" => {
            let url = read.url_or("https://api.postmarkapp.com");
            Box::new(Postmark { key: read.key(), url, from })
        }
        "resend" => {
            let url = read.url_or("https://api.resend.com");
            Box::new(Resend { key: read.key(), url, from })
        }
        "sendgrid" => {
            let url = read.url_or("https://api.sendgrid.com");
            Box::new(SendGrid { key: read.key(), url, from })
        }
        "ses" => Box::new(Ses { account: read.account(), from }),
        _ => {
            let known = "none of binding, mailgun, postmark, resend, sendgrid and ses";
            return Err(vec![format!("MAIL_SENDER is {known}.")]);
        }
    };
    read.ended(sender)
}

/// The sender of text messages.
///
/// # Errors
/// As of [`mail`].
pub(crate) fn sms(settings: Settings) -> Result<Box<dyn Sender>, Vec<String>> {
    let mut read = Read { settings, faults: Vec::new() };
    let kind = std::mem::take(&mut read.settings.kind);
    let sender: Box<dyn Sender> = match kind.as_str() {
        // SNS has a number of its own.
        "sns" => {
            let from = read.settings.from.take().unwrap_or_default();
            Box::new(Sns { account: read.account(), from })
        }
        "twilio" => {
            let (account, token) = read.pair("the account's SID", "its token");
            let url = read.url_or("https://api.twilio.com");
            Box::new(Twilio { account, token, url, from: read.from() })
        }
        _ => return Err(vec!["SMS_SENDER is neither sns nor twilio.".into()]),
    };
    read.ended(sender)
}

struct Read {
    settings: Settings,
    faults: Vec<String>,
}

impl Read {
    fn ended(self, sender: Box<dyn Sender>) -> Result<Box<dyn Sender>, Vec<String>> {
        if self.faults.is_empty() { Ok(sender) } else { Err(self.faults) }
    }

    fn fault(&mut self, name: &str, what: &str) {
        self.faults.push(format!("{}_{name} {what}", self.settings.prefix));
    }

    fn from(&mut self) -> String {
        self.settings.from.take().unwrap_or_else(|| {
            self.fault("FROM", "is not set (whom messages come from).");
            String::new()
        })
    }

    fn key(&mut self) -> String {
        let prefix = self.settings.prefix;
        self.settings.key.take().unwrap_or_else(|| {
            let what = format!(
                "is not set (it opens the sender): type `npx wrangler secret put {prefix}_SENDER_KEY`."
            );
            self.fault("SENDER_KEY", &what);
            String::new()
        })
    }

    /// A key of two parts.
    fn pair(&mut self, first: &str, second: &str) -> (String, String) {
        let key = self.key();
        match key.split_once(':') {
            Some((id, secret)) if !id.is_empty() && !secret.is_empty() => {
                (id.to_owned(), secret.to_owned())
            }
            _ if key.is_empty() => Default::default(),
            _ => {
                self.fault("SENDER_KEY", &format!("is not {first}, a colon and {second}."));
                Default::default()
            }
        }
    }

    fn account(&mut self) -> Account {
        let (access_key_id, secret_access_key) = self.pair("an access key's id", "its secret");
        let url = self.settings.url.is_some().then(|| self.url(""));
        let region = self.settings.region.take();
        Account { access_key_id, secret_access_key, url, region }
    }

    fn url_or(&mut self, usual: &str) -> String {
        match self.settings.url {
            Some(_) => self.url(""),
            None => usual.to_owned(),
        }
    }

    fn url(&mut self, what: &str) -> String {
        let Some(url) = self.settings.url.take() else {
            self.fault("SENDER_URL", &format!("is not set ({what})."));
            return String::new();
        };
        if !is_addressable(&url) {
            self.fault("SENDER_URL", "is neither an https URL nor an http URL of this machine.");
        }
        url.trim_end_matches('/').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(prefix: &'static str, kind: &str) -> Settings {
        Settings {
            prefix,
            kind: kind.into(),
            key: Some("one:two".into()),
            url: Some("https://example.com/v3/".into()),
            from: Some("no-reply@example.com".into()),
            region: None,
        }
    }

    fn faults(sender: Result<Box<dyn Sender>, Vec<String>>) -> String {
        sender.err().unwrap_or_default().join(" ")
    }

    #[test]
    fn every_sender_is_named_by_a_word() {
        for kind in ["binding", "mailgun", "postmark", "resend", "sendgrid", "ses"] {
            assert_eq!(faults(mail(settings("MAIL", kind))), "", "{kind}");
        }
        for kind in ["sns", "twilio"] {
            assert_eq!(faults(sms(settings("SMS", kind))), "", "{kind}");
        }
        assert!(faults(mail(settings("MAIL", "pigeon"))).contains("MAIL_SENDER is none of"));
        assert!(faults(sms(settings("SMS", "ses"))).contains("SMS_SENDER is neither"));
    }

    #[test]
    fn what_a_sender_lacks_is_said_at_once() {
        let bare =
            |prefix, kind| Settings { key: None, url: None, from: None, ..settings(prefix, kind) };
        let lacks = |lack: String, names: &[&str]| {
            names.iter().for_each(|name| assert!(lack.contains(name), "{lack}"));
            assert_eq!(lack.matches("is not set").count(), names.len(), "{lack}");
        };
        lacks(faults(mail(bare("MAIL", "binding"))), &["MAIL_FROM"]);
        lacks(faults(mail(bare("MAIL", "ses"))), &["MAIL_FROM", "MAIL_SENDER_KEY"]);
        let all = ["MAIL_FROM", "MAIL_SENDER_KEY", "MAIL_SENDER_URL"];
        lacks(faults(mail(bare("MAIL", "mailgun"))), &all);
        lacks(faults(sms(bare("SMS", "sns"))), &["SMS_SENDER_KEY"]);
        lacks(faults(sms(bare("SMS", "twilio"))), &["SMS_SENDER_KEY", "SMS_FROM"]);
    }

    #[test]
    fn no_fault_repeats_a_key() {
        for key in ["hunter2", ":hunter2", "hunter2:"] {
            let spoiled = Settings { key: Some(key.into()), ..settings("MAIL", "ses") };
            let faults = faults(mail(spoiled));
            assert!(faults.contains("a colon and") && !faults.contains("hunter2"), "{faults}");
        }
    }

    #[test]
    fn messages_go_encrypted_or_to_this_machine() {
        let to = |url: &str| Settings { url: Some(url.into()), ..settings("MAIL", "resend") };
        assert_eq!(faults(mail(to("http://127.0.0.1:5000"))), "");
        for url in ["http://example.com", "ftp://localhost", "x"] {
            assert!(faults(mail(to(url))).contains("MAIL_SENDER_URL"), "{url}");
        }
    }
}
