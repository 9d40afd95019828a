//! Passkeys of users: registered, listed, deleted.

pub(super) mod complete_web_authn_registration;
pub(super) mod delete_web_authn_credential;
pub(super) mod list_web_authn_credentials;
pub(super) mod start_web_authn_registration;

use crate::{
    access::bearer::{self, Bearer},
    cx::Cx,
    error::{Code, Error},
    shape::Text,
    shapes::Token,
};

/// The user whose token it is; AWS declares no error of its own here for users and clients that are
/// gone.
fn bearer<'cx>(cx: &'cx Cx, token: &Token) -> Result<Bearer<'cx>, Error> {
    bearer::verify(cx, token.as_str()).map_err(|error| match error.code {
        Code::UserNotFound | Code::ResourceNotFound => {
            Error::saying(Code::NotAuthorized, "Invalid Access Token")
        }
        _ => error,
    })
}
