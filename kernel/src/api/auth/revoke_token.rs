//! `RevokeToken`: revokes a refresh token and the access tokens born from it.
//!
//! No session here comes from another one, so that `LINKED` finds nothing more to revoke.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html>

use crate::{access::client_secret, prelude::*, token};

operation!(
    RevokeToken, Public, reach Client, now,
    adds [Forbidden, Unauthorized, UnsupportedOperation, UnsupportedTokenType],
    lacks [NotAuthorized, ResourceNotFound]
);

shape! { Input {
    Token token: Token,
    ClientId client_id: ClientId,
    ClientSecret client_secret: Option<ClientSecret>,
    RevokeAssociatedSessions revoke_associated_sessions: Option<RevokeAssociatedSessions>,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let unauthorized = |error: Error| match error.code {
        Code::NotAuthorized => Error { code: Code::Unauthorized, ..error },
        Code::ResourceNotFound => Error { code: Code::InvalidParameter, ..error },
        _ => error,
    };
    let (_, client) = cx.client(&input.client_id).map_err(unauthorized)?;
    let secret = input.client_secret.as_ref().map(Text::as_str);
    client_secret::secret(cx, &client, secret).map_err(unauthorized)?;
    if !client.revokes() {
        return Err(Code::UnsupportedOperation.into());
    }
    if jsonwebtoken::decode_header(input.token.as_str()).is_ok() {
        return Err(Code::UnsupportedTokenType.into());
    }
    // A token that is none, or no longer one, is as good as revoked (RFC 7009 §2.2).
    if let Ok(presented) = token::refresh::find(cx, &client, input.token.as_str())? {
        token::sessions::revoke(cx, &presented.session_id, presented.session)?;
    }
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn the_token_and_what_was_born_from_it_are_dead_and_other_sessions_live() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let (one, other) = (world.sign_in(&pool, "ann"), world.sign_in(&pool, "ann"));
        let input = json!({ "ClientId": pool.client, "Token": one["RefreshToken"] });
        let _ = world.ok("RevokeToken", input.clone());
        let _ = world.ok("RevokeToken", input);
        let failure = world.fails("GetUser", json!({ "AccessToken": one["AccessToken"] }));
        assert_eq!(failure.message, "Access Token has been revoked");
        let _ = world.ok("GetUser", json!({ "AccessToken": other["AccessToken"] }));
    }

    #[test]
    fn an_access_token_can_not_be_revoked() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        let failure =
            world.fails("RevokeToken", json!({ "ClientId": pool.client, "Token": token }));
        assert_eq!(failure.code, "UnsupportedTokenTypeException");
    }

    #[test]
    fn another_clients_token_is_left_alone() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let tokens = world.sign_in(&pool, "ann");
        let other = world.client(&pool.id, json!({}));
        let input = json!({ "ClientId": other, "Token": tokens["RefreshToken"] });
        let _ = world.ok("RevokeToken", input);
        let _ = world.ok("GetUser", json!({ "AccessToken": tokens["AccessToken"] }));
    }

    #[test]
    fn a_client_without_revocation_says_so() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let client = world.client(&pool.id, json!({ "EnableTokenRevocation": false }));
        let failure = world.fails("RevokeToken", json!({ "ClientId": client, "Token": "x.y.z" }));
        assert_eq!(failure.code, "UnsupportedOperationException");
    }
}
