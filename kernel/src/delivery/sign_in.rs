//! How does a code to sign in by reach its user?

use super::{
    Delivery, Medium, Reason,
    template::{self, Parts},
};
use crate::{
    cx::Cx,
    error::Error,
    model::{client::Client, pool::Pool, user::User},
    trigger::custom_message::Draft,
};

/// The message with that code, to that address.
///
/// # Errors
/// Those of the trigger that writes messages.
pub(crate) fn message(
    cx: &Cx,
    (pool, client): (&Pool, &Client),
    user: &User,
    (medium, destination, code): (Medium, &str, &str),
) -> Result<Delivery, Error> {
    let parts = Parts::plain(&user.username, code);
    let words = template::authentication(pool, medium, parts);
    let draft = Draft { reason: Reason::Authentication, medium, parts, words };
    Delivery::written(cx, (pool, Some(client)), user, draft, destination)
}
