//! Which tags does Cognate itself read? They stand for settings that Cognito has no member for.

use alloc::{
    format,
    string::{String, ToString},
};

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::{
    crypto::KeyAlgorithm,
    error::{Code, Error},
    place::{PoolKey, Shards},
    shape::Text,
    shapes::{TagKey, UserPoolTags},
};

/// What new signing keys of the pool are made for: `RS256`, `ES256` or `EdDSA`.
pub(crate) const TOKEN_ALGORITHM: &str = "cognate:token-algorithm";
/// Over how many places the pool's users are spread; fixed when the pool is made.
pub(crate) const SHARDS: &str = "cognate:shards";
/// The X25519 key, in base64, to which codes are sealed for the pool's own senders.
pub(crate) const SENDER_KEY: &str = "cognate:sender-key";
/// The URL to which all functions of the pool are called.
pub(crate) const TRIGGERS: &str = "cognate:triggers";

/// Tags that begin so are not for callers to write.
const RESERVED_PREFIX: &str = "aws:";
const TAGS_MAX: usize = 50;

/// What the tags ask for.
///
/// # Errors
/// `InvalidParameterException` for a tag of ours with another value than those; for more than 50
/// tags, or reserved ones, `UserPoolTaggingException`.
pub(crate) fn token_algorithm(tags: Option<&UserPoolTags>) -> Result<KeyAlgorithm, Error> {
    let Some(tags) = tags else { return Ok(KeyAlgorithm::default()) };
    if tags.len() > TAGS_MAX {
        let message = format!("A user pool has {TAGS_MAX} tags at most.");
        return Err(Error::saying(Code::UserPoolTagging, message));
    }
    let is_reserved = |key: &&TagKey| {
        let start = key.as_str().get(..RESERVED_PREFIX.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(RESERVED_PREFIX))
    };
    if let Some(key) = tags.keys().find(is_reserved) {
        let message = format!("The tag {} begins with a reserved prefix.", key.as_str());
        return Err(Error::saying(Code::UserPoolTagging, message));
    }
    let tag = |key: &str| tags.get(&TagKey::from(key)).map(Text::as_str);
    if let Some(shards) = tag(SHARDS).filter(|shards| Shards::read(shards).is_none()) {
        return Err(invalid(format!("The tag {SHARDS} can be 1, 2, 4, 8 or 16, not {shards}.")));
    }
    if tag(TRIGGERS).is_some_and(|url| !is_url(url)) {
        return Err(invalid(format!("The tag {TRIGGERS} can only be an http or https URL.")));
    }
    if tag(SENDER_KEY).is_some() && sender_key(Some(tags)).is_none() {
        return Err(invalid(format!("The tag {SENDER_KEY} can only be an X25519 key in base64.")));
    }
    match tag(TOKEN_ALGORITHM) {
        None | Some("RS256") => Ok(KeyAlgorithm::RS256),
        Some("ES256") => Ok(KeyAlgorithm::ES256),
        Some("EdDSA") => Ok(KeyAlgorithm::EdDSA),
        Some(other) => Err(invalid(format!(
            "The tag {TOKEN_ALGORITHM} can be RS256, ES256 or EdDSA, not {other}."
        ))),
    }
}

/// Checks that new tags of a pool do not speak of another number of shards than it has.
///
/// # Errors
/// `InvalidParameterException` if they do.
pub(crate) fn check_shards(tags: Option<&UserPoolTags>, pool_id: &str) -> Result<(), Error> {
    let asked = tags.and_then(|tags| tags.get(&TagKey::from(SHARDS))).map(Text::as_str);
    let shards = PoolKey::of_pool_id(pool_id).map_or(1, PoolKey::shards);
    match asked.is_none_or(|asked| asked == shards.to_string()) {
        true => Ok(()),
        false => Err(invalid(format!(
            "The tag {SHARDS} can not be changed: the user pool was made with {shards}."
        ))),
    }
}

/// Where the pool has its functions, if the tags say so.
pub(crate) fn triggers_url(tags: Option<&UserPoolTags>) -> Option<&str> {
    tags?.get(&TagKey::from(TRIGGERS)).map(Text::as_str)
}

/// The key for the pool's own senders, if the tags have one.
pub(crate) fn sender_key(tags: Option<&UserPoolTags>) -> Option<[u8; 32]> {
    let key = tags?.get(&TagKey::from(SENDER_KEY))?;
    BASE64_STANDARD.decode(key.as_str()).ok()?.try_into().ok()
}

/// Whether that is a plain URL with a host.
fn is_url(url: &str) -> bool {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.starts_with('/'))
        && !url.contains(['#', '@'])
        && url.bytes().all(|byte| byte.is_ascii_graphic())
}

/// For operations that do not declare `UserPoolTaggingException`.
pub(crate) fn undeclared(error: Error) -> Error {
    match error.code {
        Code::UserPoolTagging => Error { code: Code::InvalidParameter, ..error },
        _ => error,
    }
}

fn invalid(message: String) -> Error {
    Error::saying(Code::InvalidParameter, message)
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use serde_json::json;

    use crate::{
        KeyAlgorithm, Place, PoolKey,
        model::pool::Pool,
        shape::Json,
        store::decode,
        testing::{Failure, World},
    };

    fn algorithm(world: &World, pool_id: &str) -> KeyAlgorithm {
        let records = world.records(&Place::Pool(PoolKey::of_pool_id(pool_id).unwrap()));
        decode::<Pool>(&records.get("pool").unwrap().unwrap()).unwrap().token_algorithm
    }

    fn refusal(tags: &Json) -> Failure {
        let input = json!({ "PoolName": "p", "UserPoolTags": tags });
        World::new().fails("CreateUserPool", input)
    }

    #[test]
    fn a_tag_chooses_what_signs_tokens() {
        let world = World::new();
        for (word, chosen) in [
            ("RS256", KeyAlgorithm::RS256),
            ("ES256", KeyAlgorithm::ES256),
            ("EdDSA", KeyAlgorithm::EdDSA),
        ] {
            let tags = json!({ "cognate:token-algorithm": word });
            let pool = world.pool(json!({ "UserPoolTags": tags }));
            assert_eq!(algorithm(&world, &pool.id), chosen);
        }
        let pool = world.pool(json!({}));
        assert_eq!(algorithm(&world, &pool.id), KeyAlgorithm::RS256);
        let tags = json!({ "cognate:token-algorithm": "ES256" });
        let _ = world.ok("UpdateUserPool", json!({ "UserPoolId": pool.id, "UserPoolTags": tags }));
        assert_eq!(algorithm(&world, &pool.id), KeyAlgorithm::ES256);
    }

    #[test]
    fn an_algorithm_that_nobody_has_is_refused() {
        let refused = refusal(&json!({ "cognate:token-algorithm": "HS256" }));
        assert_eq!(refused.code, "InvalidParameterException");
        assert!(refused.message.contains("RS256, ES256 or EdDSA"), "{}", refused.message);
    }

    #[test]
    fn a_number_of_shards_that_no_pool_has_is_refused() {
        for shards in ["0", "3", "32", "", "one"] {
            let refused = refusal(&json!({ "cognate:shards": shards }));
            assert_eq!(refused.code, "InvalidParameterException");
            assert!(refused.message.contains("1, 2, 4, 8 or 16"), "{}", refused.message);
        }
    }

    #[test]
    fn the_number_of_shards_is_chosen_once() {
        let world = World::new();
        let pool = world.pool(json!({ "UserPoolTags": { "cognate:shards": "8" } }));
        assert_eq!(PoolKey::of_pool_id(&pool.id).unwrap().shards(), 8);
        let tagged = |shards: &str| {
            let tags = json!({ "cognate:shards": shards });
            world.call("UpdateUserPool", json!({ "UserPoolId": pool.id, "UserPoolTags": tags }))
        };
        let refused = tagged("4").unwrap_err();
        assert_eq!(refused.code, "InvalidParameterException");
        assert!(refused.message.ends_with("the user pool was made with 8."), "{refused:?}");
        assert!(tagged("8").is_ok());
        let shown = world.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }));
        let arn = &shown["UserPool"]["Arn"];
        let tags = json!({ "cognate:shards": "1" });
        let refused = world.fails("TagResource", json!({ "ResourceArn": arn, "Tags": tags }));
        assert_eq!(refused.code, "InvalidParameterException");
    }

    #[test]
    fn reserved_tags_and_too_many_are_refused() {
        for key in ["aws:name", "AWS:name"] {
            assert_eq!(refusal(&json!({ key: "x" })).code, "UserPoolTaggingException");
        }
        let many = (0..51).map(|n| (format!("tag{n}"), json!("x"))).collect();
        assert_eq!(refusal(&Json::Object(many)).code, "UserPoolTaggingException");
    }
}
