//! What stands on a page of the file? Each begins after the last record of the one before, so that
//! what stands is neither left out nor repeated, whatever is written meanwhile.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use super::{Export, Header, Line, Secrets, UserLine};
use crate::{
    crypto::seal_with,
    cx::Cx,
    error::Error,
    model::{factor::passkey, group::Group, password, pool::Pool, user::User},
    shape::Json,
    store::{Record, Row, keys},
};

/// So many records stand on a page.
const PAGE: usize = 100;

/// Up to where the file was given.
#[derive(Default)]
struct Place {
    groups: u64,
    users: u64,
    /// Of a split pool, the number of the place whose users come next.
    shard: u8,
    /// The key of the last record.
    last: String,
}

/// The lines of some users of a place.
#[derive(Serialize, Deserialize)]
pub(crate) struct Part {
    lines: String,
    users: u64,
    /// The key of the last record, if there may be more.
    last: Option<String>,
}

impl Place {
    fn write(&self) -> String {
        format!("{} {} {} {}", self.groups, self.users, self.shard, self.last)
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, ' ');
        let groups = parts.next()?.parse().ok()?;
        let users = parts.next()?.parse().ok()?;
        let shard = parts.next()?.parse().ok()?;
        Some(Self { groups, users, shard, last: parts.next()?.into() })
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
    let part = match cx.place.numbered(place.shard).filter(|home| *home != cx.place) {
        None => users_here(cx, pool, export, &place.last)?,
        Some(home) => {
            let bug = |_| Error::bug("a part of an export does not parse");
            let export = serde_json::to_value(export).map_err(bug)?;
            let input = serde_json::json!({ "Export": export, "Last": place.last });
            let mut answer = cx.consult(&home, "ExportUsers", &input)?;
            let part = answer.get_mut("Part").map(Json::take).unwrap_or_default();
            serde_json::from_value(part).map_err(bug)?
        }
    };
    lines.push_str(&part.lines);
    place.users += part.users;
    if let Some(last) = part.last {
        place.last = last;
        return Ok(false);
    }
    place.last = keys::user("");
    place.shard += 1;
    Ok(cx.place.numbered(place.shard).is_none())
}

/// The next users who live here.
pub(crate) fn users_here(cx: &Cx, pool: &Pool, export: &Export, last: &str) -> Result<Part, Error> {
    let range = keys::after(&keys::user(""), last);
    let found = cx.scan::<User>(range.start.as_str()..range.end.as_str(), PAGE)?;
    let key = export.open(cx)?;
    let mut part = Part { lines: String::new(), users: 0, last: None };
    for user in &found {
        part.users += 1;
        add(&mut part.lines, &Line::User(Box::new(line(cx, pool, user, &key)?)))?;
    }
    if found.len() == PAGE {
        part.last = found.last().map(|user| user.key().into());
    }
    Ok(part)
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
    let passkeys = passkey::all_of_user(cx, &pool.key_of(&user.username))?;
    let secrets = Secrets {
        password: user.credential.as_ref().map(|c| c.reveal(cx, owner)).transpose()?,
        former_passwords: former.collect::<Result<Vec<_>, _>>()?,
        software_token: user.factors.token.as_ref().map(|t| t.reveal(cx, user)).transpose()?,
        passkeys: passkeys.into_iter().map(Row::into_inner).collect(),
    };
    let plain = serde_json::to_vec(&secrets).map_err(|_| Error::bug("secrets don't serialise"))?;
    let secrets = seal_with(key, user.username.as_bytes(), &plain, &cx.random)?;
    Ok(UserLine { user: User { credential: None, ..user.clone() }, secrets })
}
