//! Who wants to sign in: a user, or a name that stands for none and is not told so.

use alloc::{
    boxed::Box,
    string::{String, ToString},
};

use super::{Door, challenge_session::Whom};
use crate::{
    cx::Cx,
    directory,
    error::{Code, Error},
    model::{
        credential::{self, Credential, Owner},
        subject::Subject,
        user::User,
    },
    srp::{Salt, Verifier},
    store::Row,
    trigger::{Occasion, pre_authentication},
};

/// Who wants to sign in.
pub(super) enum Candidate<'cx> {
    /// Nobody; the client hides that, so that the same work is done for the name.
    Nobody(String),
    User(Box<Row<'cx, User>>),
}

/// The user whom a name stands for; where users are hidden, as much is looked up for every name.
pub(super) fn named<'cx>(
    cx: &'cx Cx,
    door: &Door<'_>,
    name: &str,
) -> Result<Option<Row<'cx, User>>, Error> {
    match door.client.hides_users() {
        true => directory::find_as_long(cx, door.pool, name),
        false => directory::find(cx, door.pool, name),
    }
}

impl<'cx> Candidate<'cx> {
    /// Looks the name up.
    ///
    /// # Errors
    /// `UserNotFoundException` if there is nobody and the client does not hide it.
    pub(super) fn find(cx: &'cx Cx, door: &Door<'_>, name: &str) -> Result<Self, Error> {
        match named(cx, door, name)? {
            Some(user) => Ok(Self::User(Box::new(user))),
            None if door.client.hides_users() => Ok(Self::Nobody(door.pool.fold(name).to_string())),
            None => Err(Code::UserNotFound.into()),
        }
    }

    /// Looks up who begins to sign in; the trigger may refuse them.
    ///
    /// # Errors
    /// Those of [`Candidate::find`], and of the trigger.
    pub(super) fn arrives(cx: &'cx Cx, door: &Door<'_>, name: &str) -> Result<Self, Error> {
        let candidate = Self::find(cx, door, name)?;
        let username = match &candidate {
            Self::Nobody(name) => name.as_str(),
            Self::User(user) => user.username.as_str(),
        };
        let occasion = Occasion { pool: door.pool, client: Some(door.client), username };
        pre_authentication::ask(cx, &occasion, candidate.user().map(|user| &**user))?;
        Ok(candidate)
    }

    /// The key under which failures are counted.
    pub(super) fn key(&self, door: &Door<'_>) -> String {
        match self {
            Self::Nobody(name) => name.clone(),
            Self::User(user) => door.pool.key_of(&user.username).to_string(),
        }
    }

    /// Of whom failures are counted; `key` is [`Self::key`].
    pub(super) fn subject<'k>(&self, key: &'k str) -> Subject<'k> {
        match self {
            Self::Nobody(_) => Subject::Nobody(key),
            Self::User(_) => Subject::User(key),
        }
    }

    pub(super) fn user(&self) -> Option<&Row<'cx, User>> {
        match self {
            Self::Nobody(_) => None,
            Self::User(user) => Some(user),
        }
    }

    /// For whom a session is.
    pub(super) fn whom(&self) -> Whom<'_> {
        match self {
            Self::Nobody(name) => Whom::Nobody(name),
            Self::User(user) => Whom::User(user),
        }
    }

    /// The name by which further answers come: a username, or what would be one.
    pub(super) fn shown(&self, cx: &Cx, door: &Door<'_>) -> Result<String, Error> {
        match self {
            Self::User(user) => {
                if door.client.hides_users() {
                    credential::simulated(cx, &user.username)?;
                }
                Ok(user.username.clone())
            }
            Self::Nobody(_) => self.secrets(cx, door).map(|(_, _, shown)| shown),
        }
    }

    /// Salt and verifier, and the name that SRP mixes in; simulated ones where there are none.
    pub(super) fn secrets(
        &self,
        cx: &Cx,
        door: &Door<'_>,
    ) -> Result<(Salt, Verifier, String), Error> {
        if let Some(user) = self.user()
            && let Some(credential) = &user.credential
        {
            let (salt, verifier) = credential.open(cx, door.pool.owner(user))?;
            return Ok((salt, verifier, user.username.clone()));
        }
        let name = self.key(door);
        let (salt, verifier, id) = credential::simulated(cx, &name)?;
        let shown = match self {
            Self::User(user) => user.username.clone(),
            // Where names are looked up by alias, the name of a known user would be another one.
            Self::Nobody(_) if door.pool.has_username_attributes() => id,
            Self::Nobody(name) => name.clone(),
        };
        Ok((salt, verifier, shown))
    }

    /// Whether that is the password; the same work is done when there is nobody.
    pub(super) fn knows(&self, cx: &Cx, door: &Door<'_>, password: &str) -> Result<bool, Error> {
        let in_vain = match door.client.hides_users() {
            true => credential::cost_for_nobody(cx, &self.key(door))?,
            false => None,
        };
        if let Some(user) = self.user()
            && let Some(credential) = &user.credential
        {
            return credential.is(cx, door.pool.owner(user), password);
        }
        if let Some(cost) = in_vain {
            cost.work(password);
            return Ok(false);
        }
        let (salt, verifier, username) = self.secrets(cx, door)?;
        let owner = Owner { pool_id: &door.pool.id, username: &username };
        cx.srp().matches(owner.identity(), password, &salt, &verifier);
        Ok(false)
    }

    /// Makes a password that came from elsewhere anew for this pool, once it was proved.
    pub(super) fn adopt(self, cx: &Cx, door: &Door<'_>, password: &str) -> Result<(), Error> {
        let Self::User(mut user) = self else { return Ok(()) };
        let Some(credential) = user.credential.as_ref().filter(|c| c.is_from_elsewhere()) else {
            return Ok(());
        };
        let expires_ms = credential.expires_ms;
        let before = User::clone(&user);
        let own = Credential::new(cx, door.pool.owner(&before), password, expires_ms)?;
        user.credential = Some(own);
        directory::save(cx, door.pool, &before, &mut user)
    }
}
