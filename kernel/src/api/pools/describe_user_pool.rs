//! `DescribeUserPool`: tells all about a user pool.
//!
//! If there is none, an entry that the account may have of it goes: its making or its deletion
//! was cut short.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html>

use crate::{directory, prelude::*};

operation!(DescribeUserPool, Iam, reach Pool, asks, adds [UserPoolTagging]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
} }

shape! { Output {
    UserPool user_pool: Option<UserPoolType>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let found = cx.pool(&input.user_pool_id).map(|pool| pool.description.clone());
    let description = match found {
        Ok(description) => description,
        Err(error) => return Err(super::forget(cx, &input.user_pool_id, error).await),
    };
    let count = directory::count_all(cx)?;
    let estimated_number_of_users = Some(i32::try_from(count).unwrap_or(i32::MAX));
    let [domain, custom_domain] = directory::domains(cx)?;
    let user_pool =
        UserPoolType { estimated_number_of_users, domain, custom_domain, ..description };
    Ok(Output { user_pool: Some(user_pool) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Place, PoolKey, testing::World};

    #[test]
    fn users_are_counted() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        world.user(&pool, "bob", json!([]));
        let count = || {
            let shown = world.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }));
            shown["UserPool"]["EstimatedNumberOfUsers"].clone()
        };
        assert_eq!(count(), 2);
        let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        assert_eq!(count(), 1);
    }

    #[test]
    fn a_pool_is_known_under_its_own_region_only() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let suffix = pool.id.strip_prefix("eu-west-1_").unwrap();
        for id in [
            ["us-east-1_", suffix].concat(),
            ["eu-west-1_", "AbCdEfGhI"].concat(),
            ["eu-west-1_", suffix, "0"].concat(),
            "eu-west-1_short".into(),
        ] {
            let failure = world.fails("DescribeUserPool", json!({ "UserPoolId": id }));
            assert_eq!(failure.code, "ResourceNotFoundException");
            assert_eq!(failure.message, alloc::format!("User pool {id} does not exist."));
        }
    }

    #[test]
    fn an_entry_without_a_pool_goes_when_it_is_described_but_not_while_it_may_be_in_the_making() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let key = PoolKey::of_pool_id(&pool.id).unwrap();
        world.forget(&Place::Pool(key));
        let listed = || {
            let list = world.ok("ListUserPools", json!({ "MaxResults": 60 }));
            list["UserPools"].as_array().unwrap().len()
        };
        let describe = || world.fails("DescribeUserPool", json!({ "UserPoolId": pool.id }));
        assert_eq!(describe().code, "ResourceNotFoundException");
        assert_eq!(listed(), 1);
        world.advance_s(60);
        assert_eq!(describe().code, "ResourceNotFoundException");
        assert_eq!(listed(), 0);
    }
}
