//! A page of a listing: which records are on it, and where does the next one begin?

use alloc::{string::String, vec::Vec};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::{Record, Row, keys};
use crate::{
    cx::Cx,
    error::{Code, Error},
};

/// At most `limit` records whose keys begin with `prefix`, and the token of the next page if there
/// is one.
///
/// The token names the last record seen, so that writes between two pages neither repeat nor skip
/// a record that stands all the while.
///
/// # Errors
/// `InvalidParameterException` if the token is not one of ours.
pub(crate) fn page<'cx, T: Record>(
    cx: &'cx Cx,
    prefix: &str,
    token: Option<&str>,
    limit: usize,
) -> Result<(Vec<Row<'cx, T>>, Option<String>), Error> {
    let range = match token {
        None => keys::under(prefix),
        Some(token) => {
            let last = read(token)
                .ok_or_else(|| Error::saying(Code::InvalidParameter, "Invalid pagination token"))?;
            keys::after(prefix, &[prefix, &last].concat())
        }
    };
    let mut rows = cx.scan::<T>(range.start.as_str()..range.end.as_str(), limit.saturating_add(1))?;
    if rows.len() <= limit {
        return Ok((rows, None));
    }
    rows.truncate(limit);
    let last = rows.last().and_then(|row| row.key().strip_prefix(prefix));
    let next = last.map(|last| BASE64_URL_SAFE_NO_PAD.encode(last));
    Ok((rows, next))
}

fn read(token: &str) -> Option<String> {
    String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(token).ok()?).ok()
}
