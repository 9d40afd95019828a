//! `UntagResource`: takes tags off an identity pool; keys that it doesn't have are passed over.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UntagResource.html>

use crate::prelude::*;

operation!(identity UntagResource, Iam, reach IdentityPoolResource, now, adds []);

shape! { Input {
    ResourceArn resource_arn: PlainArn,
    TagKeys tag_keys: Vec<TagKey>,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let mut pool = cx.identity_pool_of_arn(&input.resource_arn)?;
    let all = pool.description.identity_pool_tags.get_or_insert_default();
    all.retain(|key, _| !input.tag_keys.contains(key));
    pool.save()?;
    Ok(Output {})
}
