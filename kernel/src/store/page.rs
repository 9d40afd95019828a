//! Lists by pages: which records are on one, and the token that leads to the next.
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
    shape::Bounded,
};

/// How many a page holds, by AWS's own bound.
const PAGE_MAX: usize = 60;

/// How many a page holds: `limit`, or 60 where nothing or 0 is given.
pub(crate) fn size(limit: Option<impl Bounded>) -> usize {
    let asked = limit.and_then(|limit| usize::try_from(limit.get()).ok());
    asked.filter(|n| (1..=PAGE_MAX).contains(n)).unwrap_or(PAGE_MAX)
}

impl Cx {
    /// One page of the records whose keys begin with `prefix`, in the order of their keys, and the
    /// token of the next page if there is one. `token` is what the caller brings.
    ///
    /// # Errors
    /// `InvalidParameterException` if the token is none of this list.
    pub(crate) fn page<T: Record>(
        &self,
        prefix: &str,
        size: usize,
        token: Option<&str>,
    ) -> Result<(Vec<Row<'_, T>>, Option<String>), Error> {
        let range = match self.last_of_page(prefix, token)? {
            Some(last) => keys::after(prefix, &last),
            None => keys::under(prefix),
        };
        let mut page = self.scan::<T>(range.start.as_str()..range.end.as_str(), size + 1)?;
        if page.len() <= size {
            return Ok((page, None));
        }
        page.truncate(size);
        let token = page.last().map(|row| self.page_token(prefix, row.key())).transpose()?;
        Ok((page, token))
    }

    /// The token of the page that begins after `last`. `list` names the list and all that it was
    /// asked with.
    pub(crate) fn page_token(&self, list: &str, last: &str) -> Result<String, Error> {
        let sealed =
            self.vault()?.seal_bytes(Purpose::PageToken, list, last.as_bytes(), &self.random)?;
        Ok(base64url(&sealed))
    }

    /// The last key of the page before, if the caller brings a token.
    ///
    /// # Errors
    /// `InvalidParameterException` if the token is none of this list.
    pub(crate) fn last_of_page(
        &self,
        list: &str,
        token: Option<&str>,
    ) -> Result<Option<String>, Error> {
        let Some(token) = token else { return Ok(None) };
        let vault = self.vault()?;
        let last = BASE64_URL_SAFE_NO_PAD
            .decode(token)
            .ok()
            .and_then(|sealed| vault.open_bytes(Purpose::PageToken, list, &sealed))
            .and_then(|last| String::from_utf8(last).ok());
        let refused = || Error::saying(Code::InvalidParameter, "Invalid pagination token.");
        last.map(Some).ok_or_else(refused)
    }
}
