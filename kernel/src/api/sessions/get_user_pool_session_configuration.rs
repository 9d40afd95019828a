//! `GetUserPoolSessionConfiguration`: tells whether sessions are listed and counted, and how many a user may have.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolSessionConfiguration.html>

use crate::prelude::*;

operation!(GetUserPoolSessionConfiguration, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
} }

shape! { Output {
    UserPoolId user_pool_id: Option<UserPoolId>,
    UserSessionTracking user_session_tracking: Option<UserSessionTracking>,
    TokenSession token_session: Option<UserPoolTokenSessionConfigType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let sessions = cx.pool(&input.user_pool_id)?.sessions;
    Ok(Output {
        user_pool_id: Some(input.user_pool_id),
        user_session_tracking: Some(sessions.tracking()),
        token_session: Some(sessions.token_session()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn what_was_set_is_told_and_before_that_the_default() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let get = || world.ok("GetUserPoolSessionConfiguration", json!({ "UserPoolId": pool.id }));
        let told = |tracking: &str, max: u32| {
            json!({
                "UserPoolId": pool.id, "UserSessionTracking": tracking,
                "TokenSession": { "MaxPerUser": max },
            })
        };
        assert_eq!(get(), told("DISABLED", 20));
        let set = world.ok("SetUserPoolSessionConfiguration", told("ENABLED", 7));
        assert_eq!((set, get()), (told("ENABLED", 7), told("ENABLED", 7)));
        let _ = world.ok("UpdateUserPool", json!({ "UserPoolId": pool.id }));
        assert_eq!(get(), told("ENABLED", 7));
    }

    #[test]
    fn an_unknown_pool_is_not_found() {
        let world = World::new();
        let input = json!({ "UserPoolId": "eu-west-1_000000000" });
        let failure = world.fails("GetUserPoolSessionConfiguration", input);
        assert_eq!(failure.code, "ResourceNotFoundException");
    }
}
