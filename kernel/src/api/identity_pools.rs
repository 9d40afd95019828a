//! Identity pools themselves, and the account's list of them.
//!
//! As with user pools, a new one is enlisted before it exists and delisted after it is gone.

pub(super) mod create_identity_pool;
pub(super) mod delete_identity_pool;
pub(super) mod delist_identity_pool;
pub(super) mod describe_identity_pool;
pub(super) mod enlist_identity_pool;
pub(super) mod get_identity_pool_roles;
pub(super) mod get_principal_tag_attribute_map;
pub(super) mod list_identity_pools;
pub(super) mod list_tags_for_resource;
pub(super) mod set_identity_pool_roles;
pub(super) mod set_principal_tag_attribute_map;
pub(super) mod tag_resource;
pub(super) mod untag_resource;
pub(super) mod update_identity_pool;

use crate::{
    cx::Cx,
    error::{Code, Error},
    model::identity_pool::{IdentityPool, no_pool},
    place::Place,
    shape::{Json, Text},
    shapes::IdentityPoolId,
};

/// Has the account list a pool, which is new or has another name now.
async fn enlist(cx: &mut Cx, pool: &IdentityPool, is_new: bool) -> Result<(), Error> {
    let input = serde_json::json!({
        "Region": pool.region,
        "Id": pool.id,
        "Name": pool.description.identity_pool_name.as_str(),
        "IsNew": is_new,
    });
    tell_account(cx, "EnlistIdentityPool", &input).await
}

/// Says that a pool was not found, once no entry is left of it either.
async fn forget(cx: &mut Cx, id: &IdentityPoolId) -> Error {
    let missing = no_pool(id.as_str());
    let Some((region, _)) = id.as_str().split_once(':') else { return missing };
    let input = serde_json::json!({ "Region": region, "Id": id.as_str(), "IsMissing": true });
    match tell_account(cx, "DelistIdentityPool", &input).await {
        Ok(()) => missing,
        Err(trouble) => missing.because(trouble.detail.unwrap_or_default()),
    }
}

async fn tell_account(cx: &mut Cx, operation: &str, input: &Json) -> Result<(), Error> {
    let response = cx.call(Place::Account, operation, input).await?;
    match response.status {
        200 => Ok(()),
        status => Err(Error::bug(alloc::format!("{operation} answered {status}"))),
    }
}

/// Whether the pool of that id lives here.
fn is_here(cx: &Cx, id: &IdentityPoolId) -> Result<bool, Error> {
    match cx.identity_pool(id) {
        Ok(_) => Ok(true),
        Err(error) if error.code == Code::ResourceNotFound => Ok(false),
        Err(error) => Err(error),
    }
}
