//! `ListTagsForResource`: lists the tags of an identity pool.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_ListTagsForResource.html>

use crate::prelude::*;

operation!(identity ListTagsForResource, Iam, reach IdentityPoolResource, now, adds []);

shape! { Input {
    ResourceArn resource_arn: PlainArn,
} }

shape! { Output {
    Tags tags: Option<IdentityPoolTags>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.identity_pool_of_arn(&input.resource_arn)?.into_inner();
    Ok(Output { tags: Some(pool.description.identity_pool_tags.unwrap_or_default()) })
}
