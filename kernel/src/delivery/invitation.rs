//! How does a user whom an administrator made learn of the temporary password?

use alloc::vec::Vec;

use super::{
    Delivery, Medium, Reason, language,
    template::{self, Parts},
};
use crate::{
    cx::Cx,
    error::Error,
    model::{pool::Pool, user::User},
    shapes::DeliveryMedium,
    trigger::custom_message::Draft,
};

/// One message by each medium that is desired and for which the user has an address. `name` is
/// what the user is called in it.
///
/// # Errors
/// Those of the trigger that writes messages.
pub(crate) fn of_new_user(
    cx: &Cx,
    pool: &Pool,
    (user, name): (&User, &str),
    password: &str,
    desired: Option<&[DeliveryMedium]>,
) -> Result<Vec<Delivery>, Error> {
    let desired = desired.unwrap_or(&[DeliveryMedium::Sms]);
    let reason = Reason::AdminCreateUser;
    let spoken = language::of_user(cx, pool, user)?;
    [Medium::Email, Medium::Sms]
        .into_iter()
        .filter(|medium| desired.contains(&medium.shown()))
        .filter_map(|medium| Some((medium, user.attribute(medium.attribute())?)))
        .map(|(medium, destination)| {
            let parts = Parts::plain(name, password);
            let words = template::invitation(&spoken, medium, parts);
            let draft = Draft { reason, medium, parts, words };
            Delivery::written(cx, (pool, None), user, draft, destination)
        })
        .collect()
}
