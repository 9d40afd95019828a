//! `DescribeIdentity`: tells who vouches for an identity.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DescribeIdentity.html>

use crate::{prelude::*, shapes::IdentityDescription as Output};

operation!(identity DescribeIdentity, Iam, reach Identity, now, adds []);

shape! { Input {
    IdentityId identity_id: IdentityId,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool_of_identity(&input.identity_id)?;
    Ok(cx.identity(&input.identity_id)?.described(&pool))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{World, federated};

    #[test]
    fn an_identity_shows_its_providers_and_its_times() {
        let (world, users, pool) = federated(json!({}));
        let made = world.now_ms() as f64 / 1000.0;
        let guest = world.ok("GetId", json!({ "IdentityPoolId": pool }))["IdentityId"].take();
        let describe = || world.ok("DescribeIdentity", json!({ "IdentityId": guest }));
        let times = json!({
            "IdentityId": guest, "CreationDate": made, "LastModifiedDate": made,
        });
        assert_eq!(describe(), times);
        world.advance_s(5);
        let logins = world.logins(&users, &world.sign_in(&users, "ann"));
        let input = json!({ "IdentityId": guest, "Logins": logins });
        let _ = world.ok("GetOpenIdToken", input);
        assert_eq!(
            describe(),
            json!({
                "IdentityId": guest, "CreationDate": made, "LastModifiedDate": made + 5.0,
                "Logins": [alloc::format!("cognito-idp.eu-west-1.amazonaws.com/{}", users.id)],
            })
        );
    }

    #[test]
    fn an_identity_that_does_not_exist_is_not_found() {
        let world = World::new();
        let pool = world.identity_pool(json!({}));
        for id in [pool.as_str(), "eu-west-1:0"] {
            let failure = world.fails("DescribeIdentity", json!({ "IdentityId": id }));
            assert_eq!(failure.code, "ResourceNotFoundException");
            assert_eq!(failure.message, alloc::format!("Identity '{id}' not found."));
        }
    }
}
