//! `UserMigration`: knows users of an older directory, and their passwords.
//!
//! A user whom it knows is made here. Unlike at Cognito, no welcome message is sent to them.

use alloc::{string::String, vec::Vec};

use serde_json::json;

use super::{Occasion, Trigger, answer::unrecognizable, event};
use crate::{
    cx::Cx,
    error::{Code, Error},
    model::{pool::Pool, user::UserStatus},
    shape::Json,
    shapes::AttributeType,
};

/// A user of the older directory.
#[derive(Debug)]
pub(crate) struct Migrant {
    pub(crate) attributes: Vec<AttributeType>,
    pub(crate) status: UserStatus,
    /// Whether aliases that another user has pass to this one.
    pub(crate) takes_aliases: bool,
}

/// What an unknown user wants.
#[derive(Clone, Copy)]
pub(crate) enum Wants<'a> {
    /// A code by which to choose another password.
    ForgotPassword,
    /// To sign in with that password.
    SignIn(&'a str),
}

/// Whether the pool asks anybody.
pub(crate) fn is_set(pool: &Pool) -> bool {
    Trigger::UserMigration.of(pool).is_some()
}

/// Asks the function for whoever goes by the occasion's name.
///
/// # Errors
/// Its refusal; `InvalidLambdaResponseException` if it says what no user can be.
pub(crate) fn ask(
    cx: &Cx,
    occasion: &Occasion<'_>,
    wants: Wants<'_>,
) -> Result<Option<Migrant>, Error> {
    let mut request = event::request(cx, []);
    let source = match wants {
        Wants::ForgotPassword => "ForgotPassword",
        Wants::SignIn(password) => {
            request.insert("password".into(), password.into());
            event::SIGN_IN
        }
    };
    let validation_data = cx.steering.said().validation_data.unwrap_or(Json::Null);
    request.insert("validationData".into(), validation_data);
    let response = json!({
        "userAttributes": null, "forceAliasCreation": null, "enableSMSMFA": null,
        "finalUserStatus": null, "messageAction": null, "desiredDeliveryMediums": null,
    });
    let asked = occasion.ask(cx, (Trigger::UserMigration, source), request, response)?;
    let Some(returned) = asked else { return Ok(None) };
    let attributes = returned.texts("userAttributes")?;
    if attributes.is_empty() {
        return Ok(None);
    }
    let status = match returned.text("finalUserStatus")?.as_deref() {
        Some("CONFIRMED") => UserStatus::Confirmed,
        None | Some("RESET_REQUIRED") => UserStatus::ResetRequired,
        Some(_) => return Err(unrecognizable()),
    };
    let attribute = |(name, value): (String, Json)| AttributeType {
        name: name.as_str().into(),
        value: value.as_str().map(Into::into),
    };
    // Older directories tell these of a user as well; here they follow by themselves.
    let is_own = |name: &str| matches!(name, "sub" | "username") || name.starts_with("cognito:");
    let attributes = attributes.into_iter().filter(|(name, _)| !is_own(name)).map(attribute);
    Ok(Some(Migrant {
        attributes: attributes.collect(),
        status,
        takes_aliases: returned.is("forceAliasCreation")?,
    }))
}

/// What is said of a migrant who can not be a user of this pool.
pub(crate) fn unfit(error: Error) -> Error {
    match error.code {
        Code::InvalidParameter | Code::AliasExists | Code::UsernameExists => {
            let message = alloc::format!("UserMigration: {}", error.message);
            Error { detail: error.detail, ..Error::saying(Code::InvalidLambdaResponse, message) }
        }
        _ => error,
    }
}
