//! How does a code to sign in by reach its user?

use super::{Delivery, Medium, Reason, template};
use crate::model::{client::Client, pool::Pool, user::User};

/// The message with that code, to that address.
pub(crate) fn message(
    pool: &Pool,
    client: &Client,
    user: &User,
    (medium, destination, code): (Medium, &str, &str),
) -> Delivery {
    let words = template::authentication(pool, medium, &user.username, code);
    Delivery {
        medium,
        destination: destination.into(),
        subject: words.subject,
        body: words.body,
        code: code.into(),
        reason: Reason::Authentication,
        user_pool_id: pool.id.clone(),
        client_id: Some(client.id.clone()),
        username: user.username.clone(),
    }
}
