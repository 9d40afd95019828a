//! What does a message say? The pool's templates, or Cognito's own sentences.

use alloc::string::{String, ToString};

use super::Medium;
use crate::{model::pool::Pool, page::escaped, shape::Text as _};

/// What a message leaves open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'a> {
    /// What the user is called in it.
    pub(crate) username: &'a str,
    /// The code, or the temporary password.
    pub(crate) code: &'a str,
    /// The link that does in a mail what the code would do.
    pub(crate) link: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// Those of a message without a link.
    pub(crate) const fn plain(username: &'a str, code: &'a str) -> Self {
        Self { username, code, link: None }
    }
}

/// The words of a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Words {
    /// Text messages have none.
    pub(crate) subject: Option<String>,
    pub(crate) body: String,
}

const AUTHENTICATION: &str = "Your authentication code is {####}.";
const AUTHENTICATION_SUBJECT: &str = "Your authentication code";
const SIGN_IN_BY_LINK: &str =
    "{##Sign in##} with the browser in which you asked for it. Your authentication code is {####}.";
const SIGN_IN_BY_LINK_SUBJECT: &str = "Your sign-in link";
pub(crate) const CODE: &str = "{####}";
pub(crate) const USERNAME: &str = "{username}";

const BY_LINK: &str =
    "Please click the link below to verify your email address. {##Verify Email##}";
const BY_LINK_SUBJECT: &str = "Your verification link";
const INVITATION: &str = "Your username is {username} and temporary password is {####}.";
const INVITATION_SUBJECT: &str = "Your temporary password";
const RECOVERY: &str = "Your password reset code is {####}";
const VERIFICATION: &str = "Your confirmation code is {####}";
const VERIFICATION_SUBJECT: &str = "Your verification code";

/// The words that invite a user: with the name to sign in by and the temporary password.
pub(crate) fn invitation(pool: &Pool, medium: Medium, parts: Parts<'_>) -> Words {
    let config = pool.description.admin_create_user_config.as_ref();
    let template = config.and_then(|config| config.invite_message_template.as_ref());
    let body = match medium {
        Medium::Email => template.and_then(|t| t.email_message.as_ref()).map(|t| t.as_str()),
        Medium::Sms => template.and_then(|t| t.sms_message.as_ref()).map(|t| t.as_str()),
    };
    let subject = template.and_then(|t| t.email_subject.as_ref()).map(|t| t.as_str());
    filled_in(medium, subject.unwrap_or(INVITATION_SUBJECT), body.unwrap_or(INVITATION), parts)
}

/// The words that carry a code which verifies an address, or a link.
pub(crate) fn verification(pool: &Pool, medium: Medium, parts: Parts<'_>) -> Words {
    match parts.link {
        Some(_) => by_link(pool, medium, parts),
        None => with_code(pool, medium, VERIFICATION, parts),
    }
}

fn by_link(pool: &Pool, medium: Medium, parts: Parts<'_>) -> Words {
    let template = pool.description.verification_message_template.as_ref();
    let body = template.and_then(|t| t.email_message_by_link.as_ref()).map(|t| t.as_str());
    let subject = template.and_then(|t| t.email_subject_by_link.as_ref()).map(|t| t.as_str());
    filled_in(medium, subject.unwrap_or(BY_LINK_SUBJECT), body.unwrap_or(BY_LINK), parts)
}

/// The words that carry a code by which a new password is chosen: those of verification, if the
/// pool has any, as at Cognito.
pub(crate) fn recovery(pool: &Pool, medium: Medium, parts: Parts<'_>) -> Words {
    with_code(pool, medium, RECOVERY, parts)
}

/// The words that carry a code to sign in by. Where a link is wanted for which the pool's own words
/// have no place, they are ours.
pub(crate) fn authentication(pool: &Pool, medium: Medium, parts: Parts<'_>) -> Words {
    let mail = pool.factors.email.as_ref();
    let body = match medium {
        Medium::Email => mail.and_then(|mail| mail.message.as_ref()).map(|t| t.as_str()),
        Medium::Sms => pool.description.sms_authentication_message.as_ref().map(|t| t.as_str()),
    };
    let body = body.filter(|body| parts.link.is_none() || has_link(body));
    let subject = mail.and_then(|mail| mail.subject.as_ref()).map(|t| t.as_str());
    let (usual, usual_subject) = match parts.link {
        Some(_) => (SIGN_IN_BY_LINK, SIGN_IN_BY_LINK_SUBJECT),
        None => (AUTHENTICATION, AUTHENTICATION_SUBJECT),
    };
    filled_in(medium, subject.unwrap_or(usual_subject), body.unwrap_or(usual), parts)
}

fn with_code(pool: &Pool, medium: Medium, usual: &str, parts: Parts<'_>) -> Words {
    let pool = &pool.description;
    let template = pool.verification_message_template.as_ref();
    let body = match medium {
        Medium::Email => {
            let body = template.and_then(|t| t.email_message.as_ref());
            body.or(pool.email_verification_message.as_ref()).map(|t| t.as_str())
        }
        Medium::Sms => {
            let body = template.and_then(|t| t.sms_message.as_ref());
            body.or(pool.sms_verification_message.as_ref()).map(|t| t.as_str())
        }
    };
    let subject = template.and_then(|t| t.email_subject.as_ref());
    let subject = subject.or(pool.email_verification_subject.as_ref()).map(|t| t.as_str());
    filled_in(medium, subject.unwrap_or(VERIFICATION_SUBJECT), body.unwrap_or(usual), parts)
}

/// Words with what they leave open. Mails are HTML, so that what a person chose is escaped in them.
pub(crate) fn filled_in(medium: Medium, subject: &str, body: &str, parts: Parts<'_>) -> Words {
    match medium {
        Medium::Email => {
            let [username, code] = [parts.username, parts.code].map(escaped);
            let link = parts.link.map(escaped);
            let parts = Parts { username: &username, code: &code, link: link.as_deref() };
            Words { subject: Some(subject.to_string()), body: filled(body, parts) }
        }
        Medium::Sms => Words { subject: None, body: filled(body, Parts { link: None, ..parts }) },
    }
}

/// The words of a link in what begins with one, and what follows.
fn link_in(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix("{##")?
        .split_once("##}")
        .filter(|(words, _)| !words.is_empty() && !words.contains(['{', '}']))
}

/// Whether a link has a place in the template.
pub(crate) fn has_link(template: &str) -> bool {
    template.match_indices("{##").any(|(at, _)| template.get(at..).and_then(link_in).is_some())
}

/// The template with what it leaves open. What is put in is not looked at again: a name may look
/// like a placeholder.
fn filled(template: &str, parts: Parts<'_>) -> String {
    let Parts { username, code, link } = parts;
    let mut text = String::with_capacity(template.len() + username.len() + code.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        rest = if let Some(after) = from.strip_prefix(CODE) {
            text.push_str(code);
            after
        } else if let Some(after) = from.strip_prefix(USERNAME) {
            text.push_str(username);
            after
        } else if let (Some(link), Some((words, after))) = (link, link_in(from)) {
            for part in ["<a href=\"", link, "\">", words, "</a>"] {
                text.push_str(part);
            }
            after
        } else {
            text.push('{');
            from.get(1..).unwrap_or_default()
        };
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{shape::Wire, shapes::UserPoolType};

    fn pool(settings: Value) -> Pool {
        Pool {
            id: "eu-west-1_000000000".into(),
            region: "eu-west-1".into(),
            description: UserPoolType::read(settings).unwrap(),
            token_algorithm: crate::KeyAlgorithm::default(),
            sessions: crate::model::session::SessionSettings::default(),
            factors: crate::model::factor::FactorSettings::default(),
            departing: alloc::collections::BTreeSet::new(),
            former_names: crate::model::pool::names::FormerNames::default(),
        }
    }

    #[test]
    fn a_pool_that_says_nothing_sends_the_usual_words() {
        let pool = pool(json!({}));
        let words = verification(&pool, Medium::Email, Parts::plain("ann", "123456"));
        assert_eq!(words.subject.as_deref(), Some("Your verification code"));
        assert_eq!(words.body, "Your confirmation code is 123456");
        let words = recovery(&pool, Medium::Sms, Parts::plain("ann", "123456"));
        assert_eq!(words.body, "Your password reset code is 123456");
        let words = invitation(&pool, Medium::Sms, Parts::plain("ann", "Secret1!"));
        assert_eq!(words.subject, None);
        assert_eq!(words.body, "Your username is ann and temporary password is Secret1!.");
    }

    #[test]
    fn the_pools_own_words_are_sent() {
        let older = json!({
            "EmailVerificationMessage": "old {####}", "EmailVerificationSubject": "old subject",
            "SmsVerificationMessage": "old sms {####}",
        });
        let words = |settings: &Value, medium| {
            verification(&pool(settings.clone()), medium, Parts::plain("a", "1"))
        };
        assert_eq!(words(&older, Medium::Email).body, "old 1");
        assert_eq!(words(&older, Medium::Email).subject.as_deref(), Some("old subject"));
        assert_eq!(words(&older, Medium::Sms).body, "old sms 1");
        let mut newer = older;
        newer["VerificationMessageTemplate"] = json!({
            "EmailMessage": "new {####} for {username}", "EmailSubject": "new subject",
            "SmsMessage": "new sms {####}",
        });
        assert_eq!(words(&newer, Medium::Email).body, "new 1 for a");
        assert_eq!(words(&newer, Medium::Email).subject.as_deref(), Some("new subject"));
        assert_eq!(words(&newer, Medium::Sms).body, "new sms 1");
        assert_eq!(
            recovery(&pool(newer), Medium::Email, Parts::plain("a", "1")).body,
            "new 1 for a"
        );

        let invited = json!({ "AdminCreateUserConfig": { "InviteMessageTemplate": {
            "EmailMessage": "hi {username}: {####}", "EmailSubject": "hi",
            "SMSMessage": "sms {username} {####}",
        } } });
        let pool = pool(invited);
        let words = invitation(&pool, Medium::Email, Parts::plain("a", "p"));
        assert_eq!((words.subject.as_deref(), words.body.as_str()), (Some("hi"), "hi a: p"));
        assert_eq!(invitation(&pool, Medium::Sms, Parts::plain("a", "p")).body, "sms a p");
    }

    #[test]
    fn a_name_that_looks_like_a_placeholder_stays_a_name() {
        assert_eq!(filled("{username}: {####}{", Parts::plain("{####}", "1")), "{####}: 1{");
        assert_eq!(filled("{x} {{####}} {####", Parts::plain("a", "1")), "{x} {1} {####");
    }

    #[test]
    fn a_name_is_no_markup_in_a_mail() {
        let words =
            invitation(&pool(json!({})), Medium::Email, Parts::plain("<a/href='x'>", "p&\""));
        assert_eq!(
            words.body,
            "Your username is &lt;a/href=&#39;x&#39;&gt; and temporary password is p&amp;&quot;."
        );
        let words = invitation(&pool(json!({})), Medium::Sms, Parts::plain("<a>", "p&"));
        assert_eq!(words.body, "Your username is <a> and temporary password is p&.");
    }

    #[test]
    fn a_link_stands_where_the_template_has_room_for_it() {
        let link = Some("https://example.com/?a=1&b=2");
        let parts = Parts { username: "ann", code: "1", link };
        let words = verification(&pool(json!({})), Medium::Email, parts);
        assert_eq!(words.subject.as_deref(), Some("Your verification link"));
        assert_eq!(
            words.body,
            "Please click the link below to verify your email address. \
             <a href=\"https://example.com/?a=1&amp;b=2\">Verify Email</a>"
        );
        let own = pool(json!({ "VerificationMessageTemplate": {
            "EmailMessageByLink": "{##Here##} or {##there##}, {####}{##", "EmailSubjectByLink": "s",
            "EmailMessage": "not this {####}",
        } }));
        let parts = Parts { link: Some("l"), ..parts };
        let words = verification(&own, Medium::Email, parts);
        assert_eq!(words.body, "<a href=\"l\">Here</a> or <a href=\"l\">there</a>, 1{##");
        assert_eq!(words.subject.as_deref(), Some("s"));
    }

    #[test]
    fn without_a_link_its_place_stays_as_it_is() {
        assert_eq!(filled("{##Here##} {####}", Parts::plain("a", "1")), "{##Here##} 1");
        assert!(has_link("so {##Here##}") && has_link("{## {##x##}"));
        assert!(!has_link("{####}") && !has_link("{##Here#}") && !has_link("{##a {####} ##}"));
    }
}
