//! `UntagResource`: takes tags off a user pool; keys that it doesn't have are passed over.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UntagResource.html>

use crate::{
    model::pool::{Pool, tags},
    prelude::*,
    store::keys,
};

operation!(UntagResource, Iam, reach Resource, now, adds []);

shape! { Input {
    ResourceArn resource_arn: Arn,
    TagKeys tag_keys: Vec<TagKey>,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let mut pool = Pool::clone(&*cx.pool_of_arn(&input.resource_arn)?);
    let all = pool.description.user_pool_tags.get_or_insert_default();
    all.retain(|key, _| !input.tag_keys.contains(key));
    pool.token_algorithm = tags::token_algorithm(Some(&*all)).map_err(tags::undeclared)?;
    cx.put(keys::POOL, &pool)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn named_tags_go_and_others_stay() {
        let world = World::new();
        let tags = json!({ "team": "shop", "stage": "test", "owner": "ann" });
        let pool = world.pool(json!({ "UserPoolTags": tags }));
        let arn = world.arn(&pool);
        let untag = |keys| {
            let input = json!({ "ResourceArn": arn, "TagKeys": keys });
            assert_eq!(world.ok("UntagResource", input), json!({}));
            world.ok("ListTagsForResource", json!({ "ResourceArn": arn }))["Tags"].take()
        };
        assert_eq!(
            untag(json!(["stage", "unknown", "Team"])),
            json!({ "owner": "ann", "team": "shop" })
        );
        assert_eq!(untag(json!(["owner", "team"])), json!({}));
        assert_eq!(untag(json!([])), json!({}));
    }

    #[test]
    fn without_its_tag_a_pool_signs_as_cognito_does() {
        let world = World::new();
        let key = "cognate:token-algorithm";
        let pool = world.pool(json!({ "UserPoolTags": { key: "EdDSA" } }));
        let input = json!({ "ResourceArn": world.arn(&pool), "TagKeys": [key] });
        let _ = world.ok("UntagResource", input);
        world.user(&pool, "ann", json!([]));
        let token = world.sign_in(&pool, "ann")["IdToken"].take();
        let header = jsonwebtoken::decode_header(token.as_str().unwrap()).unwrap();
        assert_eq!(header.alg, jsonwebtoken::Algorithm::RS256);
    }
}
