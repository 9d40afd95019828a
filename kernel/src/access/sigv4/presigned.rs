//! What does the query of a presigned request say about the signature?

use alloc::{borrow::Cow, string::String};

use super::{Signed, Stated, canonical::pairs, incomplete, invalid};
use crate::error::Error;

/// The one parameter that the signature does not cover.
pub(super) const SIGNATURE: &str = "X-Amz-Signature";

/// A week, as AWS allows.
const EXPIRES_S_MAX: u64 = 604_800;

/// Whether a query claims to hold a signature.
pub(super) fn is(query: &str) -> bool {
    pairs(query).any(|(name, _)| *name == *b"X-Amz-Algorithm")
}

/// `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=…&X-Amz-Date=…&X-Amz-SignedHeaders=…`, the
/// [`SIGNATURE`], and perhaps `X-Amz-Expires` and `X-Amz-Security-Token`.
pub(super) fn read<'a>(request: &Signed<'a>) -> Result<Stated<'a>, Error> {
    if request.header("authorization")?.is_some() {
        return Err(invalid(
            "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP \
             header.",
        ));
    }
    let names =
        ["X-Amz-Algorithm", "X-Amz-Credential", SIGNATURE, "X-Amz-SignedHeaders", "X-Amz-Date"];
    let mut values = [const { Cow::Borrowed("") }; 5];
    let mut message = String::new();
    for (name, value) in names.into_iter().zip(&mut values) {
        match parameter(request.query, name)?.filter(|found| !found.is_empty()) {
            Some(found) => *value = Cow::Owned(found),
            None => {
                message.push_str("AWS query-string parameters must include '");
                message.push_str(name);
                message.push_str("'. ");
            }
        }
    }
    if !message.is_empty() {
        message.push_str("Re-examine the query-string parameters.");
        return Err(incomplete(message));
    }
    let [algorithm, credential, signature, signed_headers, date] = values;
    let session_token = parameter(request.query, "X-Amz-Security-Token")?.map(Cow::Owned);
    Ok(Stated {
        algorithm,
        credential,
        date,
        expires_s: expires_s(request.query)?,
        is_presigned: true,
        session_token,
        signature,
        signed_headers,
    })
}

fn expires_s(query: &str) -> Result<Option<u64>, Error> {
    let Some(text) = parameter(query, "X-Amz-Expires")? else { return Ok(None) };
    match text.parse::<i64>().map(u64::try_from) {
        Ok(Ok(expires_s)) if expires_s <= EXPIRES_S_MAX => Ok(Some(expires_s)),
        Ok(Ok(_)) => Err(incomplete(
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires \
             must be less than 604800 seconds",
        )),
        Ok(Err(_)) => Err(incomplete("X-Amz-Expires must be non-negative")),
        Err(_) => Err(incomplete("X-Amz-Expires should be a number")),
    }
}

fn parameter(query: &str, name: &str) -> Result<Option<String>, Error> {
    let mut values =
        pairs(query).filter(|(n, _)| **n == *name.as_bytes()).map(|(_, value)| value.into_owned());
    match (values.next().map(String::from_utf8).transpose(), values.next()) {
        (Ok(value), None) => Ok(value),
        _ => Err(incomplete(alloc::format!(
            "The query-string parameter '{name}' must be sent once, as UTF-8."
        ))),
    }
}
