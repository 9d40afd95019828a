//! The `Session` that a caller carries from one challenge to the next: sealed, bound to a client
//! and a user, good once and not for long.
//!
//! The form is `{pool}.{sealed}`: the pool's key, so that a session that comes alone finds its
//! place. What was proved so far, and what the answer is held against, travel in it, so that a
//! sign-in that is given up leaves nothing behind.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE};
use serde::{Deserialize, Serialize};

use super::{Door, passed::Passed};
use crate::{
    crypto::Purpose,
    cx::Cx,
    error::{Code, Error},
    model::user::User,
    store::{Record, Row, keys},
};

/// What a session says.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct ChallengeSession {
    /// The form of this structure.
    form: u8,
    challenge: String,
    client_id: String,
    username: String,
    /// A user made later under the same name is another one. Nobody has none.
    sub: String,
    expires_ms: u64,
    /// What is remembered of it once it is used.
    nonce: String,
    pub(super) passed: Passed,
    pub(super) held: Held,
}

/// What the answer is held against.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) enum Held {
    /// What the user's record says.
    #[default]
    Nothing,
    /// A code that was sent, and where to. The address is to become the user's, if it is new.
    Code { code: String, destination: String, is_new: bool },
    /// What a passkey is to sign.
    Challenge(Vec<u8>),
    /// The secret that an authenticator app was given, in base32.
    Secret(String),
    /// Nothing more: an authenticator app was set up.
    SetUp,
}

// It holds codes and secrets.
impl fmt::Debug for ChallengeSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChallengeSession({})", self.challenge)
    }
}

const FORM: u8 = 2;
const BOUND_TO: &str = "challenge";

/// A session was used; its key says all.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Spent {}

impl Record for Spent {}

/// Who is to answer a challenge.
#[derive(Clone, Copy)]
pub(super) enum Whom<'a> {
    /// A name that stands for nobody, which is hidden.
    Nobody(&'a str),
    User(&'a User),
}

impl<'a> Whom<'a> {
    /// The username, or the name that stands for nobody, and the `sub`.
    pub(super) fn names(self) -> (&'a str, &'a str) {
        match self {
            Self::Nobody(name) => (name, ""),
            Self::User(user) => (&user.username, &user.sub),
        }
    }
}

impl<'a> From<&'a User> for Whom<'a> {
    fn from(user: &'a User) -> Self {
        Self::User(user)
    }
}

impl<'a> From<&'a Row<'_, User>> for Whom<'a> {
    fn from(user: &'a Row<'_, User>) -> Self {
        Self::User(user)
    }
}

/// The names of what is no challenge of AWS's: a user who has signed up goes on by them to a first
/// sign-in.
pub(super) const SIGNED_UP: &str = "SIGNED_UP";
pub(super) const CONFIRMED: &str = "CONFIRMED";

/// A session in which somebody is to answer that challenge.
pub(super) fn mint(
    cx: &Cx,
    door: &Door<'_>,
    whom: Whom<'_>,
    (challenge, passed, held): (&str, Passed, Held),
) -> Result<String, Error> {
    let (username, sub) = whom.names();
    let session = ChallengeSession {
        form: FORM,
        challenge: challenge.to_string(),
        client_id: door.client.id.clone(),
        username: username.to_string(),
        sub: sub.to_string(),
        expires_ms: cx.now_ms() + 1000 * door.client.challenge_s(),
        nonce: nonce(cx),
        passed,
        held,
    };
    seal(cx, door, BOUND_TO, &session)
}

/// What the caller carries of a session of any kind, which `bound_to` names.
pub(super) fn seal(
    cx: &Cx,
    door: &Door<'_>,
    bound_to: &str,
    session: &impl Serialize,
) -> Result<String, Error> {
    let bug = |_| Error::bug("a session does not serialise");
    let plain = serde_json::to_vec(session).map_err(bug)?;
    let key = door.pool.id.rsplit_once('_').map_or("", |(_, key)| key);
    loop {
        let sealed = cx.vault()?.seal_bytes(Purpose::Session, bound_to, &plain, &cx.random)?;
        let sealed = format!("{key}.{}", BASE64_URL_SAFE.encode(sealed));
        // Some operations name nobody but by the session.
        if cx.is_here(&sealed) {
            return Ok(sealed);
        }
    }
}

/// Opens a session that answers that challenge.
///
/// # Errors
/// `NotAuthorizedException`, with Cognito's words for used, expired and foreign ones.
pub(super) fn open(cx: &Cx, challenge: &str, given: &str) -> Result<ChallengeSession, Error> {
    let (key, sealed) = given.split_once('.').ok_or_else(foreign)?;
    if !cx.pool_here()?.id.ends_with(&format!("_{key}")) {
        return Err(foreign());
    }
    let sealed = BASE64_URL_SAFE.decode(sealed).map_err(|_| foreign())?;
    let plain = cx.vault()?.open_bytes(Purpose::Session, BOUND_TO, &sealed).ok_or_else(foreign)?;
    let session: ChallengeSession = serde_json::from_slice(&plain).map_err(|_| foreign())?;
    if session.form != FORM || session.challenge != challenge {
        return Err(foreign());
    }
    refuse_over(cx, session.expires_ms, &session.nonce)?;
    Ok(session)
}

/// What tells a session from all others, of whatever kind they are.
pub(super) fn nonce(cx: &Cx) -> String {
    crate::crypto::hex(&cx.random.bytes::<12>())
}

/// Refuses a session that has expired or was used.
///
/// # Errors
/// `NotAuthorizedException`, in Cognito's words.
pub(super) fn refuse_over(cx: &Cx, expires_ms: u64, nonce: &str) -> Result<(), Error> {
    let refused = |why: &'static str| Err(Error::saying(Code::NotAuthorized, why));
    if expires_ms <= cx.now_ms() {
        return refused("Invalid session for the user, session is expired.");
    }
    if cx.has(&keys::spent(expires_ms, nonce))? {
        return refused("Invalid session for the user, session can only be used once.");
    }
    Ok(())
}

/// Uses a session up, and forgets some that have expired since they were.
pub(super) fn spend(cx: &Cx, expires_ms: u64, nonce: &str) -> Result<(), Error> {
    let (from, to) = (keys::spent(0, ""), keys::spent(cx.now_ms(), ""));
    for expired in cx.keys(from.as_str()..to.as_str(), 4)? {
        cx.delete(&expired);
    }
    cx.put(&keys::spent(expires_ms, nonce), &Spent {})
}

/// What is said of a session that is not the caller's, or not for what it is used for.
pub(super) fn foreign() -> Error {
    Error::saying(Code::NotAuthorized, "Invalid session for the user.")
}

impl ChallengeSession {
    /// Whether the session is that user's.
    pub(super) fn is_of(&self, user: &User) -> bool {
        self.username == user.username && self.sub == user.sub
    }

    pub(super) fn is_of_nobody(&self) -> bool {
        self.sub.is_empty()
    }

    /// The client through which it was begun.
    pub(super) fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The username as stored, or the name that stands for nobody.
    pub(super) fn username(&self) -> &str {
        &self.username
    }

    /// Uses it up.
    pub(super) fn spend(&self, cx: &Cx) -> Result<(), Error> {
        spend(cx, self.expires_ms, &self.nonce)
    }
}
