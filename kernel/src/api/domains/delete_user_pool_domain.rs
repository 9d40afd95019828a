//! `DeleteUserPoolDomain`: takes a domain from a user pool, and makes its name free.
//!
//! The domain goes first, then the claim on its name. If this is cut short between, the claim is
//! left, and goes when another pool wants the name.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolDomain.html>

use crate::{prelude::*, shapes};

operation!(
    DeleteUserPoolDomain, Iam, reach Pool, asks,
    adds [ConcurrentModification],
    lacks [TooManyRequests]
);

shape! { Input {
    Domain domain: shapes::Domain,
    UserPoolId user_pool_id: UserPoolId,
} }

shape! { Output {} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    super::known(cx, input.domain.as_str())?.delete();
    cx.commit()?;
    super::release(cx, input.domain.as_str(), input.user_pool_id.as_str()).await?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn a_deleted_domain_is_gone_and_free() {
        let world = World::new();
        let (pool, other) = (world.pool(json!({})), world.pool(json!({})));
        let named = |id: &str| json!({ "UserPoolId": id, "Domain": "shop" });
        let _ = world.ok("CreateUserPoolDomain", named(&pool.id));
        let failure = world.fails("DeleteUserPoolDomain", named(&other.id));
        assert_eq!(failure.code, "InvalidParameterException");
        assert_eq!(failure.message, "No such domain or user pool exists.");
        assert_eq!(world.ok("DeleteUserPoolDomain", named(&pool.id)), json!({}));
        let shown = world.ok("DescribeUserPoolDomain", json!({ "Domain": "shop" }));
        assert_eq!(shown, json!({ "DomainDescription": {} }));
        let failure = world.fails("DeleteUserPoolDomain", named(&pool.id));
        assert_eq!(failure.code, "InvalidParameterException");
        let _ = world.ok("CreateUserPoolDomain", named(&other.id));
    }

    #[test]
    fn a_deletion_that_was_cut_short_frees_the_name_all_the_same() {
        let world = World::new();
        let (pool, other) = (world.pool(json!({})), world.pool(json!({})));
        let named = |id: &str| json!({ "UserPoolId": id, "Domain": "shop" });
        let _ = world.ok("CreateUserPoolDomain", named(&pool.id));
        world.calls_fail(true);
        let failure = world.fails("DeleteUserPoolDomain", named(&pool.id));
        assert_eq!(failure.code, "InternalErrorException");
        world.calls_fail(false);
        world.advance_s(60);
        let _ = world.ok("CreateUserPoolDomain", named(&other.id));
        let shown = world.ok("DescribeUserPoolDomain", json!({ "Domain": "shop" }));
        assert_eq!(shown["DomainDescription"]["UserPoolId"], other.id);
    }
}
