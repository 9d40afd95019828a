//! `TagResource`: puts tags on a user pool; those of other keys stay.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_TagResource.html>

use crate::{
    model::pool::{Pool, tags},
    prelude::*,
    store::keys,
};

operation!(TagResource, Iam, reach Resource, now, adds []);

shape! { Input {
    ResourceArn resource_arn: Arn,
    Tags tags: UserPoolTags,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let mut pool = Pool::clone(&*cx.pool_of_arn(&input.resource_arn)?);
    tags::check_shards(Some(&input.tags), &pool.id)?;
    let all = pool.description.user_pool_tags.get_or_insert_default();
    all.extend(input.tags.0);
    pool.token_algorithm = tags::token_algorithm(Some(&*all)).map_err(tags::undeclared)?;
    cx.put(keys::POOL, &pool)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use serde_json::json;

    use crate::{shape::Json, testing::World};

    #[test]
    fn new_tags_come_to_the_old_ones_and_stand_wherever_tags_are_shown() {
        let world = World::new();
        let pool = world.pool(json!({ "UserPoolTags": { "team": "shop", "stage": "test" } }));
        let arn = world.arn(&pool);
        let tags = json!({ "stage": "live", "owner": "ann" });
        assert_eq!(world.ok("TagResource", json!({ "ResourceArn": arn, "Tags": tags })), json!({}));
        let expected = json!({ "owner": "ann", "stage": "live", "team": "shop" });
        let listed = world.ok("ListTagsForResource", json!({ "ResourceArn": arn }));
        assert_eq!(listed["Tags"], expected);
        let described = world.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }));
        assert_eq!(described["UserPool"]["UserPoolTags"], expected);
    }

    #[test]
    fn a_tag_of_ours_means_the_same_as_at_the_making() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let tag = |value: &str| {
            let tags = json!({ "cognate:token-algorithm": value });
            world.call("TagResource", json!({ "ResourceArn": world.arn(&pool), "Tags": tags }))
        };
        assert_eq!(tag("HS256").unwrap_err().code, "InvalidParameterException");
        let _ = tag("ES256").unwrap();
        world.user(&pool, "ann", json!([]));
        let token = world.sign_in(&pool, "ann")["IdToken"].take();
        let header = jsonwebtoken::decode_header(token.as_str().unwrap()).unwrap();
        assert_eq!(header.alg, jsonwebtoken::Algorithm::ES256);
    }

    #[test]
    fn fifty_tags_are_enough_and_reserved_ones_are_refused() {
        let world = World::new();
        let pool = world.pool(json!({ "UserPoolTags": { "first": "" } }));
        let arn = world.arn(&pool);
        let tag =
            |tags: Json| world.call("TagResource", json!({ "ResourceArn": arn, "Tags": tags }));
        let many = |count: usize| {
            Json::Object((0..count).map(|n| (format!("t{n}"), json!("x"))).collect())
        };
        for bad in [many(50), json!({ "aws:name": "x" }), json!({ "AWS:name": "x" })] {
            assert_eq!(tag(bad).unwrap_err().code, "InvalidParameterException");
            let listed = world.ok("ListTagsForResource", json!({ "ResourceArn": arn }));
            assert_eq!(listed["Tags"], json!({ "first": "" }));
        }
        let _ = tag(many(49)).unwrap();
        let _ = tag(json!({ "first": "again" })).unwrap();
    }
}
