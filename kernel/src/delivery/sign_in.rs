//! How does a code to sign in by reach its user?

use super::{Delivery, Medium, Reason, template};
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
    let (name, reason) = (user.username.as_str(), Reason::Authentication);
    let words = template::authentication(pool, medium, name, code);
    let draft = Draft { reason, medium, parts: [name, code], words };
    Delivery::written(cx, (pool, Some(client)), user, draft, destination)
}
