//! `ListIdentityPools`: lists the identity pools of the region that the call is signed for.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_ListIdentityPools.html>

use crate::{
    model::identity_pool::IdentityPoolEntry,
    prelude::*,
    store::{keys, page},
};

operation!(identity ListIdentityPools, Iam, reach Account, now, adds []);

shape! { Input {
    MaxResults max_results: IdentityQueryLimit,
    NextToken next_token: Option<IdentityPaginationKey>,
} }

shape! { Output {
    IdentityPools identity_pools: Option<Vec<IdentityPoolShortDescription>>,
    NextToken next_token: Option<IdentityPaginationKey>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let prefix = keys::identity_pool_entry(&cx.caller.region, "");
    let token = input.next_token.as_ref().map(Text::as_str);
    let limit = input.max_results.size();
    let (entries, next_token) = page::<IdentityPoolEntry>(cx, &prefix, token, limit)?;
    let pools = entries.into_iter().map(|entry| IdentityPoolShortDescription {
        identity_pool_id: Some(entry.id.as_str().into()),
        identity_pool_name: Some(entry.name.as_str().into()),
    });
    Ok(Output { identity_pools: Some(pools.collect()), next_token: next_token.map(Into::into) })
}

#[cfg(test)]
mod tests {
    use alloc::{collections::BTreeSet, string::ToString};

    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn every_pool_of_the_region_is_on_one_page() {
        let world = World::new();
        let made: BTreeSet<_> = (0..5).map(|_| world.identity_pool(json!({}))).collect();
        world.move_to("us-east-1");
        let _ = world.identity_pool(json!({}));
        world.move_to("eu-west-1");
        let (mut seen, mut token) = (BTreeSet::new(), json!(null));
        loop {
            let input = json!({ "MaxResults": 2, "NextToken": token });
            let page = world.ok("ListIdentityPools", input);
            for pool in page["IdentityPools"].as_array().unwrap() {
                assert_eq!(pool["IdentityPoolName"], "test");
                assert!(seen.insert(pool["IdentityPoolId"].as_str().unwrap().to_string()));
            }
            token = page["NextToken"].clone();
            if token.is_null() {
                break;
            }
        }
        assert_eq!(seen, made);
        let input = json!({ "MaxResults": 2, "NextToken": "x" });
        assert_eq!(world.fails("ListIdentityPools", input).code, "InvalidParameterException");
    }
}
