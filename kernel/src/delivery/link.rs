//! Where do links lead: the one that confirms a new user, and the one that signs a user in?

use alloc::{format, string::String};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Medium;
use crate::{
    cx::Cx,
    model::{client::Client, pool::Pool, user::User},
    shapes::DefaultEmailOption,
};

/// The path of Cognito's own links.
pub(crate) const CONFIRM: &str = "/confirmUser";

/// Whatever RFC 3986 does not reserve stands for itself.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The link with that code, if the pool would rather send links. It leads to where the deployment
/// is known to be: whoever signs a user up chooses the host of the request.
pub(super) fn to_confirm(
    cx: &Cx,
    (pool, client): (&Pool, &Client),
    medium: Medium,
    (user, code): (&User, &str),
) -> Option<String> {
    let template = pool.description.verification_message_template.as_ref();
    let option = template.and_then(|template| template.default_email_option);
    if medium != Medium::Email || option != Some(DefaultEmailOption::ConfirmWithLink) {
        return None;
    }
    let origin = cx.deployment().public_url.as_deref().unwrap_or(&cx.caller.origin);
    let [client, user, code] =
        [&client.id, &user.username, code].map(|part| utf8_percent_encode(part, ESCAPED));
    Some(format!("{origin}{CONFIRM}?client_id={client}&user_name={user}&confirmation_code={code}"))
}

/// The link that brings a code to the page of an app which is waiting for it. The code stands in
/// the fragment, which no server and no log gets to see; and without the session, which nobody has
/// but who began to sign in, it is worth nothing: the link works where it was asked for.
pub(crate) fn to_sign_in(redirect_uri: &str, code: &str) -> String {
    format!("{redirect_uri}#email_otp_code={code}")
}
