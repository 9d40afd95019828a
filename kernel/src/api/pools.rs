//! User pools themselves, and the account's list of them.
//!
//! A pool's own place holds the truth; the account's list follows it. A new pool is enlisted before
//! it exists and delisted after it is gone: whatever happens between, no pool exists that is not
//! listed. What may be left is an entry without a pool; `DescribeUserPool` and `DeleteUserPool`
//! remove it when they find none.

pub(super) mod add_custom_attributes;
pub(super) mod change_user_pool_schema;
pub(super) mod change_user_pool_sign_in_names;
pub(super) mod create_user_pool;
pub(super) mod delete_user_pool;
pub(super) mod delist_pool;
pub(super) mod describe_user_pool;
pub(super) mod enlist_pool;
pub(super) mod get_log_delivery_configuration;
pub(super) mod get_user_pool_mfa_config;
pub(super) mod list_tags_for_resource;
pub(super) mod list_user_pools;
pub(super) mod relist_pool;
pub(super) mod run_sign_in_name_change;
pub(super) mod set_log_delivery_configuration;
pub(super) mod set_user_pool_mfa_config;
pub(super) mod tag_resource;
pub(super) mod untag_resource;
pub(super) mod update_user_pool;

use crate::{
    cx::Cx,
    error::{Code, Error},
    model::pool::Pool,
    place::Place,
    shape::{Json, Text, Wire},
    shapes::UserPoolId,
};

/// How long a pool may take to be made. An entry that is younger may be of a pool to come.
const CREATION_MS_MAX: u64 = 60_000;

/// Has the account enlist a new pool (`EnlistPool`), or renew what it lists of one (`RelistPool`);
/// gives its answer.
async fn list(cx: &mut Cx, operation: &str, pool: &Pool) -> Result<Json, Error> {
    let input = serde_json::json!({ "Region": pool.region, "Pool": pool.listed().write() });
    tell_account(cx, operation, &input).await
}

/// Gives back why a pool was not found, once no entry is left of it either.
async fn forget(cx: &mut Cx, id: &UserPoolId, error: Error) -> Error {
    let (Code::ResourceNotFound, Some((region, _))) = (error.code, id.as_str().rsplit_once('_'))
    else {
        return error;
    };
    let made_by_ms = cx.now_ms().saturating_sub(CREATION_MS_MAX);
    let input = serde_json::json!({
        "Region": region, "Id": id.as_str(), "MadeByMs": made_by_ms,
    });
    match tell_account(cx, "DelistPool", &input).await {
        Ok(_) => error,
        Err(trouble) => error.because(trouble.detail.unwrap_or_default()),
    }
}

async fn tell_account(cx: &mut Cx, operation: &str, input: &Json) -> Result<Json, Error> {
    let response = cx.call(Place::Account, operation, input).await?;
    let body: Json = serde_json::from_slice(&response.body).unwrap_or_default();
    if response.status == 200 {
        return Ok(body);
    }
    let code = body.get("__type").and_then(Json::as_str).unwrap_or("nothing");
    Err(Error::bug(alloc::format!("{operation} answered {code}")))
}
