//! User pools themselves, and the account's list of them.
//!
//! A pool's own place holds the truth; the account's list follows it. A new pool is enlisted before
//! it exists and delisted after it is gone, so whatever happens between, no pool can exist that
//! is not listed. What may be left is an entry without a pool: `DescribeUserPool` and
//! `DeleteUserPool` of it remove it.

pub(super) mod create_user_pool;
pub(super) mod enlist_pool;

use crate::{
    cx::Cx,
    error::Error,
    place::Place,
    shape::{Json, Wire},
    shapes::UserPoolDescriptionType,
};

/// Has the account change its list of pools.
///
/// # Errors
/// An internal error if that fails.
async fn tell_account(
    cx: &mut Cx,
    operation: &str,
    region: &str,
    pool: UserPoolDescriptionType,
) -> Result<(), Error> {
    let input = serde_json::json!({ "Region": region, "Pool": pool.write() });
    let response = cx.call(Place::Account, operation, &input).await?;
    if response.status == 200 {
        return Ok(());
    }
    let body: Json = serde_json::from_slice(&response.body).unwrap_or_default();
    let code = body.get("__type").and_then(Json::as_str).unwrap_or("nothing");
    Err(Error::bug(alloc::format!("{operation} answered {code}")))
}
