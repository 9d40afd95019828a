//! `PostAuthentication`: hears of a sign-in before its tokens are made, and may keep them back.

use serde_json::json;

use super::{Occasion, Trigger, attributes, event};
use crate::{cx::Cx, error::Error, model::user::User, shape::Json};

/// Tells the function of a user who has proved all that was asked.
///
/// # Errors
/// The function's.
pub(crate) fn ask(cx: &Cx, occasion: &Occasion<'_>, user: &User) -> Result<(), Error> {
    let request = event::request(
        cx,
        [
            ("userAttributes", Json::Object(attributes(user))),
            // Nobody knows of a device before its first use is over.
            ("newDeviceUsed", Json::Bool(false)),
        ],
    );
    occasion.ask(cx, (Trigger::PostAuthentication, event::SIGN_IN), request, json!({})).map(drop)
}
