//! `UpdateProvisionedLimit`: says how many calls of a category are answered in a second.
//!
//! It stands for every pool, each counted by itself, in all regions, and may be less than the usual
//! rate; 2147483647 takes the limit away. The account is changed first and pools made from then on
//! follow it; then every other pool is told. If that is cut short some have the new rate and some the
//! old one until the call is made again.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateProvisionedLimit.html>

use crate::{
    limit::Rates,
    model::pool::entry::PoolEntry,
    place::{Place, PoolKey},
    prelude::*,
    store::keys,
};

operation!(
    UpdateProvisionedLimit, Iam, reach Account, asks,
    adds [ServiceQuotaExceeded],
    lacks [OperationNotEnabled]
);

shape! { Input {
    LimitDefinition limit_definition: LimitDefinitionType,
    RequestedLimitValue requested_limit_value: i32,
} }

shape! { Output {
    Limit limit: LimitType,
} }

/// So many entries are read at once.
const READ: usize = 100;

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let category = input.limit_definition.category()?;
    if input.requested_limit_value < 1 {
        let message = "The requested limit must be at least 1.";
        return Err(Error::saying(Code::InvalidParameter, message));
    }
    let mut rates = cx.get::<Rates>(keys::RATES)?.map(|row| row.into_inner()).unwrap_or_default();
    rates.per_second.insert(category.wire().to_string(), input.requested_limit_value);
    cx.put(keys::RATES, &rates)?;
    let limit = input.limit_definition.described(cx)?;
    cx.commit()?;

    let told = serde_json::json!({ "Rates": rates.per_second });
    let mut range = keys::under(keys::POOL_ENTRIES);
    loop {
        let page = cx.scan::<PoolEntry>(range.start.as_str()..range.end.as_str(), READ)?;
        let Some(last) = page.last() else { break };
        range.start = keys::after("", last.key()).start;
        let ids: Vec<String> = page.iter().map(|row| row.key().to_string()).collect();
        drop(page);
        for id in ids {
            let key = id.rsplit('/').next().and_then(PoolKey::of_pool_id);
            let key = key.ok_or_else(|| Error::bug("an entry names no pool"))?;
            let response = cx.call(Place::Pool(key), "AdoptRates", &told).await?;
            if response.status != 200 {
                return Err(Error::bug("a pool did not take over a rate"));
            }
        }
    }
    Ok(Output { limit })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        Deployment, RateLimits,
        shape::Json,
        testing::{TestPool, World},
    };

    fn limit(world: &World, category: &str, rate: i32) {
        let input = json!({
            "LimitDefinition": {
                "LimitClass": "API_CATEGORY", "Attributes": { "Category": category },
            },
            "RequestedLimitValue": rate,
        });
        let _ = world.ok("UpdateProvisionedLimit", input);
    }

    fn get(world: &World, pool: &TestPool) -> Result<Json, crate::testing::Failure> {
        world.call("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": "ann" }))
    }

    fn answered(world: &World, pool: &TestPool) -> usize {
        (0..50).take_while(|_| get(world, pool).is_ok()).count()
    }

    #[test]
    fn a_category_is_limited_in_pools_that_stand_and_in_pools_to_come() {
        let world = World::new();
        let before = world.pool(json!({}));
        limit(&world, "UserRead", 3);
        let after = world.pool(json!({}));
        for pool in [&before, &after] {
            world.user(pool, "ann", json!([]));
            assert_eq!(answered(&world, pool), 3);
            assert_eq!(get(&world, pool).unwrap_err().code, "TooManyRequestsException");
            let list = json!({ "UserPoolId": pool.id, "Username": "ann" });
            let _ = world.ok("AdminListGroupsForUser", list);
        }
        world.advance_s(1);
        assert_eq!(answered(&world, &before), 3);
        limit(&world, "UserRead", i32::MAX);
        assert_eq!(answered(&world, &before), 50);
    }

    #[test]
    fn who_is_refused_is_told_when_to_come_again() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        limit(&world, "UserRead", 1);
        assert_eq!(answered(&world, &pool), 1);
        let input = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let response = world.send(&world.request("AdminGetUser", &input));
        assert_eq!(response.status, 400);
        assert_eq!(response.header("retry-after"), Some("1"));
        assert_eq!(response.header("x-amzn-errortype"), Some("TooManyRequestsException:"));
    }

    #[test]
    fn awss_numbers_hold_for_each_category_and_each_user() {
        let aws = Deployment { rate_limits: RateLimits::Aws, ..Deployment::default() };
        let world = World::with(aws);
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        world.advance_s(2);
        assert_eq!(answered(&world, &pool), 10);
        let write = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let _ = world.ok("AdminUserGlobalSignOut", write);
        let describe = || world.call("DescribeUserPool", json!({ "UserPoolId": pool.id }));
        assert_eq!((0..50).take_while(|_| describe().is_ok()).count(), 15);
    }

    #[test]
    fn nothing_is_limited_unless_somebody_asks_for_it() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        assert!((0..500).all(|_| get(&world, &pool).is_ok()));
    }

    #[test]
    fn answers_to_challenges_are_counted_apart_and_three_to_one() {
        let world = World::new();
        let pool = world.pool(json!({}));
        limit(&world, "UserAuthentication", 1);
        let answer = || {
            let input = json!({
                "ClientId": pool.client, "ChallengeName": "PASSWORD_VERIFIER",
                "ChallengeResponses": {},
            });
            world.fails("RespondToAuthChallenge", input).code
        };
        let codes = [(); 4].map(|()| answer());
        assert!(codes[..3].iter().all(|code| code == "InvalidParameterException"), "{codes:?}");
        assert_eq!(codes[3], "TooManyRequestsException");
    }

    #[test]
    fn a_rate_below_one_is_refused_and_a_pool_that_cannot_be_told_is_no_success() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let input = |rate: i32| {
            json!({
                "LimitDefinition": {
                    "LimitClass": "API_CATEGORY", "Attributes": { "Category": "UserRead" },
                },
                "RequestedLimitValue": rate,
            })
        };
        let failure = world.fails("UpdateProvisionedLimit", input(0));
        assert_eq!(failure.code, "InvalidParameterException");
        world.calls_fail(true);
        let failure = world.fails("UpdateProvisionedLimit", input(2));
        assert_eq!(failure.code, "InternalErrorException");
        world.calls_fail(false);
        let _ = world.ok("UpdateProvisionedLimit", input(2));
        assert_eq!(answered(&world, &pool), 2);
    }
}
