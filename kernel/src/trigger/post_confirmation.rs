//! `PostConfirmation`: hears of a user who was confirmed, or chose another password. What it hears
//! of stands, whatever comes of its being told.

use serde_json::json;

use super::{Invocation, Occasion, Trigger, attributes, event};
use crate::{cx::Cx, error::Error, model::user::User, shape::Json};

/// What was confirmed, in the words of its sources.
pub(crate) const FORGOT_PASSWORD: &str = "ConfirmForgotPassword";
/// The other one.
pub(crate) const SIGN_UP: &str = "ConfirmSignUp";

/// The call that tells of it, for [`tell`](super::tell).
pub(crate) fn of(
    cx: &Cx,
    occasion: &Occasion<'_>,
    user: &User,
    source: &'static str,
) -> Result<Option<Invocation>, Error> {
    let request = event::request(cx, [("userAttributes", Json::Object(attributes(user)))]);
    occasion.invocation((Trigger::PostConfirmation, source), request, json!({}))
}
