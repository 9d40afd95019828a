//! `CreateAuthChallenge`: says what the challenge of a custom sign-in asks.

use alloc::string::String;

use serde_json::json;

use super::{
    Occasion, Trigger,
    define_auth_challenge::{Round, missing},
    event,
};
use crate::{
    cx::Cx,
    error::Error,
    model::user::User,
    shape::{Json, Map},
};

/// A challenge of the functions' own.
#[derive(Debug)]
pub(crate) struct Created {
    /// What the caller gets.
    pub(crate) public: Map<String, Json>,
    /// What the function that judges the answer gets.
    pub(crate) private: Map<String, Json>,
    /// What later rounds are told of this one.
    pub(crate) metadata: Option<String>,
}

/// Asks for the challenge that follows these rounds.
///
/// # Errors
/// The function's; `InvalidParameterException` if the pool has none.
pub(crate) fn ask(
    cx: &Cx,
    occasion: &Occasion<'_>,
    user: Option<&User>,
    rounds: &[Round],
) -> Result<Created, Error> {
    let members = [("challengeName", "CUSTOM_CHALLENGE".into()), ("session", json!(rounds))];
    let mut request = event::request(cx, members);
    request.extend(event::known_or_not(occasion, user));
    let response = json!({
        "publicChallengeParameters": null, "privateChallengeParameters": null,
        "challengeMetadata": null,
    });
    let asked = (Trigger::CreateAuthChallenge, event::SIGN_IN);
    let returned = occasion.ask(cx, asked, request, response)?.ok_or_else(missing)?;
    Ok(Created {
        public: returned.texts("publicChallengeParameters")?,
        private: returned.texts("privateChallengeParameters")?,
        metadata: returned.text("challengeMetadata")?,
    })
}
