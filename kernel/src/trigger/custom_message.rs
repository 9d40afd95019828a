//! `CustomMessage`: writes the messages that carry codes and temporary passwords.
//!
//! The function writes with placeholders and never sees the code. Unlike Cognito, which takes its
//! mails only where the pool sends through SES, every pool may have its mails written.

use alloc::{format, string::String};

use serde_json::json;

use super::{Occasion, Trigger, answer::unrecognizable, attributes, event};
use crate::{
    cx::Cx,
    delivery::{
        Medium, Reason,
        template::{self, Parts, Words},
    },
    error::{Code, Error},
    model::user::User,
    shape::Json,
};

const EMAIL_CHARS_MAX: usize = 20_000;
const SMS_CHARS_MAX: usize = 140;
const SUBJECT_CHARS_MAX: usize = 140;

/// A message that is about to be sent.
pub(crate) struct Draft<'a> {
    pub(crate) reason: Reason,
    pub(crate) medium: Medium,
    pub(crate) parts: Parts<'a>,
    /// What it says if the function says nothing.
    pub(crate) words: Words,
}

/// What the message says.
///
/// # Errors
/// The function's; `InvalidLambdaResponseException` if it leaves out what must be in the message,
/// or writes too much.
pub(crate) fn written(
    cx: &Cx,
    occasion: &Occasion<'_>,
    user: &User,
    draft: Draft<'_>,
) -> Result<Words, Error> {
    let has_username = draft.reason == Reason::AdminCreateUser;
    let username = if has_username { Json::from(template::USERNAME) } else { Json::Null };
    let request = event::request(
        cx,
        [
            ("userAttributes", Json::Object(attributes(user))),
            ("codeParameter", template::CODE.into()),
            ("linkParameter", "{##Click Here##}".into()),
            ("usernameParameter", username),
        ],
    );
    let response = json!({ "smsMessage": null, "emailMessage": null, "emailSubject": null });
    let source = format!("{:?}", draft.reason);
    let asked = occasion.ask(cx, (Trigger::CustomMessage, &source), request, response)?;
    let Some(returned) = asked else { return Ok(draft.words) };
    let (body, chars_max) = match draft.medium {
        Medium::Email => (returned.text("emailMessage")?, EMAIL_CHARS_MAX),
        Medium::Sms => (returned.text("smsMessage")?, SMS_CHARS_MAX),
    };
    let subject = returned.text("emailSubject")?.filter(|subject| !subject.is_empty());
    if subject.as_ref().is_some_and(|subject| subject.chars().count() > SUBJECT_CHARS_MAX) {
        return Err(unrecognizable());
    }
    let Words { subject: usual, body: usual_body } = draft.words;
    let subject = usual.map(|usual| subject.unwrap_or(usual));
    let Some(body) = body.filter(|body| !body.is_empty()) else {
        return Ok(Words { subject, body: usual_body });
    };
    check(&body, chars_max, (has_username, draft.parts.link.is_some()))?;
    Ok(template::filled_in(
        draft.medium,
        subject.as_deref().unwrap_or_default(),
        &body,
        draft.parts,
    ))
}

fn check(
    body: &str,
    chars_max: usize,
    (has_username, has_link): (bool, bool),
) -> Result<(), Error> {
    let refused = |message: String| Err(Error::saying(Code::InvalidLambdaResponse, message));
    if body.chars().count() > chars_max {
        return refused(format!("The message is longer than {chars_max} characters."));
    }
    // A link does what the code would do.
    let has_code = has_link && template::has_link(body);
    let wanted =
        [(!has_code).then_some(template::CODE), has_username.then_some(template::USERNAME)];
    match wanted.into_iter().flatten().find(|placeholder| !body.contains(placeholder)) {
        Some(missing) => refused(format!("The message does not contain {missing}.")),
        None => Ok(()),
    }
}
