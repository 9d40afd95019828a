//! Other names for the users of a pool: aliases are claimed user by user, and those of the other
//! settings swept away, some users in a step.

use alloc::{string::String, vec::Vec};

use super::{
    aliases::{Alias, Named, left, settled},
    users::{is_name, let_go, walk},
};
use crate::{
    cx::Cx,
    error::Error,
    model::{
        pool::{
            Pool,
            names::{Collision, NamesChange},
        },
        user::User,
    },
    store::{Row, keys},
};

/// So many users are looked at in one step: few enough that those who call meanwhile hardly notice.
const STEP: usize = 250;
/// So many collisions are told.
const COLLISIONS_MAX: usize = 100;

/// Does one step of a change of names. The pool is changed, and not yet written.
pub(crate) fn rename(cx: &Cx, pool: &mut Pool, change: &mut NamesChange) -> Result<(), Error> {
    let users = walk(cx, change.last.as_deref(), STEP)?;
    let is_last = users.len() < STEP;
    let claimed = pool.claimed();
    for user in &users {
        let key = user.key().strip_prefix(keys::user("").as_str()).unwrap_or_default();
        match &claimed {
            Some(claimed) => {
                change.examined += 1;
                let present = settled(pool, user);
                for named in settled(claimed, user).difference(&present) {
                    claim(cx, (key, user), named, &mut change.collisions)?;
                }
            }
            None => {
                for (attribute, value) in left(pool, user) {
                    let_go(cx, pool, key, (attribute, &value))?;
                }
            }
        }
    }
    change.last = users.last().map(|user| String::from(user.key()));
    if is_last {
        change.last = None;
        match claimed {
            Some(_) => pool.turn_names(change.collisions.is_empty()),
            None => {
                pool.end_names();
                change.is_over = true;
            }
        }
    }
    Ok(())
}

/// Takes an alias for a user, or takes note of who else has it.
fn claim(
    cx: &Cx,
    (key, user): (&str, &User),
    (attribute, value): &Named,
    collisions: &mut Vec<Collision>,
) -> Result<(), Error> {
    let alias = keys::alias(attribute, value);
    let holder = cx.get::<Alias>(alias.as_str())?.map(|alias| alias.into_inner().user);
    let other = match holder.filter(|holder| holder != key) {
        None if is_name(cx, key, (attribute, value))? => Some(value.clone()),
        other => other,
    };
    let Some(other) = other else {
        return cx.put(&alias, &Alias { user: key.into(), nonce: 0 });
    };
    if collisions.len() < COLLISIONS_MAX {
        let other = cx.get::<User>(keys::user(&other))?.map(Row::into_inner);
        let other = other.map_or_else(String::new, |other| other.username);
        collisions.push(Collision {
            attribute: (*attribute).into(),
            value: value.clone(),
            usernames: [other, user.username.clone()],
        });
    }
    Ok(())
}
