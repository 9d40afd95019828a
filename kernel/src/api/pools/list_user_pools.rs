//! `ListUserPools`: lists the user pools of the region that the call is signed for.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPools.html>

use crate::{
    model::pool::entry::PoolEntry,
    prelude::*,
    store::{keys, page},
};

operation!(
    ListUserPools, Iam, reach Account, now,
    adds [],
    lacks [OperationNotEnabled, ResourceNotFound]
);

shape! { Input {
    NextToken next_token: Option<PaginationToken>,
    MaxResults max_results: PageLimit,
} }

shape! { Output {
    UserPools user_pools: Option<Vec<UserPoolDescriptionType>>,
    NextToken next_token: Option<PaginationToken>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let prefix = keys::pool_entry(&cx.caller.region, "");
    let limit = usize::try_from(input.max_results.get()).unwrap_or(1);
    let token = input.next_token.as_ref().map(Text::as_str);
    let (entries, next_token) = page::<PoolEntry>(cx, &prefix, token, limit)?;
    let pools = entries.into_iter().map(|entry| entry.into_inner().description).collect();
    Ok(Output { user_pools: Some(pools), next_token: next_token.map(PaginationToken::from) })
}

#[cfg(test)]
mod tests {
    use alloc::{
        collections::BTreeSet,
        string::{String, ToString},
    };

    use serde_json::json;

    use crate::{shape::Json, testing::World};

    fn ids(page: &Json) -> BTreeSet<String> {
        let pools = page["UserPools"].as_array().unwrap();
        pools.iter().map(|pool| pool["Id"].as_str().unwrap().to_string()).collect()
    }

    #[test]
    fn a_pool_is_listed_as_it_stands() {
        let world = World::new();
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:f";
        let settings = json!({ "PoolName": "shop", "LambdaConfig": { "PreSignUp": arn } });
        let pool = world.pool(settings);
        let made = world.now_ms() as f64 / 1000.0;
        assert_eq!(
            world.ok("ListUserPools", json!({ "MaxResults": 1 })),
            json!({ "UserPools": [{
                "Id": pool.id, "Name": "shop", "LambdaConfig": { "PreSignUp": arn },
                "CreationDate": made, "LastModifiedDate": made,
            }] })
        );
        world.advance_s(10);
        let _ = world.ok("UpdateUserPool", json!({ "UserPoolId": pool.id, "PoolName": "store" }));
        assert_eq!(
            world.ok("ListUserPools", json!({ "MaxResults": 1 })),
            json!({ "UserPools": [{
                "Id": pool.id, "Name": "store", "LambdaConfig": {},
                "CreationDate": made, "LastModifiedDate": made + 10.0,
            }] })
        );
    }

    #[test]
    fn every_pool_is_on_one_page_though_others_come_and_go() {
        let world = World::new();
        let stays: BTreeSet<String> = (0..7).map(|_| world.pool(json!({})).id).collect();
        let mut goes = world.pool(json!({})).id;
        let mut seen = BTreeSet::new();
        let mut token = json!(null);
        loop {
            let page = world.ok("ListUserPools", json!({ "MaxResults": 2, "NextToken": token }));
            let new = ids(&page);
            assert!(new.len() <= 2);
            for id in new {
                assert!(seen.insert(id), "a pool is on two pages");
            }
            let _ = world.ok("DeleteUserPool", json!({ "UserPoolId": goes }));
            goes = world.pool(json!({})).id;
            token = page["NextToken"].clone();
            if token.is_null() {
                break;
            }
        }
        assert!(stays.is_subset(&seen));
    }

    #[test]
    fn a_list_shows_the_region_that_is_asked() {
        let world = World::new();
        let near = world.pool(json!({})).id;
        world.move_to("us-east-1");
        let far = world.pool(json!({})).id;
        assert!(far.starts_with("us-east-1_"), "{far}");
        let listed = || ids(&world.ok("ListUserPools", json!({ "MaxResults": 60 })));
        assert_eq!(listed(), [far].into());
        world.move_to("eu-west-1");
        assert_eq!(listed(), [near].into());
        world.move_to("eu-west");
        assert_eq!(listed(), BTreeSet::new());
    }

    #[test]
    fn a_token_that_is_not_ours_is_refused() {
        let world = World::new();
        for token in ["x", "eyJhIjoxfQ", "%%%"] {
            let input = json!({ "MaxResults": 1, "NextToken": token });
            assert_eq!(world.fails("ListUserPools", input).code, "InvalidParameterException");
        }
    }

    #[test]
    fn a_page_has_one_to_sixty() {
        let world = World::new();
        for input in [json!({ "MaxResults": 0 }), json!({ "MaxResults": 61 }), json!({})] {
            assert_eq!(world.fails("ListUserPools", input).code, "InvalidParameterException");
        }
    }
}
