//! Does the caller know the app client's secret? It is kept sealed, bound to the client's id.

use alloc::{format, string::String, vec::Vec};

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::{
    crypto::{Purpose, Sealed, hmac_sha256, same},
    cx::Cx,
    error::{Code, Error},
    model::client::Client,
    shapes::ClientSecret,
};

/// Checks `SECRET_HASH`: base64 of HMAC-SHA-256 under the secret of username and client id, the
/// username being the one that was sent.
///
/// # Errors
/// `NotAuthorizedException` if it is missing or wrong; `InvalidParameterException` if the client
/// has no secret and a hash came all the same.
pub(crate) fn secret_hash(
    cx: &Cx,
    client: &Client,
    username: &str,
    given: Option<&str>,
) -> Result<(), Error> {
    if client.secret.is_none() && given.is_some() {
        let id = &client.id;
        return Err(Error::saying(
            Code::InvalidParameter,
            format!("App client {id} is not configured for secret but secret hash was received"),
        ));
    }
    secret_hash_if_any(cx, client, username, given)
}

/// The same where a hash that nobody needs is passed over: on refresh and on challenges.
///
/// # Errors
/// `NotAuthorizedException` if it is missing or wrong.
pub(crate) fn secret_hash_if_any(
    cx: &Cx,
    client: &Client,
    username: &str,
    given: Option<&str>,
) -> Result<(), Error> {
    let Some(secret) = open(cx, client)? else { return Ok(()) };
    let given = given.ok_or_else(|| missing(client))?;
    let expected = hmac_sha256(&secret, &[username.as_bytes(), client.id.as_bytes()]);
    // Of a string that is not base64 nothing is compared; it tells nothing that its sender did
    // not know.
    let is_right = BASE64_STANDARD.decode(given).is_ok_and(|given| same(&given, &expected));
    if is_right { Ok(()) } else { Err(wrong(client)) }
}

/// Checks the secret itself, where an operation takes it in clear.
///
/// # Errors
/// `NotAuthorizedException` if it is missing or wrong.
pub(crate) fn secret(cx: &Cx, client: &Client, given: Option<&str>) -> Result<(), Error> {
    let Some(secret) = open(cx, client)? else { return Ok(()) };
    let given = given.ok_or_else(|| missing(client))?;
    if same(given.as_bytes(), &secret) { Ok(()) } else { Err(wrong(client)) }
}

/// The form in which the secret of the client of that id is kept.
pub(crate) fn seal(cx: &Cx, client_id: &str, secret: &str) -> Result<Sealed, Error> {
    cx.vault()?.seal(Purpose::ClientSecret, client_id, secret.as_bytes(), &cx.random)
}

/// The secret itself, for administrators to see.
pub(crate) fn reveal(cx: &Cx, client: &Client) -> Result<Option<ClientSecret>, Error> {
    let Some(secret) = open(cx, client)? else { return Ok(None) };
    let secret = String::from_utf8(secret);
    Ok(Some(secret.map_err(|_| Error::bug("a client's secret is not text"))?.into()))
}

fn open(cx: &Cx, client: &Client) -> Result<Option<Vec<u8>>, Error> {
    let Some(sealed) = &client.secret else { return Ok(None) };
    Ok(Some(cx.vault()?.open(Purpose::ClientSecret, &client.id, sealed)?))
}

fn missing(client: &Client) -> Error {
    let id = &client.id;
    Error::saying(
        Code::NotAuthorized,
        format!("Client {id} is configured for secret but secret was not received"),
    )
}

fn wrong(client: &Client) -> Error {
    let message = format!("Unable to verify secret hash for client {}", client.id);
    Error::saying(Code::NotAuthorized, message)
}
