//! `SetUserPoolSessionConfiguration`: says whether sessions are listed and counted, and how many a user may have.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolSessionConfiguration.html>

use crate::{
    model::{pool::Pool, session::SessionSettings},
    prelude::*,
    store::keys,
};

operation!(
    SetUserPoolSessionConfiguration, Iam, reach Pool, now,
    adds [ConcurrentModification, FeatureUnavailableInTier]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    UserSessionTracking user_session_tracking: UserSessionTracking,
    TokenSession token_session: UserPoolTokenSessionConfigType,
} }

shape! { Output {
    UserPoolId user_pool_id: Option<UserPoolId>,
    UserSessionTracking user_session_tracking: Option<UserSessionTracking>,
    TokenSession token_session: Option<UserPoolTokenSessionConfigType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = Pool::clone(&*cx.pool(&input.user_pool_id)?);
    let sessions =
        SessionSettings::new(input.user_session_tracking, input.token_session.max_per_user);
    cx.put(keys::POOL, &Pool { sessions, ..pool })?;
    Ok(Output {
        user_pool_id: Some(input.user_pool_id),
        user_session_tracking: Some(sessions.tracking()),
        token_session: Some(sessions.token_session()),
    })
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use serde_json::{Value, json};

    use crate::testing::{TestPool, World};

    fn limit(world: &World, pool: &TestPool, tracking: &str, max: u32) {
        let _ = world.ok(
            "SetUserPoolSessionConfiguration",
            json!({
                "UserPoolId": pool.id, "UserSessionTracking": tracking,
                "TokenSession": { "MaxPerUser": max },
            }),
        );
    }

    fn sign_in(world: &World, pool: &TestPool) -> Value {
        world.advance_s(1);
        world.sign_in(pool, "ann")
    }

    fn lives(world: &World, tokens: &Value) -> bool {
        world.call("GetUser", json!({ "AccessToken": tokens["AccessToken"] })).is_ok()
    }

    #[test]
    fn the_least_recently_used_session_makes_room_for_a_new_one() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        limit(&world, &pool, "ENABLED", 2);
        let (first, second) = (sign_in(&world, &pool), sign_in(&world, &pool));
        world.advance_s(1);
        let refresh = |tokens: &Value| json!({ "ClientId": pool.client, "RefreshToken": tokens["RefreshToken"] });
        let _ = world.ok("GetTokensFromRefreshToken", refresh(&first));
        let third = sign_in(&world, &pool);
        assert!(lives(&world, &first) && lives(&world, &third));
        let failure = world.fails("GetUser", json!({ "AccessToken": second["AccessToken"] }));
        assert_eq!(failure.message, "Access Token has been revoked");
        let failure = world.fails("GetTokensFromRefreshToken", refresh(&second));
        assert_eq!(failure.message, "Refresh Token has been revoked");
    }

    #[test]
    fn a_lower_limit_counts_from_the_next_sign_in() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let before: Vec<Value> = (0..4).map(|_| sign_in(&world, &pool)).collect();
        limit(&world, &pool, "ENABLED", 2);
        assert!(before.iter().all(|tokens| lives(&world, tokens)));
        let last = sign_in(&world, &pool);
        let living: Vec<bool> = before.iter().map(|tokens| lives(&world, tokens)).collect();
        assert_eq!(living, [false, false, false, true]);
        assert!(lives(&world, &last));
    }

    #[test]
    fn without_tracking_nobody_counts() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        limit(&world, &pool, "DISABLED", 1);
        let all: Vec<Value> = (0..3).map(|_| sign_in(&world, &pool)).collect();
        assert!(all.iter().all(|tokens| lives(&world, tokens)));
    }

    #[test]
    fn another_users_sessions_are_left_alone() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        world.user(&pool, "ann2", json!([]));
        limit(&world, &pool, "ENABLED", 1);
        let other = world.sign_in(&pool, "ann2");
        for _ in 0..2 {
            let _ = sign_in(&world, &pool);
        }
        assert!(lives(&world, &other));
    }
}
