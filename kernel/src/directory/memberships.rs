//! Who is in which group: what a user's record says and what a group lists, written together.
//!
//! Deleting a group removes its list at once and leaves the users alone, of whom there may be
//! millions. What their records still say names the group by its id, which no later group has: it
//! counts for nothing and goes when the user next joins or leaves a group.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use super::merge::{Found, merge, part};
use crate::{
    cx::Cx,
    error::{Code, Error},
    model::{
        group::{Group, GroupCount, Member},
        pool::Pool,
        user::{Membership, User},
    },
    store::{Row, Shared, keys},
};

/// Cognito's own bound.
const GROUPS_PER_USER_MAX: usize = 100;

/// The groups that a user is in, in the order of joining.
pub(crate) fn groups_of<'cx>(cx: &'cx Cx, user: &User) -> Result<Vec<Shared<'cx, Group>>, Error> {
    let mut groups = Vec::with_capacity(user.groups.len());
    for membership in &user.groups {
        let group = cx.shared::<Group>(&keys::group(&membership.group))?;
        groups.extend(group.filter(|group| group.id == membership.id));
    }
    Ok(groups)
}

/// Puts a user into a group; one who is in it stays in it.
///
/// # Errors
/// `InvalidParameterException` if the user is in as many groups as can be.
pub(crate) fn join(
    cx: &Cx,
    pool: &Pool,
    mut user: Row<'_, User>,
    group: &Group,
) -> Result<(), Error> {
    let present = groups_of(cx, &user)?;
    if present.iter().any(|present| present.id == group.id) {
        return Ok(());
    }
    if present.len() >= GROUPS_PER_USER_MAX {
        let message = alloc::format!("A user can be in {GROUPS_PER_USER_MAX} groups at most.");
        return Err(Error::saying(Code::InvalidParameter, message));
    }
    let present = present.iter().map(|present| &**present);
    user.groups = present.chain([group]).map(membership).collect();
    cx.put(&keys::member(&group.id, &pool.key_of(&user.username)), &Member {})?;
    user.save()
}

/// Takes a user out of a group; one who is not in it stays out of it.
pub(crate) fn leave(
    cx: &Cx,
    pool: &Pool,
    mut user: Row<'_, User>,
    group: &Group,
) -> Result<(), Error> {
    if user.groups.iter().all(|membership| membership.id != group.id) {
        return Ok(());
    }
    let present = groups_of(cx, &user)?;
    let present = present.iter().filter(|present| present.id != group.id);
    user.groups = present.map(|present| membership(present)).collect();
    cx.delete(&keys::member(&group.id, &pool.key_of(&user.username)));
    user.save()
}

/// Removes a group and its list of members.
pub(crate) fn disband(cx: &Cx, group: Row<'_, Group>) -> Result<(), Error> {
    let group = group.delete();
    cx.delete_range(keys::under(&keys::members(&group.id)));
    let count = cx.get::<GroupCount>(keys::GROUP_COUNT)?.map(|count| *count).unwrap_or_default();
    cx.put(keys::GROUP_COUNT, &GroupCount { groups: count.groups.saturating_sub(1) })
}

/// At most `limit` members of a group after the key `last`, by username.
pub(crate) fn members(
    cx: &Cx,
    group_id: &str,
    (last, limit): (Option<String>, usize),
) -> Result<Vec<Found>, Error> {
    let here = members_here(cx, group_id, (last.clone(), limit))?;
    if !cx.place.is_split() {
        return Ok(here);
    }
    let input = serde_json::json!({
        "Group": group_id, "Last": last, "Limit": limit.to_string(),
    });
    let others = cx.consult_others("ListMembers", &input)?;
    let others = others.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    Ok(merge(others.into_iter().chain([(here, None)]).collect(), limit).0)
}

/// The same of the users who live here.
pub(crate) fn members_here(
    cx: &Cx,
    group_id: &str,
    (last, limit): (Option<String>, usize),
) -> Result<Vec<Found>, Error> {
    let prefix = keys::members(group_id);
    let range = match &last {
        None => keys::under(&prefix),
        Some(last) => keys::after(&prefix, last),
    };
    let members = cx.keys(range.start.as_str()..range.end.as_str(), limit)?;
    let mut found = Vec::with_capacity(members.len());
    for key in members {
        let user = key.strip_prefix(&prefix).unwrap_or_default();
        if let Some(user) = cx.get::<User>(keys::user(user))? {
            found.push(Found { key, user: user.into_inner() });
        }
    }
    Ok(found)
}

fn membership(group: &Group) -> Membership {
    Membership { group: group.name.clone(), id: group.id.clone() }
}
