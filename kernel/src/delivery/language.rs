//! In which language is a message written? In that of the user's `locale`, as far as the pool has
//! words in it: beyond Cognito, which leaves it to functions.

use alloc::{
    borrow::Cow,
    format,
    string::{String, ToString},
};

use serde::{Deserialize, Serialize};

use crate::{
    cx::Cx,
    error::Error,
    model::{pool::Pool, user::User},
    shapes::MessageTemplatesType,
    store::{Record, keys},
};

/// A pool's words in a language, as kept under `language/{tag}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Templates {
    #[serde(with = "crate::shape::stored")]
    pub(crate) description: MessageTemplatesType,
}

impl Record for Templates {}

/// A language tag as it is looked up: `de-ch`.
pub(crate) fn folded(tag: &str) -> String {
    tag.to_lowercase().replace('_', "-")
}

/// Whether that is the tag of a language (RFC 5646), more or less.
pub(crate) fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_part = |part: &str, min: usize| {
        (min..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let language = parts.next().unwrap_or_default();
    let is_language = language.bytes().all(|byte| byte.is_ascii_alphabetic());
    tag.len() <= 35 && is_language && is_part(language, 2) && parts.all(|part| is_part(part, 1))
}

/// The pool with its words in the language of the user, where it has some.
pub(super) fn of_user<'a>(cx: &Cx, pool: &'a Pool, user: &User) -> Result<Cow<'a, Pool>, Error> {
    let Some(locale) = user.attribute("locale") else { return Ok(Cow::Borrowed(pool)) };
    let mut tag = folded(locale);
    if !is_tag(&tag) {
        return Ok(Cow::Borrowed(pool));
    }
    loop {
        if let Some(templates) = cx.shared::<Templates>(&keys::language(&tag))? {
            return Ok(Cow::Owned(spoken(pool, &templates.description)));
        }
        // Who speaks Swiss German understands German.
        match tag.rsplit_once('-') {
            Some((wider, _)) => tag = wider.to_string(),
            None => return Ok(Cow::Borrowed(pool)),
        }
    }
}

/// The pool with those words; what they leave out is said as usual, and whether links or codes are
/// sent is the pool's alone.
fn spoken(pool: &Pool, words: &MessageTemplatesType) -> Pool {
    let mut pool = pool.clone();
    if let Some(words) = &words.verification_message_template {
        let usual = pool.description.verification_message_template.take().unwrap_or_default();
        let mut template = words.clone();
        template.default_email_option = usual.default_email_option;
        template.email_message = template.email_message.or(usual.email_message);
        template.email_message_by_link =
            template.email_message_by_link.or(usual.email_message_by_link);
        template.email_subject = template.email_subject.or(usual.email_subject);
        template.email_subject_by_link =
            template.email_subject_by_link.or(usual.email_subject_by_link);
        template.sms_message = template.sms_message.or(usual.sms_message);
        pool.description.verification_message_template = Some(template);
    }
    if let Some(words) = &words.invite_message_template {
        let config = pool.description.admin_create_user_config.get_or_insert_default();
        let usual = config.invite_message_template.take().unwrap_or_default();
        let mut template = words.clone();
        template.email_message = template.email_message.or(usual.email_message);
        template.email_subject = template.email_subject.or(usual.email_subject);
        template.sms_message = template.sms_message.or(usual.sms_message);
        config.invite_message_template = Some(template);
    }
    if let Some(words) = &words.email_mfa_configuration {
        let usual = pool.factors.email.take().unwrap_or_default();
        let mut config = words.clone();
        config.message = config.message.or(usual.message);
        config.subject = config.subject.or(usual.subject);
        pool.factors.email = Some(config);
    }
    if let Some(words) = &words.sms_authentication_message {
        pool.description.sms_authentication_message = Some(words.clone());
    }
    pool
}

/// How a tag that is none is refused.
pub(crate) fn no_tag(tag: &str) -> String {
    format!("{tag} is not the tag of a language, such as de or pt-BR.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_languages_are_told_from_other_texts() {
        for tag in ["de", "DE_ch", "pt-BR", "zh-Hant-TW", "de-CH-1996"] {
            assert!(is_tag(&folded(tag)), "{tag}");
        }
        for text in ["", "d", "1e", "de-", "de/../x", "de--ch", "germanlanguage", "ü", "de ch"] {
            assert!(!is_tag(&folded(text)), "{text}");
        }
        assert!(!is_tag(&["de"; 20].join("-")));
    }
}
