//! Users from another pool's file: how are they opened, and what becomes of them here?

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};

use serde::{Deserialize, Serialize, de::IgnoredAny};

use super::{INFO, Line, Secrets, UserLine, file_key, key_of};
use crate::{
    crypto::{Purpose, Sealed, hex, hpke, open_with},
    cx::Cx,
    directory,
    error::{Code, Error},
    model::{
        credential::Clear,
        group::{Group, GroupCount},
        import::{ImportJob, lines::Outline, log::Outcome},
        password,
        pool::Pool,
        user::User,
    },
    shape::{Json, Wire, check},
    shapes::{AttributeValue, Username},
    store::{Record, keys},
};

/// What an import of such a file knows beside its job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Restore {
    /// The private key for which the file was made.
    private: Sealed,
    opened: Option<Opened>,
    /// Whether the file's last line was seen.
    pub(crate) has_ended: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Opened {
    key: Sealed,
    pool_name: String,
}

impl Restore {
    /// For the holder of that private key.
    pub(crate) fn new(cx: &Cx, job: &str, private: &[u8; 32]) -> Result<Self, Error> {
        let private = cx.vault()?.seal(Purpose::FileKey, job, private, &cx.random)?;
        Ok(Self { private, opened: None, has_ended: false })
    }

    /// Reads the first line; gives nothing if it is none or for another key.
    fn begin(&mut self, cx: &Cx, job: &str, line: &str) -> Result<Option<()>, Error> {
        let Ok(Line::Header(header)) = serde_json::from_str(line) else { return Ok(None) };
        let Some(encapsulated) = key_of(&header.encapsulated) else { return Ok(None) };
        let private = file_key(cx, job, &self.private)?;
        let Some(key) = hpke::receive(&private, &encapsulated, INFO)? else { return Ok(None) };
        if header.record != User::VERSION {
            return Ok(None);
        }
        let key = cx.vault()?.seal(Purpose::FileKey, job, &key, &cx.random)?;
        let pool_name = header.pool_id.rsplit_once('_').map_or("", |(_, name)| name).to_string();
        self.opened = Some(Opened { key, pool_name });
        Ok(Some(()))
    }
}

impl ImportJob {
    /// Takes the first line of another pool's file; says whether it is one.
    pub(crate) fn begin_restore(&mut self, cx: &Cx, line: &str) -> Result<bool, Error> {
        match &mut self.restore {
            Some(restore) => Ok(restore.begin(cx, &self.id, line)?.is_some()),
            None => Ok(false),
        }
    }
}

/// What a line holds; nothing, if it is none of such a file.
pub(crate) fn outline(line: &str) -> Outline {
    #[derive(Deserialize)]
    struct Held {
        group: Option<IgnoredAny>,
        user: Option<Named>,
    }
    #[derive(Deserialize)]
    struct Named {
        username: String,
        sub: String,
        attributes: BTreeMap<String, String>,
    }
    let Ok(held) = serde_json::from_str::<Held>(line) else { return Outline::default() };
    let mut outline = Outline { is_group: held.group.is_some(), ..Outline::default() };
    if let Some(user) = held.user {
        let values = ["email", "phone_number", "preferred_username"]
            .iter()
            .filter_map(|name| user.attributes.get(*name));
        let names = [&user.username, &user.sub].into_iter().chain(values);
        outline.names = names.map(|name| name.to_lowercase()).collect();
        outline.username = Some(user.username);
    }
    outline
}

/// Takes one line after the first. Some hold no user.
///
/// # Errors
/// What is wrong with the line, as `InvalidParameterException`; `UsernameExistsException` if the
/// user is there already.
pub(crate) fn take(
    cx: &Cx,
    pool: &Pool,
    (job, restore): (&str, &mut Restore),
    line: &str,
) -> Result<Option<Outcome>, Error> {
    match serde_json::from_str(line) {
        Ok(Line::Group(group)) => take_group(cx, group).map(|()| None),
        Ok(Line::User(line)) => {
            take_user(cx, pool, (job, restore), *line).map(|()| Some(Outcome::Succeeded))
        }
        Ok(Line::End { .. }) => {
            restore.has_ended = true;
            Ok(None)
        }
        Ok(Line::Header(_)) | Err(_) => Err(fault("The line is none of a file of users.")),
    }
}

/// A group of a name that is there already stays as it is.
fn take_group(cx: &Cx, group: Group) -> Result<(), Error> {
    let key = keys::group(&group.name);
    if cx.has(&key)? {
        return Ok(());
    }
    let count = cx.get::<GroupCount>(keys::GROUP_COUNT)?.map_or(0, |count| count.groups);
    // Another pool's ids are none of ours.
    cx.put(&key, &Group { id: hex(&cx.random.bytes::<12>()), ..group })?;
    cx.put(keys::GROUP_COUNT, &GroupCount { groups: count.saturating_add(1) })
}

fn take_user(
    cx: &Cx,
    pool: &Pool,
    (job, restore): (&str, &Restore),
    UserLine { mut user, secrets }: UserLine,
) -> Result<(), Error> {
    let opened = restore.opened.as_ref().ok_or_else(|| Error::bug("a file has no key"))?;
    conforming(pool, &user)?;
    let key = file_key(cx, job, &opened.key)?;
    let secrets: Secrets = open_with(&key, user.username.as_bytes(), &secrets)
        .and_then(|plain| serde_json::from_slice(&plain).ok())
        .ok_or_else(|| fault("The secrets of the user do not open."))?;
    if directory::is_taken(cx, pool, &user.sub)? {
        return Err(Code::UsernameExists.into());
    }
    let owner = pool.owner(&user);
    let here = |clear: Clear| clear.here(cx, owner, &opened.pool_name);
    let credential = secrets.password.map(here).transpose()?;
    let former = secrets.former_passwords.into_iter().map(here).collect::<Result<Vec<_>, _>>()?;
    let groups = core::mem::take(&mut user.groups);
    user.credential = credential;
    user.factors.pending = None;
    user.factors.token = match (user.factors.token.take(), secrets.software_token) {
        (Some(token), Some(secret)) => token.here(cx, &user, &secret)?,
        _ => None,
    };
    user.factors.passkeys.recount(secrets.passkeys.iter());
    directory::insert(cx, pool, &user)?;
    for passkey in &secrets.passkeys {
        cx.put(&keys::passkey(&pool.key_of(&user.username), &passkey.id), passkey)?;
    }
    password::set_former(cx, pool, &user, former)?;
    for membership in groups {
        let group = cx.shared::<Group>(&keys::group(&membership.group))?;
        let row = cx.get::<User>(keys::user(&pool.key_of(&user.username)))?;
        if let (Some(group), Some(row)) = (group, row) {
            directory::join(cx, pool, row, &group)?;
        }
    }
    Ok(())
}

/// Checks that the pool could have made such a user.
fn conforming(pool: &Pool, user: &User) -> Result<(), Error> {
    let fits = |shape, value: &str| check(shape, &Json::from(value)).is_ok();
    if !fits(Username::SHAPE, &user.username) || uuid::Uuid::try_parse(&user.sub).is_err() {
        return Err(fault("The name of the user is invalid."));
    }
    if pool.has_username_attributes() && !pool.has_mixed_names() && user.username != user.sub {
        return Err(fault("The user has a name, and users of this pool have none."));
    }
    for (name, value) in &user.attributes {
        if pool.schema(name).is_none() {
            return Err(Error::saying(
                Code::InvalidParameter,
                alloc::format!("{name}: Attribute does not exist in the schema."),
            ));
        }
        if !fits(AttributeValue::SHAPE, value) {
            return Err(fault("The value of an attribute is too long."));
        }
    }
    Ok(())
}

fn fault(message: &'static str) -> Error {
    Error::saying(Code::InvalidParameter, message)
}
