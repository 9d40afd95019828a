//! How does a user whom an administrator made learn of the temporary password?

use alloc::vec::Vec;

use super::{Delivery, Medium, Reason, template};
use crate::{
    model::{pool::Pool, user::User},
    shapes::DeliveryMedium,
};

/// One message by each medium that is desired and for which the user has an address. `name` is
/// what the user is called in it.
pub(crate) fn of_new_user(
    pool: &Pool,
    (user, name): (&User, &str),
    password: &str,
    desired: Option<&[DeliveryMedium]>,
) -> Vec<Delivery> {
    let desired = desired.unwrap_or(&[DeliveryMedium::Sms]);
    [Medium::Email, Medium::Sms]
        .into_iter()
        .filter(|medium| desired.contains(&medium.shown()))
        .filter_map(|medium| {
            let destination = user.attribute(medium.attribute())?;
            let words = template::invitation(pool, medium, name, password);
            Some(Delivery {
                medium,
                destination: destination.into(),
                subject: words.subject,
                body: words.body,
                code: password.into(),
                reason: Reason::AdminCreateUser,
                user_pool_id: pool.id.clone(),
                client_id: None,
                username: user.username.clone(),
            })
        })
        .collect()
}
