//! How does a code to sign in by reach its user?

use super::{Delivery, Medium, Reason, template};
use crate::{
    cx::Cx,
    error::Error,
    model::{client::Client, pool::Pool, user::User},
    trigger::{
        Occasion,
        custom_message::{self, Draft},
    },
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
    let occasion = Occasion { pool, client: Some(client), username: name };
    let draft = Draft { reason, medium, parts: [name, code], words };
    let words = custom_message::written(cx, &occasion, user, draft)?;
    Ok(Delivery {
        medium,
        destination: destination.into(),
        subject: words.subject,
        body: words.body,
        code: code.into(),
        reason,
        user_pool_id: pool.id.clone(),
        client_id: Some(client.id.clone()),
        username: user.username.clone(),
    })
}
