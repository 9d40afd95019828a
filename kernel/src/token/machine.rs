//! Tokens of app clients themselves: no user stands behind them (RFC 6749 §4.4).

use alloc::string::String;

use serde::Serialize;

use super::{jwt, keys};
use crate::{
    cx::Cx,
    error::Error,
    model::{client::Client, pool::Pool, signing_key::KeyUse},
};

/// The claims of a machine's access token, as Cognito's.
#[derive(Serialize)]
struct Claims<'a> {
    sub: &'a str,
    token_use: &'a str,
    /// Space-separated.
    scope: &'a str,
    auth_time: u64,
    iss: &'a str,
    exp: u64,
    iat: u64,
    version: u8,
    jti: String,
    client_id: &'a str,
}

/// An access token of a client for these scopes, and for how many seconds it is good.
///
/// [`ready`](super::ready) must have been awaited in this call.
pub(crate) fn access(
    cx: &Cx,
    pool: &Pool,
    client: &Client,
    scopes: &[String],
) -> Result<(String, u64), Error> {
    let lives_s = client.validity().access_s;
    let now_s = cx.now_s();
    let claims = Claims {
        sub: &client.id,
        token_use: "access",
        scope: &scopes.join(" "),
        auth_time: now_s,
        iss: &cx.deployment().issuer(&cx.caller.origin, &pool.region, &pool.id),
        exp: now_s + lives_s,
        iat: now_s,
        version: 2,
        jti: cx.random.uuid(),
        client_id: &client.id,
    };
    let signing = keys::all(cx, pool)?;
    let token = jwt::sign(cx, keys::current(&signing, KeyUse::Access)?, &claims)?;
    Ok((token, lives_s))
}
