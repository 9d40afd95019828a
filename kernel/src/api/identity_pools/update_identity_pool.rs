//! `UpdateIdentityPool`: replaces the configuration of an identity pool.
//!
//! What is not named goes, but for the name of the developer's provider, which stays once it is
//! set.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UpdateIdentityPool.html>

use crate::{
    model::identity_pool::rules,
    prelude::*,
    shapes::{IdentityPoolDescription as Input, IdentityPoolDescription as Output},
};

operation!(
    identity UpdateIdentityPool, Iam, reach IdentityPool, asks,
    adds [ConcurrentModification, LimitExceeded, ResourceConflict]
);

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let mut pool = cx.identity_pool(&input.identity_pool_id)?;
    rules::check(&input)?;
    let before = &pool.description.developer_provider_name;
    let developer_provider_name = match (before, input.developer_provider_name) {
        (Some(before), Some(wanted)) if *before != wanted => {
            return Err(Error::saying(
                Code::InvalidParameter,
                "The developer provider name can not be changed once it is set.",
            ));
        }
        (before, wanted) => before.clone().or(wanted),
    };
    let tags = input.identity_pool_tags.or_else(|| pool.description.identity_pool_tags.clone());
    let is_renamed = pool.description.identity_pool_name != input.identity_pool_name;
    pool.configure(cx, Output { developer_provider_name, identity_pool_tags: tags, ..input })?;
    pool.save()?;
    let pool = pool.into_inner();
    cx.commit()?;
    if is_renamed {
        // The pool's own place holds the truth: the list is put right by the next renaming.
        super::enlist(cx, &pool, false).await?;
    }
    pool.shown(cx)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn what_is_not_named_goes_and_the_list_shows_the_new_name() {
        let world = World::new();
        let id = world.identity_pool(json!({
            "SupportedLoginProviders": { "accounts.google.com": "app" }, "AllowClassicFlow": true,
            "IdentityPoolTags": { "team": "shop" },
        }));
        let input = json!({
            "IdentityPoolId": id, "IdentityPoolName": "store",
            "AllowUnauthenticatedIdentities": false,
        });
        let updated = world.ok("UpdateIdentityPool", input);
        assert_eq!(
            updated,
            json!({
                "IdentityPoolId": id, "IdentityPoolName": "store",
                "AllowUnauthenticatedIdentities": false, "IdentityPoolTags": { "team": "shop" },
            })
        );
        assert_eq!(world.ok("DescribeIdentityPool", json!({ "IdentityPoolId": id })), updated);
        let listed = world.ok("ListIdentityPools", json!({ "MaxResults": 1 }));
        assert_eq!(listed["IdentityPools"][0]["IdentityPoolName"], "store");
    }

    #[test]
    fn the_name_of_the_developers_provider_is_set_once() {
        let world = World::new();
        let id = world.identity_pool(json!({}));
        let update = |name: serde_json::Value| {
            world.call(
                "UpdateIdentityPool",
                json!({
                    "IdentityPoolId": id, "IdentityPoolName": "test",
                    "AllowUnauthenticatedIdentities": true, "DeveloperProviderName": name,
                }),
            )
        };
        assert_eq!(update(json!("login.shop")).unwrap()["DeveloperProviderName"], "login.shop");
        assert_eq!(update(json!(null)).unwrap()["DeveloperProviderName"], "login.shop");
        let refused = update(json!("login.store")).unwrap_err();
        assert_eq!(refused.code, "InvalidParameterException");
        let shown = world.ok("DescribeIdentityPool", json!({ "IdentityPoolId": id }));
        assert_eq!(shown["DeveloperProviderName"], "login.shop");
    }
}
