//! `DeleteIdentityPool`: removes an identity pool and all its identities.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DeleteIdentityPool.html>

use crate::{prelude::*, store::keys};

operation!(identity DeleteIdentityPool, Iam, reach IdentityPool, asks, adds []);

shape! { Input {
    IdentityPoolId identity_pool_id: IdentityPoolId,
} }

shape! { Output {} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let id = input.identity_pool_id;
    if !super::is_here(cx, &id)? {
        return Err(super::forget(cx, &id).await);
    }
    let region = cx.identity_pool(&id)?.region.clone();
    cx.delete_range(keys::under(""));
    cx.commit()?;
    let entry = serde_json::json!({ "Region": region, "Id": id.as_str() });
    super::tell_account(cx, "DelistIdentityPool", &entry).await?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{IdentityPoolKey, Place, testing::World};

    #[test]
    fn a_deleted_pool_leaves_nothing_and_others_alone() {
        let world = World::new();
        let [gone, stays] = [(); 2].map(|()| world.identity_pool(json!({})));
        let _ = world.ok("GetId", json!({ "IdentityPoolId": gone }));
        let other = world.ok("GetId", json!({ "IdentityPoolId": stays }));
        assert_eq!(world.ok("DeleteIdentityPool", json!({ "IdentityPoolId": gone })), json!({}));
        let place = Place::IdentityPool(IdentityPoolKey::of_id(&gone).unwrap());
        assert!(world.records(&place).is_empty());
        let listed = world.ok("ListIdentityPools", json!({ "MaxResults": 60 }));
        assert_eq!(listed["IdentityPools"].as_array().unwrap().len(), 1);
        let _ = world.ok("DescribeIdentity", json!({ "IdentityId": other["IdentityId"] }));
        for operation in ["DescribeIdentityPool", "DeleteIdentityPool", "GetId"] {
            let failure = world.fails(operation, json!({ "IdentityPoolId": gone }));
            assert_eq!(failure.code, "ResourceNotFoundException", "{operation}");
            assert_eq!(failure.message, alloc::format!("IdentityPool '{gone}' not found."));
        }
    }

    #[test]
    fn a_deletion_that_was_cut_short_is_finished_by_asking_again() {
        let world = World::new();
        let id = world.identity_pool(json!({}));
        world.calls_fail(true);
        let failure = world.fails("DeleteIdentityPool", json!({ "IdentityPoolId": id }));
        assert_eq!(failure.code, "InternalErrorException");
        world.calls_fail(false);
        world.advance_s(61);
        let failure = world.fails("DescribeIdentityPool", json!({ "IdentityPoolId": id }));
        assert_eq!(failure.code, "ResourceNotFoundException");
        let listed = world.ok("ListIdentityPools", json!({ "MaxResults": 60 }));
        assert_eq!(listed["IdentityPools"], json!([]));
    }
}
