//! `DefineAuthChallenge`: says what comes next in a custom sign-in.

use alloc::string::String;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Occasion, Trigger, answer::unrecognizable, event};
use crate::{
    cx::Cx,
    error::{Code, Error},
    model::{pool::Pool, user::User},
};

/// One round of a custom sign-in, as functions are told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Round {
    pub(crate) challenge_name: String,
    pub(crate) challenge_result: bool,
    pub(crate) challenge_metadata: Option<String>,
}

impl Round {
    pub(crate) fn new(name: &str, is_right: bool, metadata: Option<String>) -> Self {
        Self {
            challenge_name: name.into(),
            challenge_result: is_right,
            challenge_metadata: metadata,
        }
    }

    /// About how much of a session it takes.
    pub(crate) fn size(&self) -> usize {
        const NAMES: usize = 80;
        NAMES + self.challenge_name.len() + self.challenge_metadata.as_ref().map_or(0, String::len)
    }
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The password is to be proved in clear text, by an administrator.
    ClearPassword,
    /// A question of the functions' own.
    Custom,
    /// The sign-in is refused.
    Fail,
    /// The password is to be proved by SRP.
    Password,
    /// The user is in.
    Tokens,
}

/// Refuses custom sign-ins of a pool that has nobody to lead them.
///
/// # Errors
/// `InvalidParameterException`.
pub(crate) fn required(pool: &Pool) -> Result<(), Error> {
    Trigger::DefineAuthChallenge.of(pool).map(drop).ok_or_else(missing)
}

/// Asks what comes after these rounds. What both lets the user in and refuses them refuses.
///
/// # Errors
/// The function's; `InvalidParameterException` if the pool has none.
pub(crate) fn ask(
    cx: &Cx,
    occasion: &Occasion<'_>,
    user: Option<&User>,
    rounds: &[Round],
) -> Result<Next, Error> {
    let mut request = event::request(cx, [("session", json!(rounds))]);
    request.extend(event::known_or_not(occasion, user));
    let response =
        json!({ "challengeName": null, "issueTokens": null, "failAuthentication": null });
    let asked = (Trigger::DefineAuthChallenge, event::SIGN_IN);
    let returned = occasion.ask(cx, asked, request, response)?.ok_or_else(missing)?;
    let (fails, issues) = (returned.is("failAuthentication")?, returned.is("issueTokens")?);
    match returned.text("challengeName")?.as_deref() {
        _ if fails => Ok(Next::Fail),
        _ if issues => Ok(Next::Tokens),
        Some("ADMIN_NO_SRP_AUTH") => Ok(Next::ClearPassword),
        Some("CUSTOM_CHALLENGE") => Ok(Next::Custom),
        Some("PASSWORD_VERIFIER") => Ok(Next::Password),
        _ => Err(unrecognizable()),
    }
}

/// What is said where a function is missing without which there is no custom sign-in.
pub(super) fn missing() -> Error {
    let message = "Custom auth lambda trigger is not configured for the user pool.";
    Error::saying(Code::InvalidParameter, message)
}
