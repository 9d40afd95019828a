//! When was a request signed, and is that now?

use alloc::{format, string::String};

use time::{
    OffsetDateTime, PrimitiveDateTime,
    format_description::{BorrowedFormatItem, well_known::Rfc2822},
    macros::format_description,
};

use super::{incomplete, invalid};
use crate::error::Error;

/// How far the clocks of signer and verifier may stand apart.
const SKEW_S: i64 = 300;

/// ISO 8601's basic form, in UTC: `20260101T000000Z`.
const BASIC: &[BorrowedFormatItem<'_>] =
    format_description!("[year][month][day]T[hour][minute][second]Z");

/// Seconds from 1970, of `X-Amz-Date` (ISO 8601, basic) or of `Date` (RFC 9110 and its forebears).
pub(super) fn parse(text: &str) -> Result<i64, Error> {
    let basic = PrimitiveDateTime::parse(text, BASIC).map(PrimitiveDateTime::assume_utc);
    let date = basic.or_else(|_| OffsetDateTime::parse(text, &Rfc2822));
    date.map(OffsetDateTime::unix_timestamp).map_err(|_| {
        let got: String = text.chars().take(64).collect();
        incomplete(format!(
            "Date must be in ISO-8601 'basic format'. Got '{got}'. See \
             http://en.wikipedia.org/wiki/ISO_8601"
        ))
    })
}

/// Seconds from 1970 in ISO 8601's basic form.
pub(super) fn basic(unix_s: i64) -> String {
    let date = OffsetDateTime::from_unix_timestamp(unix_s).ok();
    date.and_then(|date| date.format(BASIC).ok()).unwrap_or_default()
}

/// Refuses what was signed too long ago or lies in the future. What is presigned says for how many
/// seconds it is good.
pub(super) fn check(signed_at: i64, now_ms: u64, expires_s: Option<u64>) -> Result<(), Error> {
    let now = i64::try_from(now_ms / 1000).unwrap_or(i64::MAX);
    let good_for = expires_s.map_or(SKEW_S, |expires_s| i64::try_from(expires_s).unwrap_or(0));
    let (oldest, newest) = (now.saturating_sub(good_for), now.saturating_add(SKEW_S));
    if signed_at < oldest {
        let [signed_at, oldest, now] = [signed_at, oldest, now].map(basic);
        let good_for = match good_for % 60 {
            0 => format!("{} min.", good_for / 60),
            _ => format!("{good_for} sec."),
        };
        return Err(invalid(format!(
            "Signature expired: {signed_at} is now earlier than {oldest} ({now} - {good_for})"
        )));
    }
    if signed_at > newest {
        let [signed_at, newest, now] = [signed_at, newest, now].map(basic);
        return Err(invalid(format!(
            "Signature not yet current: {signed_at} is still later than {newest} ({now} + 5 min.)"
        )));
    }
    Ok(())
}
