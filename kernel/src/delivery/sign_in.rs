//! How does a code to sign in by reach its user?

use alloc::string::String;

use super::{
    Delivery, Medium, Reason, language,
    template::{self, Parts},
};
use crate::{
    cx::Cx,
    error::Error,
    model::{client::Client, pool::Pool, user::User},
    trigger::custom_message::Draft,
};

/// A code to sign in by, and where it goes.
pub(crate) struct SignInCode<'a> {
    pub(crate) medium: Medium,
    pub(crate) destination: &'a str,
    pub(crate) code: &'a str,
    /// The link that brings it, if one is wanted.
    pub(crate) link: Option<String>,
}

/// The message with that code.
///
/// # Errors
/// Those of the trigger that writes messages.
pub(crate) fn message(
    cx: &Cx,
    (pool, client): (&Pool, &Client),
    user: &User,
    sent: &SignInCode<'_>,
) -> Result<Delivery, Error> {
    let SignInCode { medium, destination, code, link } = sent;
    let parts = Parts { username: &user.username, code, link: link.as_deref() };
    let spoken = language::of_user(cx, pool, user)?;
    let words = template::authentication(&spoken, *medium, parts);
    let draft = Draft { reason: Reason::Authentication, medium: *medium, parts, words };
    Delivery::written(cx, (pool, Some(client)), user, draft, destination)
}
