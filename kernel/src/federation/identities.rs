//! Which identity is somebody for whom these logins vouch? Found, made, linked and merged here and
//! nowhere else, so that a login is always one identity's.

use alloc::{collections::BTreeSet, string::String, vec::Vec};

use super::Login;
use crate::{
    cx::Cx,
    error::{Code, Error},
    model::identity_pool::{
        IdentityPool,
        identity::{DeveloperUser, Identity, Owner, forbidden, logins_do_not_match, no_identity},
    },
    place::Place,
    shapes::IdentityId,
    store::{Row, keys},
};

/// AWS's bound of logins that one identity may have.
const LOGINS_MAX: usize = 20;

/// Makes an identity for which nobody vouches yet.
///
/// # Errors
/// An internal one if this is no place for it.
pub(crate) fn create(cx: &Cx, pool: &IdentityPool) -> Result<Identity, Error> {
    let Place::IdentityPool(key) = cx.place else {
        return Err(Error::bug("an identity is made in its pool"));
    };
    let identity = Identity::new(cx, key.mint_id(&pool.region, &cx.random));
    cx.put(&keys::identity(&identity.id), &identity)?;
    Ok(identity)
}

/// The identity of these logins, made if there is none, with all of them linked to it. Without a
/// login it is a new guest.
///
/// # Errors
/// `NotAuthorizedException` for a guest where guests are not taken, `ResourceConflictException` if
/// logins exclude one another.
pub(crate) fn of_logins(cx: &Cx, pool: &IdentityPool, logins: &[Login]) -> Result<Identity, Error> {
    if logins.is_empty() && !pool.description.allow_unauthenticated_identities {
        return Err(Error::saying(
            Code::NotAuthorized,
            "Unauthenticated access is not supported for this identity pool.",
        ));
    }
    let named = logins.iter().find_map(|login| login.identity.as_deref());
    let mut owners = owners(cx, logins)?;
    let first = match named {
        Some(named) => {
            let identity = read(cx, named)?;
            if identity.is_disabled {
                return Err(forbidden(named));
            }
            identity
        }
        None => match owners.pop_first() {
            Some(id) => read(cx, &id)?,
            None => create(cx, pool)?,
        },
    };
    join(cx, first, owners, logins)
}

/// The identity of that id, which the caller may be: a guest by the id alone, anybody else by one
/// of its logins. Other logins are linked to it; where they are another identity's, the two are
/// merged, and the survivor is given.
///
/// # Errors
/// `NotAuthorizedException` if the caller may not, `ResourceNotFoundException` if there is none,
/// `ResourceConflictException` if logins exclude one another.
pub(crate) fn admitted(
    cx: &Cx,
    pool: &IdentityPool,
    id: &IdentityId,
    logins: &[Login],
) -> Result<Identity, Error> {
    let identity = cx.identity(id)?.into_inner();
    if logins.is_empty() {
        let may_be_guest = identity.is_guest() && !identity.is_disabled;
        return match may_be_guest {
            false => Err(forbidden(&identity.id)),
            true if pool.description.allow_unauthenticated_identities => Ok(identity),
            true => Err(Error::saying(
                Code::NotAuthorized,
                "Unauthenticated access is not supported for this identity pool.",
            )),
        };
    }
    let owners = owners(cx, logins)?;
    let named = logins.iter().find_map(|login| login.identity.as_deref());
    if named.is_some_and(|named| named != identity.id) {
        return Err(logins_do_not_match());
    }
    if identity.is_disabled {
        // Whoever was merged away comes back by a login, and is the survivor.
        let survivor = owners.first().ok_or_else(|| forbidden(&identity.id))?;
        let others = owners.iter().skip(1).cloned().collect();
        return join(cx, read(cx, survivor)?, others, logins);
    }
    let is_own = named.is_some() || owners.contains(&identity.id);
    if !is_own && !identity.is_guest() {
        return Err(logins_do_not_match());
    }
    match (identity.is_guest(), owners.first()) {
        // A guest who turns out to be known already is who that is.
        (true, Some(known)) => {
            let mut others = owners.clone();
            others.remove(known);
            others.insert(identity.id.clone());
            join(cx, read(cx, known)?, others, logins)
        }
        _ => join(cx, identity, owners, logins),
    }
}

/// Links all logins to an identity that the caller has proved to be otherwise, and merges into it
/// those that they were of.
///
/// # Errors
/// `ResourceConflictException` if logins exclude one another.
pub(crate) fn with_logins(
    cx: &Cx,
    identity: Identity,
    logins: &[Login],
) -> Result<Identity, Error> {
    join(cx, identity, owners(cx, logins)?, logins)
}

fn read(cx: &Cx, id: &str) -> Result<Identity, Error> {
    let identity = cx.get::<Identity>(keys::identity(id))?;
    identity.map(Row::into_inner).ok_or_else(|| no_identity(id))
}

/// The identities that these logins are of.
fn owners(cx: &Cx, logins: &[Login]) -> Result<BTreeSet<String>, Error> {
    let mut owners = BTreeSet::new();
    for login in logins.iter().filter(|login| login.identity.is_none()) {
        let owner = cx.get::<Owner>(keys::login(&login.provider, &login.subject))?;
        owners.extend(owner.map(|owner| owner.into_inner().identity));
    }
    Ok(owners)
}

/// Links all logins to an identity and merges into it those that they were of.
fn join(
    cx: &Cx,
    mut identity: Identity,
    mut others: BTreeSet<String>,
    logins: &[Login],
) -> Result<Identity, Error> {
    let before = identity.logins.len();
    let mut is_changed = false;
    others.remove(&identity.id);
    for id in others {
        merge(cx, &mut identity, read(cx, &id)?)?;
        is_changed = true;
    }
    for login in logins.iter().filter(|login| login.identity.is_none()) {
        link(cx, &mut identity, (&login.provider, &login.subject))?;
    }
    if is_changed || identity.logins.len() != before {
        save(cx, &mut identity)?;
    }
    Ok(identity)
}

fn save(cx: &Cx, identity: &mut Identity) -> Result<(), Error> {
    let users = usize::try_from(identity.developer_users).unwrap_or(LOGINS_MAX);
    if identity.logins.len().saturating_add(users) > LOGINS_MAX {
        let message = alloc::format!("An identity has {LOGINS_MAX} logins at most.");
        return Err(Error::saying(Code::ResourceConflict, message));
    }
    identity.modified_ms = cx.now_ms();
    cx.put(&keys::identity(&identity.id), identity)
}

fn link(cx: &Cx, identity: &mut Identity, login: (&str, &str)) -> Result<(), Error> {
    let (provider, subject) = login;
    match identity.logins.get(provider) {
        Some(known) if known == subject => return Ok(()),
        Some(_) => {
            return Err(Error::saying(
                Code::ResourceConflict,
                alloc::format!("The identity is linked to another login of {provider}."),
            ));
        }
        None => {}
    }
    identity.logins.insert(provider.into(), subject.into());
    cx.put(&keys::login(provider, subject), &Owner { identity: identity.id.clone() })
}

/// Gives all that an identity has to another one and disables it.
pub(crate) fn merge(cx: &Cx, into: &mut Identity, mut from: Identity) -> Result<(), Error> {
    let logins = core::mem::take(&mut from.logins);
    for (provider, subject) in &logins {
        link(cx, into, (provider, subject))?;
    }
    for user in developer_users(cx, &from.id)? {
        cx.delete(&keys::developer_user_of(&from.id, &user));
        own_user(cx, &into.id, &user)?;
        into.developer_users += 1;
    }
    from.developer_users = 0;
    from.is_disabled = true;
    save(cx, &mut from)?;
    save(cx, into)
}

/// Takes logins from an identity; without any it can't be used any more.
///
/// # Errors
/// What the store says.
pub(crate) fn unlink(cx: &Cx, mut identity: Identity, providers: &[String]) -> Result<(), Error> {
    for provider in providers {
        if let Some(subject) = identity.logins.remove(provider) {
            cx.delete(&keys::login(provider, &subject));
        }
    }
    identity.is_disabled |= identity.is_guest();
    save(cx, &mut identity)
}

/// Removes an identity and all that is kept of it.
///
/// # Errors
/// What the store says.
pub(crate) fn remove(cx: &Cx, id: &IdentityId) -> Result<(), Error> {
    let Some(identity) = cx.get::<Identity>(keys::identity(crate::shape::Text::as_str(id)))? else {
        return Ok(());
    };
    let identity = identity.delete();
    for (provider, subject) in &identity.logins {
        cx.delete(&keys::login(provider, subject));
    }
    for user in developer_users(cx, &identity.id)? {
        cx.delete(&keys::developer_user(&user));
        cx.delete(&keys::developer_user_of(&identity.id, &user));
    }
    Ok(())
}

/// The users of the developer's own system that are that identity.
pub(crate) fn developer_users(cx: &Cx, identity: &str) -> Result<Vec<String>, Error> {
    let range = keys::under(&keys::developer_users(identity));
    let users = cx.scan::<DeveloperUser>(&range.start..&range.end, LOGINS_MAX)?;
    Ok(users.into_iter().map(|user| user.into_inner().user).collect())
}

/// Whose identity a user of the developer's own system is.
pub(crate) fn owner_of_user(cx: &Cx, user: &str) -> Result<Option<String>, Error> {
    let owner = cx.get::<Owner>(keys::developer_user(user))?;
    Ok(owner.map(|owner| owner.into_inner().identity))
}

fn own_user(cx: &Cx, identity: &str, user: &str) -> Result<(), Error> {
    cx.put(&keys::developer_user(user), &Owner { identity: identity.into() })?;
    let known = DeveloperUser { user: user.into() };
    cx.put(&keys::developer_user_of(identity, user), &known)
}

/// Makes a user of the developer's own system that identity.
///
/// # Errors
/// `ResourceConflictException` if it has too many logins.
pub(crate) fn link_user(cx: &Cx, identity: &mut Identity, user: &str) -> Result<(), Error> {
    own_user(cx, &identity.id, user)?;
    identity.developer_users += 1;
    save(cx, identity)
}

/// Takes a user of the developer's own system from an identity.
///
/// # Errors
/// What the store says.
pub(crate) fn unlink_user(cx: &Cx, identity: &mut Identity, user: &str) -> Result<(), Error> {
    cx.delete(&keys::developer_user(user));
    cx.delete(&keys::developer_user_of(&identity.id, user));
    identity.developer_users = identity.developer_users.saturating_sub(1);
    identity.is_disabled |= identity.is_guest();
    save(cx, identity)
}
