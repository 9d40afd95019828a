//! How does a code that was sent confirm a new user?

use alloc::string::String;

use crate::{
    cx::Cx,
    directory,
    error::{Code, Error},
    model::{
        client::Client,
        code::{self, CodePurpose},
        pool::Pool,
        subject::Subject,
        user::{User, UserStatus},
    },
};

/// What somebody brings to be confirmed.
pub(crate) struct Given<'a> {
    pub(crate) name: &'a str,
    pub(crate) code: &'a str,
}

/// The user, confirmed, and the attribute that this has proved. With `is_forced`, an alias that is
/// another's becomes this user's.
///
/// # Errors
/// Those of codes; `UserNotFoundException` or what stands for it, `NotAuthorizedException` of users
/// who are disabled or need no confirmation, `AliasExistsException`.
pub(crate) fn confirm(
    cx: &Cx,
    (pool, client): (&Pool, &Client),
    given: &Given<'_>,
    is_forced: bool,
) -> Result<(User, String), Error> {
    let Some(mut user) = directory::find(cx, pool, given.name)? else {
        return Err(match client.hides_users() {
            true => code::refuse(cx, &pool.fold(given.name), CodePurpose::SignUp, given.code),
            false => Error::saying(Code::UserNotFound, "Username/client id combination not found."),
        });
    };
    if !user.is_enabled {
        return Err(Error::saying(Code::NotAuthorized, "User is disabled."));
    }
    user.confirmable()?;
    let key = pool.key_of(&user.username).into_owned();
    let sent = code::redeem(cx, Subject::User(&key), CodePurpose::SignUp, given.code)?;
    let (attribute, value) = (sent.attribute, sent.destination.as_str());
    if user.attribute(&attribute) != Some(value) {
        // It was sent to an address that is not the user's any more.
        return Err(Code::ExpiredCode.into());
    }

    let before = User::clone(&user);
    user.status = UserStatus::Confirmed;
    user.verify(&attribute, true);
    if is_forced {
        let holder = directory::owner_of(cx, pool, &attribute, value)?;
        if holder.is_some_and(|holder| holder != key) {
            directory::release(cx, pool, &attribute, value)?;
        }
    }
    directory::save(cx, pool, &before, &mut user)?;
    Ok((user.into_inner(), attribute))
}
