//! `ListTagsForResource`: lists the tags of a user pool.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListTagsForResource.html>

use crate::prelude::*;

operation!(ListTagsForResource, Iam, reach Resource, now, adds []);

shape! { Input {
    ResourceArn resource_arn: Arn,
} }

shape! { Output {
    Tags tags: Option<UserPoolTags>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool_of_arn(&input.resource_arn)?;
    Ok(Output { tags: Some(pool.description.user_pool_tags.clone().unwrap_or_default()) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn a_pool_shows_the_tags_that_it_was_made_with() {
        let world = World::new();
        for tags in [json!({}), json!({ "team": "shop", "empty": "" })] {
            let pool = world.pool(json!({ "UserPoolTags": tags }));
            let input = json!({ "ResourceArn": world.arn(&pool) });
            assert_eq!(world.ok("ListTagsForResource", input), json!({ "Tags": tags }));
        }
    }

    #[test]
    fn an_arn_must_be_that_of_a_pool_of_this_account() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let arn = world.arn(&pool);
        for (operation, rest) in [
            ("ListTagsForResource", json!({})),
            ("TagResource", json!({ "Tags": { "a": "b" } })),
            ("UntagResource", json!({ "TagKeys": ["a"] })),
        ] {
            for (wrong, code) in [
                (arn.replace("eu-west-1:", "us-east-1:"), "ResourceNotFoundException"),
                (arn.replace("123456789012", "210987654321"), "ResourceNotFoundException"),
                (arn.replace(&pool.id, "eu-west-1_000000000"), "ResourceNotFoundException"),
                (arn.replace(&pool.id, "eu-west-1_short"), "ResourceNotFoundException"),
                (arn.replace("cognito-idp", "cognito-sync"), "InvalidParameterException"),
                (arn.replace("userpool", "identitypool"), "InvalidParameterException"),
                ("arn:aws:iam::123456789012:role/reader".into(), "InvalidParameterException"),
            ] {
                let mut input = rest.clone();
                input["ResourceArn"] = json!(wrong);
                assert_eq!(world.fails(operation, input).code, code, "{operation} {wrong}");
            }
        }
    }
}
