//! `DeleteUser`: removes the user who asks for it, and all that is kept about them.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUser.html>

use crate::{
    access::bearer::{self, Bearer},
    directory,
    prelude::*,
};

operation!(
    DeleteUser, Token, reach AccessToken, now,
    adds [Forbidden, PasswordResetRequired, UserNotConfirmed, UserNotFound]
);

shape! { Input {
    AccessToken access_token: Token,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let Bearer { pool, user, .. } = bearer::verify(cx, input.access_token.as_str())?;
    directory::remove(cx, &pool, user)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn a_user_who_leaves_is_gone_and_so_are_their_tokens() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let tokens = world.sign_in(&pool, "ann");
        let token = json!({ "AccessToken": tokens["AccessToken"] });
        let _ = world.ok("DeleteUser", token.clone());
        let named = json!({ "UserPoolId": pool.id, "Username": "ann" });
        assert_eq!(world.fails("AdminGetUser", named).code, "UserNotFoundException");
        assert_eq!(world.fails("GetUser", token.clone()).code, "UserNotFoundException");
        assert_eq!(world.fails("DeleteUser", token).code, "UserNotFoundException");
        let refresh = json!({ "ClientId": pool.client, "RefreshToken": tokens["RefreshToken"] });
        let failure = world.fails("GetTokensFromRefreshToken", refresh);
        assert_eq!(failure.message, "Invalid Refresh Token");
    }

    #[test]
    fn nobody_else_leaves() {
        let world = World::new();
        let pool = world.pool(json!({}));
        for name in ["ann", "bob"] {
            world.user(&pool, name, json!([]));
        }
        let tokens = world.sign_in(&pool, "ann");
        let refused = world.fails("DeleteUser", json!({ "AccessToken": tokens["IdToken"] }));
        assert_eq!(refused.message, "Invalid Access Token");
        let _ = world.ok("DeleteUser", json!({ "AccessToken": tokens["AccessToken"] }));
        let _ = world.sign_in(&pool, "bob");
    }
}
