//! What stands on a page of the file? Each begins after the last record of the one before, so that
//! what stands is neither left out nor repeated, whatever is written meanwhile.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{Export, Header, Line, Secrets, UserLine};
use crate::{
    crypto::seal_with,
    cx::Cx,
    error::Error,
    model::{group::Group, password, pool::Pool, user::User},
    store::{Record, keys},
};

/// So many records stand on a page.
const PAGE: usize = 100;

/// Up to where the file was given.
#[derive(Default)]
struct Place {
    groups: u64,
    users: u64,
    /// The key of the last record.
    last: String,
}

impl Place {
    fn write(&self) -> String {
        format!("{} {} {}", self.groups, self.users, self.last)
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ' ');
        let groups = parts.next()?.parse().ok()?;
        let users = parts.next()?.parse().ok()?;
        Some(Self { groups, users, last: parts.next()?.into() })
    }
}

/// A page of the file, and where the next one begins; `after` is what the page before gave.
pub(crate) fn page(
    cx: &Cx,
    pool: &Pool,
    export: &Export,
    after: Option<&str>,
) -> Result<(String, Option<String>), Error> {
    let mut lines = String::new();
    let mut place = match after {
        Some(after) => Place::read(after).ok_or_else(|| Error::bug("a page begins nowhere"))?,
        None => {
            let header = Header {
                record: User::VERSION,
                pool_id: pool.id.clone(),
                at_ms: cx.now_ms(),
                encapsulated: export.encapsulated.clone(),
            };
            add(&mut lines, &Line::Header(header))?;
            Place { last: keys::GROUPS.to_string(), ..Place::default() }
        }
    };
    let is_end = match place.last.starts_with(keys::GROUPS) {
        true => groups(cx, &mut lines, &mut place).map(|()| false)?,
        false => users(cx, pool, export, (&mut lines, &mut place))?,
    };
    if !is_end {
        return Ok((lines, Some(place.write())));
    }
    add(&mut lines, &Line::End { groups: place.groups, users: place.users })?;
    Ok((lines, None))
}

fn groups(cx: &Cx, lines: &mut String, place: &mut Place) -> Result<(), Error> {
    let range = keys::after(keys::GROUPS, &place.last);
    let found = cx.scan::<Group>(range.start.as_str()..range.end.as_str(), PAGE)?;
    for group in &found {
        place.groups += 1;
        place.last = group.key().into();
        add(lines, &Line::Group(Group::clone(group)))?;
    }
    if found.len() < PAGE {
        place.last = keys::user("");
    }
    Ok(())
}

/// Says whether these were the last ones.
fn users(
    cx: &Cx,
    pool: &Pool,
    export: &Export,
    (lines, place): (&mut String, &mut Place),
) -> Result<bool, Error> {
    let range = keys::after(&keys::user(""), &place.last);
    let found = cx.scan::<User>(range.start.as_str()..range.end.as_str(), PAGE)?;
    let key = export.open(cx)?;
    for user in &found {
        place.users += 1;
        place.last = user.key().into();
        add(lines, &Line::User(line(cx, pool, user, &key)?))?;
    }
    Ok(found.len() < PAGE)
}

fn add(lines: &mut String, line: &Line) -> Result<(), Error> {
    let line = serde_json::to_string(line).map_err(|_| Error::bug("a line does not serialise"))?;
    lines.push_str(&line);
    lines.push('\n');
    Ok(())
}

fn line(cx: &Cx, pool: &Pool, user: &User, key: &[u8; 32]) -> Result<UserLine, Error> {
    let owner = pool.owner(user);
    let former = password::former(cx, pool, user)?;
    let former = former.iter().map(|credential| credential.reveal(cx, owner));
    let secrets = Secrets {
        password: user.credential.as_ref().map(|c| c.reveal(cx, owner)).transpose()?,
        former_passwords: former.collect::<Result<Vec<_>, _>>()?,
    };
    let plain = serde_json::to_vec(&secrets).map_err(|_| Error::bug("secrets don't serialise"))?;
    let secrets = seal_with(key, user.username.as_bytes(), &plain, &cx.random)?;
    Ok(UserLine { user: User { credential: None, ..user.clone() }, secrets })
}
