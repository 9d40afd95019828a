//! `DeleteUserPool`: removes a user pool and all that is in it.
//!
//! The pool goes first, then its entry at the account. If this is cut short between, the entry is
//! left, and goes when the pool is described or deleted once more.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPool.html>

use crate::{directory, model::import, prelude::*, store::keys};

operation!(DeleteUserPool, Iam, reach Pool, asks, adds [UserImportInProgress]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
} }

shape! { Output {} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let found = cx.pool(&input.user_pool_id).map(|pool| {
        let is_protected = pool.description.deletion_protection == Some(DeletionProtection::Active);
        (pool.region.clone(), is_protected)
    });
    let (region, is_protected) = match found {
        Ok(found) => found,
        Err(error) => return Err(super::forget(cx, &input.user_pool_id, error).await),
    };
    if is_protected {
        return Err(Error::saying(
            Code::InvalidParameter,
            "The user pool cannot be deleted because deletion protection is activated. Deletion \
             protection must be inactivated first.",
        ));
    }
    import::refuse_while_importing(cx)?;
    if directory::domains(cx)?.iter().any(Option::is_some) {
        return Err(Error::saying(
            Code::InvalidParameter,
            "User pool cannot be deleted. It has a domain configured that should be deleted first.",
        ));
    }
    // While its first place stands, this can be asked for again.
    cx.wipe_others().await?;
    cx.delete_range(keys::under(""));
    cx.commit()?;
    let entry = serde_json::json!({ "Region": region, "Id": input.user_pool_id.as_str() });
    super::tell_account(cx, "DelistPool", &entry).await?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Place, PoolKey, testing::World};

    fn listed(world: &World) -> usize {
        let list = world.ok("ListUserPools", json!({ "MaxResults": 60 }));
        list["UserPools"].as_array().unwrap().len()
    }

    #[test]
    fn a_deleted_pool_leaves_nothing_and_others_alone() {
        let world = World::new();
        let (pool, other) = (world.pool(json!({})), world.pool(json!({})));
        world.user(&pool, "ann", json!([{ "Name": "email", "Value": "ann@example.com" }]));
        let place = Place::Pool(PoolKey::of_pool_id(&pool.id).unwrap());
        assert!(!world.records(&place).is_empty());
        assert_eq!(world.ok("DeleteUserPool", json!({ "UserPoolId": pool.id })), json!({}));
        assert!(world.records(&place).is_empty());
        assert_eq!(listed(&world), 1);
        for operation in ["DescribeUserPool", "DeleteUserPool", "UpdateUserPool"] {
            let failure = world.fails(operation, json!({ "UserPoolId": pool.id }));
            assert_eq!(failure.code, "ResourceNotFoundException", "{operation}");
        }
        let client = json!({ "UserPoolId": pool.id, "ClientId": pool.client });
        let failure = world.fails("DescribeUserPoolClient", client);
        assert_eq!(failure.code, "ResourceNotFoundException");
        let _ = world.ok("DescribeUserPool", json!({ "UserPoolId": other.id }));
    }

    #[test]
    fn a_protected_pool_stays_until_its_protection_goes() {
        let world = World::new();
        let pool = world.pool(json!({ "DeletionProtection": "ACTIVE" }));
        let refused = world.fails("DeleteUserPool", json!({ "UserPoolId": pool.id }));
        assert_eq!(refused.code, "InvalidParameterException");
        assert!(refused.message.contains("deletion protection is activated"));
        let _ = world.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }));
        assert_eq!(listed(&world), 1);
        let inactive = json!({ "UserPoolId": pool.id, "DeletionProtection": "INACTIVE" });
        let _ = world.ok("UpdateUserPool", inactive);
        let _ = world.ok("DeleteUserPool", json!({ "UserPoolId": pool.id }));
        assert_eq!(listed(&world), 0);
    }

    #[test]
    fn a_deletion_that_was_cut_short_is_finished_by_asking_again() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.calls_fail(true);
        let failure = world.fails("DeleteUserPool", json!({ "UserPoolId": pool.id }));
        assert_eq!(failure.code, "InternalErrorException");
        world.calls_fail(false);
        assert_eq!(listed(&world), 1);
        world.advance_s(60);
        // Of a pool at several places, the first one stands until the others are empty.
        let _ = world.call("DeleteUserPool", json!({ "UserPoolId": pool.id }));
        assert_eq!(listed(&world), 0);
        assert!(world.pool_records(&pool.id).is_empty());
        let failure = world.fails("DeleteUserPool", json!({ "UserPoolId": pool.id }));
        assert_eq!(failure.code, "ResourceNotFoundException");
    }
}
