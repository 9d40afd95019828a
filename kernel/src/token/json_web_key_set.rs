//! `/{poolId}/.well-known/jwks.json`: the keys that verify a pool's tokens (RFC 7517 §5).

use super::keys;
use crate::{prelude::*, shape::Json};

operation!(JsonWebKeySet, Internal, asks);

shape! { Input { UserPoolId user_pool_id: UserPoolId } }
shape! { Output { keys keys: Vec<Json> } }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    keys::ready(cx).await?;
    let pool = cx.pool(&input.user_pool_id)?;
    let bug = |_| Error::bug("a key does not serialise");
    let keys = keys::all(cx, &pool)?;
    let keys = keys.keys.iter().map(|key| serde_json::to_value(&key.public).map_err(bug));
    Ok(Output { keys: keys.collect::<Result<_, Error>>()? })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::World;

    fn keys(world: &World, pool_id: &str) -> Vec<Value> {
        let response = world.get(&alloc::format!("/{pool_id}/.well-known/jwks.json"));
        assert_eq!(response.status, 200);
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        body["keys"].as_array().unwrap().clone()
    }

    use alloc::vec::Vec;

    #[test]
    fn a_pool_publishes_two_keys_that_stay_the_same() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let first = keys(&world, &pool.id);
        assert_eq!(first.len(), 2);
        assert_ne!(first[0]["kid"], first[1]["kid"]);
        for key in &first {
            assert_eq!(
                (&key["alg"], &key["use"], &key["e"]),
                (&json!("RS256"), &json!("sig"), &json!("AQAB"))
            );
            assert!(key.get("d").is_none());
        }
        assert_eq!(keys(&world, &pool.id), first);
    }

    #[test]
    fn an_unknown_pool_has_no_keys_and_leaves_no_record() {
        let world = World::new();
        let response = world.get("/eu-west-1_000000000/.well-known/jwks.json");
        assert_eq!(response.status, 404);
        let key = crate::PoolKey::of_pool_id("eu-west-1_000000000").unwrap();
        assert!(world.records(&crate::Place::Pool(key)).is_empty());
    }
}
