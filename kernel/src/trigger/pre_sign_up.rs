//! `PreSignUp`: may refuse a new user, or confirm one at once and vouch for their addresses.

use serde_json::json;

use super::{Occasion, Trigger, event};
use crate::{
    cx::Cx,
    error::{Code, Error},
    model::user::User,
    shape::Json,
};

/// How users come to be, in the words of its sources.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    AdminCreateUser,
    SignUp,
}

/// What the function grants a new user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Granted {
    pub(crate) is_confirmed: bool,
    pub(crate) has_email: bool,
    pub(crate) has_phone_number: bool,
}

/// Asks the function about a user who does not stand yet. What it grants to users whom an
/// administrator makes is not heeded.
///
/// # Errors
/// Its refusal; `InvalidLambdaResponseException` if it vouches for an address that is not there.
pub(crate) fn ask(cx: &Cx, occasion: &Occasion<'_>, user: &User, by: By) -> Result<Granted, Error> {
    let source = match by {
        By::AdminCreateUser => "AdminCreateUser",
        By::SignUp => "SignUp",
    };
    let validation_data = cx.steering.said().validation_data.unwrap_or(Json::Null);
    let request = event::request(
        cx,
        [
            ("userAttributes", Json::Object(event::new_attributes(user))),
            ("validationData", validation_data),
        ],
    );
    let response =
        json!({ "autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false });
    let Some(returned) = occasion.ask(cx, (Trigger::PreSignUp, source), request, response)? else {
        return Ok(Granted::default());
    };
    let granted = Granted {
        is_confirmed: returned.is("autoConfirmUser")?,
        has_email: returned.is("autoVerifyEmail")?,
        has_phone_number: returned.is("autoVerifyPhone")?,
    };
    if by == By::AdminCreateUser {
        return Ok(Granted::default());
    }
    for (is_vouched_for, attribute) in granted.addresses() {
        if is_vouched_for && user.attribute(attribute).is_none_or(str::is_empty) {
            let message =
                alloc::format!("PreSignUp can not verify {attribute}: the user has none.");
            return Err(Error::saying(Code::InvalidLambdaResponse, message));
        }
    }
    Ok(granted)
}

impl Granted {
    /// Whether each address is vouched for.
    pub(crate) const fn addresses(self) -> [(bool, &'static str); 2] {
        [(self.has_email, "email"), (self.has_phone_number, "phone_number")]
    }
}
