//! `AdminUserGlobalSignOut`: signs a user out everywhere, for an administrator.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUserGlobalSignOut.html>

use crate::{directory, prelude::*};

operation!(AdminUserGlobalSignOut, Iam, reach Pool, now, adds [UserNotFound]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let mut user = directory::known(cx, &pool, input.username.as_str())?;
    user.sign_out_everywhere(cx.now_ms());
    user.save()?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn the_user_is_signed_out_everywhere() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let tokens = world.sign_in(&pool, "ann");
        let _ =
            world.ok("AdminUserGlobalSignOut", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        let failure = world.fails("GetUser", json!({ "AccessToken": tokens["AccessToken"] }));
        assert_eq!(failure.message, "Access Token has been revoked");
    }

    #[test]
    fn an_unknown_user_is_not_found() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let failure = world
            .fails("AdminUserGlobalSignOut", json!({ "UserPoolId": pool.id, "Username": "bob" }));
        assert_eq!(failure.code, "UserNotFoundException");
    }
}
