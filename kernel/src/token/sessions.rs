//! A user's sessions: listed, revoked, kept within their number.

use alloc::{string::String, vec::Vec};

use crate::{
    cx::Cx,
    error::{Code, Error},
    model::{
        pool::Pool,
        session::{self, Session},
        user::User,
    },
    shapes::{PaginationKey, SessionDescriptionType, SessionId},
    store::{Row, keys, last_of_page, page_token},
};

use super::refresh::Index;

/// AWS's bound of a page.
const PAGE_MAX: usize = 125;
/// So many are looked at by one sign-in. A user who comes with more is brought within the limit by
/// the next ones.
const EVICTED_MAX: usize = 1_000;
/// So many expired ones are swept away at a time: each sign-in and each revocation adds one.
const SWEPT: usize = 4;

/// A user in a pool, whose sessions are looked at.
#[derive(Clone, Copy)]
pub(crate) struct Whose<'a> {
    pub(crate) pool: &'a Pool,
    pub(crate) user: &'a User,
}

impl Whose<'_> {
    fn key(&self) -> String {
        self.pool.key_of(&self.user.username).into_owned()
    }

    /// A page of the sessions that live, the last used first; `current` is the caller's own.
    ///
    /// # Errors
    /// `OperationNotEnabledException` where sessions are not tracked; `InvalidParameterException`
    /// for a token that is none of this list.
    pub(crate) fn list(
        self,
        cx: &Cx,
        token: Option<&str>,
        current: Option<&str>,
    ) -> Result<(Vec<SessionDescriptionType>, Option<PaginationKey>), Error> {
        self.pool.sessions.require_tracking()?;
        let list = keys::user_sessions(&self.key());
        let mut range = keys::standing_sessions(&self.key());
        if let Some(token) = token {
            range.start = keys::after("", &last_of_page(cx, &list, token)?).start;
        }
        let mut page = cx.keys(range.start.as_str()..range.end.as_str(), PAGE_MAX + 1)?;
        let is_last = page.len() <= PAGE_MAX;
        page.truncate(PAGE_MAX);
        let next = page.last().filter(|_| !is_last);
        let next = next.map(|last| page_token(cx, &list, last)).transpose()?;
        let mut sessions = Vec::with_capacity(page.len());
        for (id, session) in self.live(cx, &page)? {
            if cx.has(&keys::client(&session.client_id))? {
                sessions.push(session.described(&id, current));
            }
        }
        sessions.sort_by_key(|session| core::cmp::Reverse(session.last_active_date));
        Ok((sessions, next.map(PaginationKey::from)))
    }

    /// The session of the user that is listed under that id.
    ///
    /// # Errors
    /// `OperationNotEnabledException` where sessions are not tracked; `ResourceNotFoundException`
    /// if no session that lives is called so.
    pub(crate) fn known<'cx>(self, cx: &'cx Cx, shown: &SessionId) -> Result<Live<'cx>, Error> {
        self.pool.sessions.require_tracking()?;
        let found = match session::id_of(shown) {
            Some(id) => cx.get::<Session>(keys::session(&id))?.map(|session| Live { id, session }),
            None => None,
        };
        let key = self.key();
        let is_live = |live: &Live<'_>| {
            let Live { session, .. } = live;
            session.user == key && session.is_live(self.user) && session.expires_ms > cx.now_ms()
        };
        let missing = || Error::saying(Code::ResourceNotFound, "Session not found.");
        found.filter(is_live).ok_or_else(missing)
    }

    /// Makes room for one more session where their number is bounded: the least recently used ones
    /// go.
    pub(super) fn make_room(self, cx: &Cx) -> Result<(), Error> {
        let Some(max) = self.pool.sessions.max() else { return Ok(()) };
        let range = keys::standing_sessions(&self.key());
        let standing = cx.keys(range.start.as_str()..range.end.as_str(), EVICTED_MAX)?;
        if standing.len() < max {
            return Ok(());
        }
        let mut live = self.live(cx, &standing)?;
        live.sort_by_key(|(_, session)| session.used_ms);
        let too_many = (live.len() + 1).saturating_sub(max);
        for (id, session) in live.into_iter().take(too_many) {
            revoke(cx, &id, session)?;
        }
        Ok(())
    }

    /// Lets the refresh tokens die that were given to a device. Access tokens live on until they
    /// expire, so that whoever forgets the own device is not thrown out at once.
    pub(crate) fn stop_refreshing_at(self, cx: &Cx, device: &str) -> Result<(), Error> {
        let range = keys::standing_sessions(&self.key());
        let standing = cx.keys(range.start.as_str()..range.end.as_str(), EVICTED_MAX)?;
        for (_, mut session) in self.live(cx, &standing)? {
            if session.device.as_deref() == Some(device) {
                session.is_device_forgotten = true;
                session.save()?;
            }
        }
        Ok(())
    }

    /// Those of the sessions which these index entries name that are still signed in.
    fn live<'cx>(
        self,
        cx: &'cx Cx,
        index: &[String],
    ) -> Result<Vec<(String, Row<'cx, Session>)>, Error> {
        let mut live = Vec::with_capacity(index.len());
        for id in index.iter().filter_map(|key| key.rsplit('/').next()) {
            let session = cx.get::<Session>(keys::session(id))?;
            let session = session
                .filter(|session| session.is_live(self.user) && session.expires_ms > cx.now_ms());
            live.extend(session.map(|session| (String::from(id), session)));
        }
        Ok(live)
    }
}

/// A session that lives.
pub(crate) struct Live<'cx> {
    pub(crate) id: String,
    pub(crate) session: Row<'cx, Session>,
}

/// Ends a session: its refresh token and the access tokens born from it are dead with the batch.
pub(crate) fn revoke(cx: &Cx, id: &str, mut session: Row<'_, Session>) -> Result<(), Error> {
    if session.revoked_ms.is_some() {
        return Ok(());
    }
    session.revoked_ms = Some(cx.now_ms());
    session.save()?;
    let swept = keys::revoked_sessions(&session.user, cx.now_ms());
    sweep(cx, swept.start.as_str()..swept.end.as_str())?;
    cx.delete(&keys::user_session(&session.user, session.expires_ms, id));
    cx.put(&keys::revoked_session(&session.user, session.expires_ms, id), &Index {})
}

/// Removes a few of a user's sessions that have expired.
pub(super) fn forget_expired(cx: &Cx, user: &str) -> Result<(), Error> {
    let from = keys::standing_sessions(user).start;
    let to = keys::user_session(user, cx.now_ms(), "");
    sweep(cx, from.as_str()..to.as_str())
}

fn sweep(cx: &Cx, expired: core::ops::Range<&str>) -> Result<(), Error> {
    for index in cx.keys(expired, SWEPT)? {
        let id = index.rsplit_once('/').map_or("", |(_, id)| id);
        cx.delete(&keys::session(id));
        cx.delete(&index);
    }
    Ok(())
}
