//! Does the caller know a secret of the app client? Each is kept sealed, bound to the client's id.
//!
//! A client may have two, so that one takes the other's place while both are in use.

use alloc::{format, string::String, vec::Vec};

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::{
    crypto::{Purpose, hmac_sha256, same},
    cx::Cx,
    error::{Code, Error},
    model::client::{Client, Secret, secret_id},
    shape::Text,
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
    if !client.has_secret() && given.is_some() {
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
    if !client.has_secret() {
        return Ok(());
    }
    let given = given.ok_or_else(|| missing(client))?;
    // Of a string that is not base64 nothing is compared; it tells nothing that its sender did
    // not know.
    let Ok(given) = BASE64_STANDARD.decode(given) else { return Err(wrong(client)) };
    one_of(cx, client, |secret| {
        same(&given, &hmac_sha256(secret, &[username.as_bytes(), client.id.as_bytes()]))
    })
}

/// Checks the secret itself, where an operation takes it in clear.
///
/// # Errors
/// `NotAuthorizedException` if it is missing or wrong.
pub(crate) fn secret(cx: &Cx, client: &Client, given: Option<&str>) -> Result<(), Error> {
    if !client.has_secret() {
        return Ok(());
    }
    let given = given.ok_or_else(|| missing(client))?;
    one_of(cx, client, |secret| same(given.as_bytes(), secret))
}

/// Whether one of the client's secrets passes; all are tried, so that time does not tell which.
fn one_of(cx: &Cx, client: &Client, passes: impl Fn(&[u8]) -> bool) -> Result<(), Error> {
    let mut is_right = false;
    for secret in &client.secrets {
        is_right |= passes(&open(cx, client, secret)?);
    }
    if is_right { Ok(()) } else { Err(wrong(client)) }
}

/// A new secret as Cognito makes them.
pub(crate) fn generate(cx: &Cx) -> ClientSecret {
    cx.random.text(ALPHABET, LEN).into()
}

const ALPHABET: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
const LEN: usize = 51;

/// The record of a new secret of the client of that id. `taken` are those that it has.
pub(crate) fn seal(
    cx: &Cx,
    client_id: &str,
    secret: &ClientSecret,
    taken: &[Secret],
) -> Result<Secret, Error> {
    let sealed = cx.vault()?.seal(
        Purpose::ClientSecret,
        client_id,
        secret.as_str().as_bytes(),
        &cx.random,
    )?;
    let mut id_ms = cx.now_ms();
    let mut id = secret_id(client_id, id_ms);
    while taken.iter().any(|other| other.id == id) {
        id_ms += 1;
        id = secret_id(client_id, id_ms);
    }
    Ok(Secret { id, sealed, created_ms: cx.now_ms() })
}

/// The secret that was made last, for administrators to see.
pub(crate) fn reveal(cx: &Cx, client: &Client) -> Result<Option<ClientSecret>, Error> {
    let Some(newest) = client.secrets.last() else { return Ok(None) };
    let secret = String::from_utf8(open(cx, client, newest)?);
    Ok(Some(secret.map_err(|_| Error::bug("a client's secret is not text"))?.into()))
}

fn open(cx: &Cx, client: &Client, secret: &Secret) -> Result<Vec<u8>, Error> {
    cx.vault()?.open(Purpose::ClientSecret, &client.id, &secret.sealed)
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
