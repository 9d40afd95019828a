//! `GlobalSignOut`: signs a user out everywhere.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GlobalSignOut.html>

use crate::{access::bearer, prelude::*};

operation!(
    GlobalSignOut, Token, reach AccessToken, now,
    adds [Forbidden, PasswordResetRequired, UserNotConfirmed]
);

shape! { Input {
    AccessToken access_token: Token,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let mut bearer =
        bearer::verify(cx, input.access_token.as_str()).map_err(|error| match error.code {
            // The operation does not declare that the user is gone; its tokens went with it.
            Code::UserNotFound => {
                Error::saying(Code::NotAuthorized, "Access Token has been revoked")
            }
            _ => error,
        })?;
    bearer.user.sign_out_everywhere(cx.now_ms());
    bearer.user.save()?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn every_token_from_before_is_dead_and_a_new_sign_in_lives() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let (here, there) = (world.sign_in(&pool, "ann"), world.sign_in(&pool, "ann"));
        let _ = world.ok("GlobalSignOut", json!({ "AccessToken": here["AccessToken"] }));
        for tokens in [&here, &there] {
            let failure = world.fails("GetUser", json!({ "AccessToken": tokens["AccessToken"] }));
            assert_eq!(failure.message, "Access Token has been revoked");
            let failure = world.fails(
                "GetTokensFromRefreshToken",
                json!({ "ClientId": pool.client, "RefreshToken": tokens["RefreshToken"] }),
            );
            assert_eq!(failure.code, "NotAuthorizedException");
            assert_eq!(failure.message, "Refresh Token has been revoked");
        }
        let again = world.sign_in(&pool, "ann");
        let _ = world.ok("GetUser", json!({ "AccessToken": again["AccessToken"] }));
    }
}
