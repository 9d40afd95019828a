//! `GetTokensFromRefreshToken`: gives new tokens for a refresh token.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html>

use crate::{
    access::client_secret,
    prelude::*,
    token,
    trigger::{self, Said},
};

operation!(
    GetTokensFromRefreshToken, Public, reach Client, asks,
    adds [
        Forbidden, InvalidLambdaResponse, RefreshTokenReuse, UnexpectedLambda, UserLambdaValidation,
        UserNotFound,
    ]
);

shape! { Input {
    RefreshToken refresh_token: Token,
    ClientId client_id: ClientId,
    ClientSecret client_secret: Option<ClientSecret>,
    DeviceKey device_key: Option<DeviceKey>,
    ClientMetadata client_metadata: Option<ClientMetadata>,
} }

shape! { Output {
    AuthenticationResult authentication_result: Option<AuthenticationResultType>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    cx.client(&input.client_id)?;
    cx.steering.say(Said::to_all(input.client_metadata.as_ref()));
    token::ready(cx).await?;
    let (result, _) = trigger::steered(cx, |cx| {
        let (pool, client) = cx.client(&input.client_id)?;
        client_secret::secret(cx, &client, input.client_secret.as_ref().map(Text::as_str))?;
        let device = input.device_key.as_ref().map(Text::as_str);
        let given = (input.refresh_token.as_str(), device);
        token::refresh::exchange(cx, &pool, &client, given)
    })
    .await?;
    Ok(Output { authentication_result: Some(result) })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{Failure, TestPool, World};

    fn refresh(world: &World, client: &str, token: &Value) -> Result<Value, Failure> {
        let input = json!({ "ClientId": client, "RefreshToken": token });
        let mut output = world.call("GetTokensFromRefreshToken", input)?;
        Ok(output["AuthenticationResult"].take())
    }

    /// A pool whose client rotates refresh tokens with that many seconds of grace.
    fn rotating(world: &World, grace_s: u32) -> TestPool {
        let mut pool = world.pool(json!({}));
        pool.client = world.client(
            &pool.id,
            json!({
                "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
                "RefreshTokenRotation": {
                    "Feature": "ENABLED", "RetryGracePeriodSeconds": grace_s,
                },
            }),
        );
        world.user(&pool, "ann", json!([]));
        pool
    }

    #[test]
    fn without_rotation_the_refresh_token_stays() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let first = world.sign_in(&pool, "ann");
        for _ in 0..2 {
            let result = refresh(&world, &pool.client, &first["RefreshToken"]).unwrap();
            assert!(result["RefreshToken"].is_null());
            assert!(result["IdToken"].is_string());
            let _ = world.ok("GetUser", json!({ "AccessToken": result["AccessToken"] }));
        }
    }

    #[test]
    fn with_rotation_the_old_one_dies_and_its_reuse_ends_the_session() {
        let world = World::new();
        let pool = rotating(&world, 0);
        let first = world.sign_in(&pool, "ann");
        let second = refresh(&world, &pool.client, &first["RefreshToken"]).unwrap();
        assert_ne!(second["RefreshToken"], first["RefreshToken"]);
        let failure = refresh(&world, &pool.client, &first["RefreshToken"]).unwrap_err();
        assert_eq!(failure.code, "RefreshTokenReuseException");
        let failure = refresh(&world, &pool.client, &second["RefreshToken"]).unwrap_err();
        assert_eq!(failure.message, "Refresh Token has been revoked");
    }

    #[test]
    fn two_that_refresh_at_once_within_the_grace_both_go_on() {
        let world = World::new();
        let pool = rotating(&world, 60);
        let first = world.sign_in(&pool, "ann");
        let one = refresh(&world, &pool.client, &first["RefreshToken"]).unwrap();
        let two = refresh(&world, &pool.client, &first["RefreshToken"]).unwrap();
        world.advance_s(3600);
        for result in [one, two] {
            assert!(refresh(&world, &pool.client, &result["RefreshToken"]).is_ok());
        }
    }

    #[test]
    fn an_expired_or_foreign_refresh_token_is_refused() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let token = world.sign_in(&pool, "ann")["RefreshToken"].take();
        let other = world.client(&pool.id, json!({}));
        let failure = refresh(&world, &other, &token).unwrap_err();
        assert_eq!(failure.message, "Refresh Token has different Client");
        for garbage in ["x", "a.b.c", "a.b.c.d", "..", "é"] {
            let failure = refresh(&world, &pool.client, &json!(garbage)).unwrap_err();
            assert_eq!(failure.status, 400, "{garbage}");
        }
        world.advance_s(31 * 24 * 3600);
        let failure = refresh(&world, &pool.client, &token).unwrap_err();
        assert_eq!(failure.message, "Refresh Token has expired");
    }
}
