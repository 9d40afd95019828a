//! `PreAuthentication`: may refuse whoever is about to sign in.

use serde_json::json;

use super::{Occasion, Trigger, event};
use crate::{cx::Cx, error::Error, model::user::User};

/// Asks the function, before anything was proved. Of a name that stands for nobody it hears where
/// the client hides that from callers.
///
/// # Errors
/// Its refusal.
pub(crate) fn ask(cx: &Cx, occasion: &Occasion<'_>, user: Option<&User>) -> Result<(), Error> {
    let validation_data = cx.steering.said().validation_data.unwrap_or_else(|| json!({}));
    let mut request = event::known_or_not(occasion, user);
    request.insert("validationData".into(), validation_data);
    occasion.ask(cx, (Trigger::PreAuthentication, event::SIGN_IN), request, json!({})).map(drop)
}
