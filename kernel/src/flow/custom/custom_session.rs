//! What a custom sign-in carries from one round to the next.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use base64::{Engine, prelude::BASE64_URL_SAFE};
use serde::{Deserialize, Serialize};

use super::super::{Door, candidate::Candidate, challenge_session::foreign};
use crate::{
    crypto::Purpose,
    cx::Cx,
    directory,
    error::{Code, Error},
    shape::{Json, Map},
    store::{Record, keys},
    trigger::define_auth_challenge::Round,
};

/// What a session of a custom sign-in says.
#[derive(Serialize, Deserialize)]
pub(super) struct CustomSession {
    /// The form of this structure.
    form: u8,
    challenge: String,
    client_id: String,
    username: String,
    /// A user made later under the same name is another one; nobody has none.
    sub: String,
    expires_ms: u64,
    /// What is remembered of it once it is used.
    nonce: String,
    pub(super) rounds: Vec<Round>,
    /// What the open challenge was made with.
    pub(super) private: Map<String, Json>,
    /// What later rounds are told of it.
    pub(super) metadata: Option<String>,
}

const FORM: u8 = 1;
const BOUND_TO: &str = "custom challenge";
/// AWS's own bound.
const CHARS_MAX: usize = 4096;

/// A session was used; its key says all.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Spent {}

impl Record for Spent {}

impl CustomSession {
    /// A session in which somebody is to answer that challenge.
    pub(super) fn new(
        cx: &Cx,
        door: &Door<'_>,
        candidate: &Candidate<'_>,
        challenge: &str,
    ) -> Self {
        let (username, sub) = match candidate {
            Candidate::Nobody(name) => (name.as_str(), ""),
            Candidate::User(user) => (user.username.as_str(), user.sub.as_str()),
        };
        Self {
            form: FORM,
            challenge: challenge.into(),
            client_id: door.client.id.clone(),
            username: username.into(),
            sub: sub.into(),
            expires_ms: cx.now_ms() + 1000 * door.client.challenge_s(),
            nonce: crate::crypto::hex(&cx.random.bytes::<12>()),
            rounds: Vec::new(),
            private: Map::new(),
            metadata: None,
        }
    }

    /// What the caller carries.
    ///
    /// # Errors
    /// `InvalidLambdaResponseException` if the functions keep more than a session can hold.
    pub(super) fn seal(&self, cx: &Cx, door: &Door<'_>) -> Result<String, Error> {
        let bug = |_| Error::bug("a session does not serialise");
        let plain = serde_json::to_vec(self).map_err(bug)?;
        let key = door.pool.id.rsplit_once('_').map_or("", |(_, key)| key);
        loop {
            let sealed = cx.vault()?.seal_bytes(Purpose::Session, BOUND_TO, &plain, &cx.random)?;
            let sealed = format!("{key}.{}", BASE64_URL_SAFE.encode(sealed));
            if sealed.len() > CHARS_MAX {
                let message = "The challenge parameters and metadata are too long for a session.";
                return Err(Error::saying(Code::InvalidLambdaResponse, message));
            }
            if cx.is_here(&sealed) {
                return Ok(sealed);
            }
        }
    }

    /// Opens a session; nothing comes of what is none of a custom sign-in.
    ///
    /// # Errors
    /// `NotAuthorizedException`, with Cognito's words for used and expired ones.
    pub(super) fn open(cx: &Cx, given: &str) -> Result<Option<Self>, Error> {
        let refused = |why: &'static str| Err(Error::saying(Code::NotAuthorized, why));
        let sealed = given.split_once('.').map_or("", |(_, sealed)| sealed);
        let Ok(sealed) = BASE64_URL_SAFE.decode(sealed) else { return Ok(None) };
        let opened = cx.vault()?.open_bytes(Purpose::Session, BOUND_TO, &sealed);
        let read = |plain: Vec<u8>| serde_json::from_slice::<Self>(&plain).ok();
        let Some(session) = opened.and_then(read).filter(|session| session.form == FORM) else {
            return Ok(None);
        };
        if session.expires_ms <= cx.now_ms() {
            return refused("Invalid session for the user, session is expired.");
        }
        if cx.has(&keys::spent(session.expires_ms, &session.nonce))? {
            return refused("Invalid session for the user, session can only be used once.");
        }
        Ok(Some(session))
    }

    /// Who answers.
    ///
    /// # Errors
    /// `NotAuthorizedException` if the session is of another client, user or challenge.
    pub(super) fn candidate<'cx>(
        &self,
        cx: &'cx Cx,
        door: &Door<'_>,
        (challenge, name): (&str, &str),
    ) -> Result<Candidate<'cx>, Error> {
        if self.challenge != challenge || self.client_id != door.client.id {
            return Err(foreign());
        }
        let named = directory::find(cx, door.pool, name)?;
        if self.sub.is_empty() {
            let is_same = named.is_none() && door.pool.fold(name) == self.username;
            let nobody = Candidate::Nobody(self.username.to_string());
            return is_same.then_some(nobody).ok_or_else(foreign);
        }
        let named = named.filter(|named| named.sub == self.sub).ok_or_else(foreign)?;
        Ok(Candidate::User(Box::new(named)))
    }

    /// Uses it up, and forgets some that have expired since they were.
    pub(super) fn spend(&self, cx: &Cx) -> Result<(), Error> {
        let (from, to) = (keys::spent(0, ""), keys::spent(cx.now_ms(), ""));
        for expired in cx.keys(from.as_str()..to.as_str(), 4)? {
            cx.delete(&expired);
        }
        cx.put(&keys::spent(self.expires_ms, &self.nonce), &Spent {})
    }
}
