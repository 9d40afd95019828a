//! `TagResource`: puts tags on an identity pool; those of other keys stay.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_TagResource.html>

use crate::{model::identity_pool::rules, prelude::*};

operation!(identity TagResource, Iam, reach IdentityPoolResource, now, adds []);

shape! { Input {
    ResourceArn resource_arn: PlainArn,
    Tags tags: IdentityPoolTags,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let mut pool = cx.identity_pool_of_arn(&input.resource_arn)?;
    let all = pool.description.identity_pool_tags.get_or_insert_default();
    all.extend(input.tags.0);
    rules::check_tags(all)?;
    pool.save()?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use serde_json::json;

    use crate::{shape::Json, testing::World};

    fn call(world: &World, operation: &str, input: Json) -> Result<Json, String> {
        let operation = format!("AWSCognitoIdentityService.{operation}");
        world.call(&operation, input).map_err(|failure| failure.code)
    }

    use alloc::string::String;

    #[test]
    fn tags_come_and_go_and_are_shown() {
        let world = World::new();
        let id = world.identity_pool(json!({ "IdentityPoolTags": { "team": "shop" } }));
        let arn = format!("arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/{id}");
        let tags = json!({ "stage": "test", "owner": "ann" });
        let input = json!({ "ResourceArn": arn, "Tags": tags });
        assert_eq!(call(&world, "TagResource", input), Ok(json!({})));
        let input = json!({ "ResourceArn": arn, "TagKeys": ["stage", "nothing"] });
        assert_eq!(call(&world, "UntagResource", input), Ok(json!({})));
        let listed = call(&world, "ListTagsForResource", json!({ "ResourceArn": arn }));
        let expected = json!({ "owner": "ann", "team": "shop" });
        assert_eq!(listed, Ok(json!({ "Tags": expected })));
        let shown = world.ok("DescribeIdentityPool", json!({ "IdentityPoolId": id }));
        assert_eq!(shown["IdentityPoolTags"], expected);
        let reserved = json!({ "ResourceArn": arn, "Tags": { "aws:x": "y" } });
        let refused = Err("InvalidParameterException".into());
        assert_eq!(call(&world, "TagResource", reserved), refused);
    }

    #[test]
    fn an_arn_must_be_that_of_an_identity_pool_of_this_account() {
        let world = World::new();
        let id = world.identity_pool(json!({}));
        let users = world.pool(json!({}));
        let arn = |region: &str, account: &str| {
            format!("arn:aws:cognito-identity:{region}:{account}:identitypool/{id}")
        };
        for (arn, code) in [
            (arn("us-east-1", "123456789012"), "ResourceNotFoundException"),
            (arn("eu-west-1", "000000000000"), "ResourceNotFoundException"),
            (world.arn(&users), "InvalidParameterException"),
        ] {
            let input = json!({ "ResourceArn": arn });
            assert_eq!(call(&world, "ListTagsForResource", input), Err(code.into()), "{arn}");
        }
    }
}
