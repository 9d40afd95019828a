//! `PostAuthentication`: hears of a sign-in before its tokens are made, and may keep them back.

use serde_json::json;

use super::{Occasion, Trigger, attributes, event};
use crate::{cx::Cx, error::Error, model::user::User, shape::Json};

/// Tells the function of a user who has proved all that was asked, and whether that was at a device
/// of which the pool did not know, if it wants to know of any.
///
/// # Errors
/// The function's.
pub(crate) fn ask(
    cx: &Cx,
    occasion: &Occasion<'_>,
    (user, is_at_new_device): (&User, bool),
) -> Result<(), Error> {
    let request = event::request(
        cx,
        [
            ("userAttributes", Json::Object(attributes(user))),
            ("newDeviceUsed", Json::Bool(is_at_new_device)),
        ],
    );
    occasion.ask(cx, (Trigger::PostAuthentication, event::SIGN_IN), request, json!({})).map(drop)
}
