//! A page of a listing: which records are on it, and where does the next one begin?
//!
//! A token holds the last key of its page, so that what stands is neither repeated nor skipped,
//! whatever is written between two pages. Tokens are sealed, since keys hold names of users, and
//! bound to their list: one of another group or another filter is refused.

use alloc::{string::String, vec::Vec};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::{Record, Row, keys};
use crate::{
    crypto::{Purpose, base64url},
    cx::Cx,
    error::{Code, Error},
};

/// AWS's bound of most lists.
const PAGE_MAX: usize = 60;

/// How many go on a page: what was asked for; where that is nothing or 0, as many as can.
pub(crate) fn page_size(asked: Option<i32>) -> usize {
    let asked = asked.and_then(|asked| usize::try_from(asked).ok()).filter(|asked| *asked > 0);
    asked.unwrap_or(PAGE_MAX).min(PAGE_MAX)
}

/// At most `limit` records whose keys begin with `prefix`, in the order of their keys, and the
/// token of the next page if there is one. `token` is what the caller brings.
///
/// # Errors
/// `InvalidParameterException` if the token is none of this list.
pub(crate) fn page<'cx, T: Record>(
    cx: &'cx Cx,
    prefix: &str,
    token: Option<&str>,
    limit: usize,
) -> Result<(Vec<Row<'cx, T>>, Option<String>), Error> {
    let range = match token {
        None => keys::under(prefix),
        Some(token) => keys::after(prefix, &last_of_page(cx, prefix, token)?),
    };
    let mut rows =
        cx.scan::<T>(range.start.as_str()..range.end.as_str(), limit.saturating_add(1))?;
    if rows.len() <= limit {
        return Ok((rows, None));
    }
    rows.truncate(limit);
    let token = rows.last().map(|row| page_token(cx, prefix, row.key())).transpose()?;
    Ok((rows, token))
}

/// The token of the page that begins after `last`. `list` names the list and all that it was
/// asked with.
pub(crate) fn page_token(cx: &Cx, list: &str, last: &str) -> Result<String, Error> {
    let sealed = cx.vault()?.seal_bytes(Purpose::PageToken, list, last.as_bytes(), &cx.random)?;
    Ok(base64url(&sealed))
}

/// What [`page_token`] was given as `last`.
///
/// # Errors
/// `InvalidParameterException` if the token is none of this list.
pub(crate) fn last_of_page(cx: &Cx, list: &str, token: &str) -> Result<String, Error> {
    let vault = cx.vault()?;
    let last = BASE64_URL_SAFE_NO_PAD
        .decode(token)
        .ok()
        .and_then(|sealed| vault.open_bytes(Purpose::PageToken, list, &sealed))
        .and_then(|last| String::from_utf8(last).ok());
    last.ok_or_else(|| Error::saying(Code::InvalidParameter, "Invalid pagination token"))
}
