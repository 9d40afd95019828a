//! `VerifyAuthChallengeResponse`: judges the answer to the challenge of a custom sign-in.

use alloc::string::String;

use serde_json::json;

use super::{Occasion, Trigger, define_auth_challenge::missing, event};
use crate::{
    cx::Cx,
    error::Error,
    model::user::User,
    shape::{Json, Map},
};

/// Asks whether that is the answer; `private` is what the challenge was made with.
///
/// # Errors
/// The function's; `InvalidParameterException` if the pool has none.
pub(crate) fn ask(
    cx: &Cx,
    occasion: &Occasion<'_>,
    user: Option<&User>,
    (private, answer): (&Map<String, Json>, &str),
) -> Result<bool, Error> {
    let members = [
        ("privateChallengeParameters", Json::Object(private.clone())),
        ("challengeAnswer", answer.into()),
    ];
    let mut request = event::request(cx, members);
    request.extend(event::known_or_not(occasion, user));
    let response = json!({ "answerCorrect": null });
    let asked = (Trigger::VerifyAuthChallengeResponse, event::SIGN_IN);
    occasion.ask(cx, asked, request, response)?.ok_or_else(missing)?.is("answerCorrect")
}
