//! What a custom sign-in carries from one round to the next.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};

use base64::{Engine, prelude::BASE64_URL_SAFE};
use serde::{Deserialize, Serialize};

use super::super::{
    Door,
    candidate::{Candidate, named},
    challenge_session::{self, Whom, foreign},
    passed::Passed,
};
use crate::{
    crypto::Purpose,
    cx::Cx,
    error::{Code, Error},
    shape::{Choice, Json, Map},
    shapes::ChallengeName,
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
    pub(super) passed: Passed,
    /// What the open challenge was made with.
    pub(super) private: Map<String, Json>,
    /// What later rounds are told of it.
    pub(super) metadata: Option<String>,
}

const FORM: u8 = 2;
const BOUND_TO: &str = "custom challenge";
/// AWS's own bound.
const CHARS_MAX: usize = 4096;

/// What is said where functions keep more than a session can hold.
pub(super) fn too_long() -> Error {
    let message = "The challenge parameters and metadata are too long for a session.";
    Error::saying(Code::InvalidLambdaResponse, message)
}

impl CustomSession {
    /// A session in which somebody is to answer that challenge.
    pub(super) fn new(
        cx: &Cx,
        door: &Door<'_>,
        (whom, challenge): (Whom<'_>, ChallengeName),
    ) -> Self {
        let (username, sub) = whom.names();
        Self {
            form: FORM,
            challenge: challenge.wire().into(),
            client_id: door.client.id.clone(),
            username: username.into(),
            sub: sub.into(),
            expires_ms: cx.now_ms() + 1000 * door.client.challenge_s(),
            nonce: challenge_session::nonce(cx),
            rounds: Vec::new(),
            passed: Passed::default(),
            private: Map::new(),
            metadata: None,
        }
    }

    /// What the caller carries.
    ///
    /// # Errors
    /// `InvalidLambdaResponseException` if the functions keep more than a session can hold.
    pub(super) fn seal(&self, cx: &Cx, door: &Door<'_>) -> Result<String, Error> {
        let sealed = challenge_session::seal(cx, door, BOUND_TO, self)?;
        if sealed.len() > CHARS_MAX {
            return Err(too_long());
        }
        Ok(sealed)
    }

    /// Opens a session; nothing comes of what is none of a custom sign-in.
    ///
    /// # Errors
    /// `NotAuthorizedException`, with Cognito's words for used and expired ones.
    pub(super) fn open(cx: &Cx, given: &str) -> Result<Option<Self>, Error> {
        let sealed = given.split_once('.').map_or("", |(_, sealed)| sealed);
        let Ok(sealed) = BASE64_URL_SAFE.decode(sealed) else { return Ok(None) };
        let opened = cx.vault()?.open_bytes(Purpose::Session, BOUND_TO, &sealed);
        let read = |plain: Vec<u8>| serde_json::from_slice::<Self>(&plain).ok();
        let Some(session) = opened.and_then(read).filter(|session| session.form == FORM) else {
            return Ok(None);
        };
        challenge_session::refuse_over(cx, session.expires_ms, &session.nonce)?;
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
        let named = named(cx, door, name)?;
        if self.sub.is_empty() {
            let is_same = named.is_none() && door.pool.fold(name) == self.username;
            let nobody = Candidate::Nobody(self.username.to_string());
            return is_same.then_some(nobody).ok_or_else(foreign);
        }
        let named = named.filter(|named| named.sub == self.sub).ok_or_else(foreign)?;
        Ok(Candidate::User(Box::new(named)))
    }

    /// Uses it up.
    pub(super) fn spend(&self, cx: &Cx) -> Result<(), Error> {
        challenge_session::spend(cx, self.expires_ms, &self.nonce)
    }
}
