//! Domains of user pools: under which name their pages are reached.
//!
//! A pool's own place holds the truth about its domains; the account knows only which pool a name
//! belongs to, so that no two pools share one. A name is claimed there before the pool has it and
//! released after it is gone. What may be left is a claim without a domain: it is given up when
//! another pool wants the name and the claimant, asked, does not have it.

pub(super) mod claim_domain;
pub(super) mod create_user_pool_domain;
pub(super) mod delete_user_pool_domain;
pub(super) mod describe_user_pool_domain;
pub(super) mod release_domain;
pub(super) mod show_domain;
pub(super) mod update_user_pool_domain;

use alloc::string::{String, ToString};

use crate::{
    cx::Cx,
    error::{Code, Error},
    model::domain::Domain,
    place::Place,
    shape::Json,
    store::{Row, keys},
};

/// How long a pool may take to make a claimed name its own. A claim that is younger stands.
const CREATION_MS_MAX: u64 = 60_000;

/// The domain of that name, which is one of this pool's.
///
/// # Errors
/// `InvalidParameterException` if it isn't.
fn known<'cx>(cx: &'cx Cx, name: &str) -> Result<Row<'cx, Domain>, Error> {
    cx.get(keys::domain(name))?
        .ok_or_else(|| Error::saying(Code::InvalidParameter, "No such domain or user pool exists."))
}

/// Has the account forget that a name is this pool's, unless it is another's by now.
async fn release(cx: &mut Cx, name: &str, pool_id: &str) -> Result<(), Error> {
    let input = serde_json::json!({ "Name": name, "PoolId": pool_id });
    ask(cx, Place::Account, "ReleaseDomain", &input).await.map(drop)
}

/// Runs an internal operation elsewhere, which must succeed.
async fn ask(cx: &mut Cx, place: Place, operation: &str, input: &Json) -> Result<Json, Error> {
    let response = cx.call(place, operation, input).await?;
    let body: Json = serde_json::from_slice(&response.body).unwrap_or_default();
    if response.status == 200 {
        return Ok(body);
    }
    let code = body.get("__type").and_then(Json::as_str).unwrap_or("nothing");
    Err(Error::bug(alloc::format!("{operation} answered {code}")))
}

/// The host at which the deployment is reached: what a custom domain's name must lead to.
fn host(cx: &Cx) -> String {
    let origin = cx.deployment().public_url.as_deref().unwrap_or(&cx.caller.origin);
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    host.split(['/', ':']).next().unwrap_or(host).to_string()
}
