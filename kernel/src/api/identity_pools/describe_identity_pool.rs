//! `DescribeIdentityPool`: tells all about an identity pool.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DescribeIdentityPool.html>

use crate::{prelude::*, shapes::IdentityPoolDescription as Output};

operation!(identity DescribeIdentityPool, Iam, reach IdentityPool, asks, adds []);

shape! { Input {
    IdentityPoolId identity_pool_id: IdentityPoolId,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    if !super::is_here(cx, &input.identity_pool_id)? {
        return Err(super::forget(cx, &input.identity_pool_id).await);
    }
    cx.identity_pool(&input.identity_pool_id)?.shown(cx)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn an_id_is_known_whole_or_not_at_all() {
        let world = World::new();
        let id = world.identity_pool(json!({}));
        let of_an_identity =
            world.ok("GetId", json!({ "IdentityPoolId": id }))["IdentityId"].take();
        let of_another_region = id.replace("eu-west-1", "us-east-1");
        for other in [of_an_identity.as_str().unwrap(), &of_another_region, "eu-west-1:0"] {
            let failure = world.fails("DescribeIdentityPool", json!({ "IdentityPoolId": other }));
            assert_eq!(failure.code, "ResourceNotFoundException", "{other}");
        }
    }
}
