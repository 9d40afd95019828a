//! Sign-in: a state machine whose steps several operations share.
//!
//! ```text
//! InitiateAuth ──USER_PASSWORD_AUTH / ADMIN_USER_PASSWORD_AUTH──┐
//!      │                                                         ├─> finish ──> tokens
//!      ├──USER_SRP_AUTH──> PASSWORD_VERIFIER ────────────────────┘      │
//!      │                                                                └─> NEW_PASSWORD_REQUIRED ─> tokens
//!      └──REFRESH_TOKEN_AUTH──────────────────────────────────────> tokens
//! ```

mod candidate;
mod challenge_session;
pub(crate) mod initiate;
pub(crate) mod lockout;
mod new_password;
mod password;
pub(crate) mod respond;
mod srp;
mod timestamp;

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
};

use crate::model::{client::Client, pool::Pool, user::User};
use crate::{
    cx::Cx,
    error::{Code, Error},
    model::user::UserStatus,
    shapes::{AuthenticationResultType, ChallengeName},
    store::Row,
    token::{self, Grant},
};

/// What a step of a sign-in comes to.
pub(crate) enum Outcome {
    /// One more question to the user.
    Challenge { name: ChallengeName, session: Option<String>, parameters: BTreeMap<String, String> },
    /// The user is in.
    Tokens(AuthenticationResultType),
}

/// The members that all four operations answer with, from an [`Outcome`].
macro_rules! output {
    ($outcome:expr) => {
        match $outcome {
            $crate::flow::Outcome::Challenge { name, session, parameters } => Output {
                challenge_name: Some(name),
                session: session.map(Into::into),
                challenge_parameters: Some(ChallengeParameters(parameters)),
                authentication_result: None,
                available_challenges: None,
            },
            $crate::flow::Outcome::Tokens(result) => Output {
                challenge_name: None,
                session: None,
                challenge_parameters: Some(ChallengeParameters::default()),
                authentication_result: Some(result),
                available_challenges: None,
            },
        }
    };
}
pub(crate) use output;

/// Through which door a sign-in came: what both operations of a pair have in common.
pub(crate) struct Door<'a> {
    pub(crate) pool: &'a Pool,
    pub(crate) client: &'a Client,
    /// An administrator's operation.
    pub(crate) is_admin: bool,
}

/// The parameters of one step, by name.
pub(crate) type Parameters = BTreeMap<String, String>;

/// A parameter that must be there.
///
/// # Errors
/// `InvalidParameterException` that names it.
fn required<'a>(parameters: &'a Parameters, name: &str) -> Result<&'a str, Error> {
    let value = parameters.get(name).map(String::as_str).filter(|value| !value.is_empty());
    value.ok_or_else(|| {
        let message = alloc::format!("Missing required parameter {name}");
        Error::saying(Code::InvalidParameter, message)
    })
}

/// Refuses users who may not sign in, whatever they prove.
fn refuse_barred(user: &User) -> Result<(), Error> {
    if !user.is_enabled {
        return Err(Error::saying(Code::NotAuthorized, "User is disabled."));
    }
    match user.status {
        UserStatus::Unconfirmed => Err(Code::UserNotConfirmed.into()),
        UserStatus::ResetRequired => Err(Code::PasswordResetRequired.into()),
        UserStatus::Confirmed | UserStatus::ExternalProvider | UserStatus::ForceChangePassword => {
            Ok(())
        }
    }
}

/// What follows once a user has proved the password.
fn finish(cx: &Cx, door: &Door<'_>, user: &Row<'_, User>) -> Result<Outcome, Error> {
    if user.status == UserStatus::ForceChangePassword {
        let is_expired = user.credential.as_ref().is_some_and(|c| c.is_expired(cx.now_ms()));
        if is_expired {
            return Err(Error::saying(
                Code::NotAuthorized,
                "Temporary password has expired and must be reset by an administrator.",
            ));
        }
        return new_password::ask(cx, door, user);
    }
    let grant = Grant { pool: door.pool, client: door.client, user };
    token::sign_in(cx, &grant).map(Outcome::Tokens)
}

/// One answer for a wrong password and, where the client hides users, for an unknown user.
fn wrong_password() -> Error {
    Error::saying(Code::NotAuthorized, Code::NotAuthorized.sentence().to_string())
}
