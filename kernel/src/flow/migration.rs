//! A user of an older directory becomes one of this pool.

use alloc::string::ToString;

use super::{Door, lockout};
use crate::{
    cx::Cx,
    directory,
    error::{Code, Error},
    model::{
        attribute::{self, Writer},
        client::Client,
        credential::Credential,
        pool::Pool,
        subject::Subject,
        user::{User, UserStatus, VERIFIABLE},
        username,
    },
    trigger::{
        Occasion,
        user_migration::{self, Migrant, Wants},
    },
};

/// Makes the user who wants to sign in by that name and password, if nobody goes by the name and
/// the trigger knows them. What the trigger confirms keeps its password.
///
/// # Errors
/// Those of the trigger; `PasswordResetRequiredException` where the user stands and is to choose
/// another password.
pub(super) fn sign_in(cx: &Cx, door: &Door<'_>, name: &str, password: &str) -> Result<(), Error> {
    let by = (door.pool, door.client);
    let Some(user) = made(cx, by, name, Wants::SignIn(password))? else { return Ok(()) };
    if user.status == UserStatus::ResetRequired {
        cx.commit()?;
        return Err(Code::PasswordResetRequired.into());
    }
    Ok(())
}

/// The same for a user who wants to choose another password.
///
/// # Errors
/// Those of the trigger.
pub(crate) fn forgot_password(cx: &Cx, by: (&Pool, &Client), name: &str) -> Result<(), Error> {
    made(cx, by, name, Wants::ForgotPassword).map(drop)
}

fn made(
    cx: &Cx,
    (pool, client): (&Pool, &Client),
    name: &str,
    wants: Wants<'_>,
) -> Result<Option<User>, Error> {
    if !user_migration::is_set(pool) || directory::find(cx, pool, name)?.is_some() {
        return Ok(None);
    }
    let occasion = Occasion { pool, client: Some(client), username: name };
    let Some(migrant) = ask(cx, &occasion, wants)? else { return Ok(None) };
    let takes_aliases = migrant.takes_aliases;
    let mut user = user(cx, pool, name, migrant).map_err(user_migration::unfit)?;
    match wants {
        Wants::SignIn(password) if user.status == UserStatus::Confirmed => {
            let credential = Credential::new(cx, pool.owner(&user), password, None)?;
            user.credential = Some(credential);
        }
        Wants::ForgotPassword | Wants::SignIn(_) => user.status = UserStatus::ResetRequired,
    }
    for attribute in VERIFIABLE.into_iter().filter(|name| takes_aliases && user.is_verified(name)) {
        if let Some(value) = user.attribute(attribute) {
            directory::release(cx, pool, attribute, value)?;
        }
    }
    directory::insert(cx, pool, &user).map_err(user_migration::unfit)?;
    Ok(Some(user))
}

/// Asks the trigger. Whoever guesses passwords of its directory is slowed as if it were this one.
fn ask(cx: &Cx, occasion: &Occasion<'_>, wants: Wants<'_>) -> Result<Option<Migrant>, Error> {
    let Wants::SignIn(_) = wants else { return user_migration::ask(cx, occasion, wants) };
    let key = occasion.pool.fold(occasion.username);
    let subject = Subject::Nobody(&key);
    lockout::refuse_locked(cx, subject)?;
    let asked = user_migration::ask(cx, occasion, wants);
    if asked.as_ref().is_err_and(|error| error.code == Code::UserLambdaValidation) {
        lockout::count_failure(cx, subject)?;
    }
    asked
}

fn user(cx: &Cx, pool: &Pool, given: &str, migrant: Migrant) -> Result<User, Error> {
    let sub = cx.uuid_here();
    let name = username::of_new_user(pool, given, &sub)?;
    let lent = name.attribute.map(|attribute| (attribute, given));
    let writer = Writer::Administrator;
    let attributes = attribute::of_new_user(pool, writer, migrant.attributes, lent)?;
    let mut user = User::new(name.username, sub.to_string(), migrant.status, cx.now_ms());
    user.attributes = attributes;
    Ok(user)
}
