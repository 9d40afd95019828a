//! `RevokeUserSession`: signs a user out somewhere else.
//!
//! No session here comes from another one, so that `LINKED` finds nothing more to revoke.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeUserSession.html>

use crate::{
    access::bearer,
    prelude::*,
    token::sessions::{Whose, revoke},
};

operation!(
    RevokeUserSession, Token, reach AccessToken, now,
    adds [Forbidden, PasswordResetRequired, UserNotConfirmed, UserNotFound]
);

shape! { Input {
    AccessToken access_token: Token,
    SessionId session_id: SessionId,
    RevokeAssociatedSessions revoke_associated_sessions: Option<RevokeAssociatedSessions>,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let bearer = bearer::verify(cx, input.access_token.as_str())?;
    let whose = Whose { pool: &bearer.pool, user: &bearer.user };
    let live = whose.known(cx, &input.session_id)?;
    if bearer.session_id.as_ref() == Some(&live.id) {
        let message = "The current session cannot be revoked.";
        return Err(Error::saying(Code::InvalidParameter, message));
    }
    revoke(cx, &live.id, live.session)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use serde_json::{Value, json};

    use crate::testing::{TestPool, World};

    fn tracking(world: &World) -> TestPool {
        let pool = world.pool(json!({}));
        let sessions = json!({
            "UserPoolId": pool.id, "UserSessionTracking": "ENABLED",
            "TokenSession": { "MaxPerUser": 20 },
        });
        let _ = world.ok("SetUserPoolSessionConfiguration", sessions);
        for name in ["ann", "bob"] {
            world.user(&pool, name, json!([]));
        }
        pool
    }

    /// The id of the session that an access token is of.
    fn id_of(world: &World, tokens: &Value) -> String {
        let page = world.ok("ListUserSessions", json!({ "AccessToken": tokens["AccessToken"] }));
        let mut sessions = page["Sessions"].as_array().unwrap().iter();
        let current = sessions.find(|session| session["IsCurrentSession"] == true).unwrap();
        current["SessionId"].as_str().unwrap().to_string()
    }

    #[test]
    fn every_token_of_a_revoked_session_is_dead_at_once() {
        let world = World::new();
        let pool = tracking(&world);
        let (here, there) = (world.sign_in(&pool, "ann"), world.sign_in(&pool, "ann"));
        let id = id_of(&world, &there);
        let input = json!({ "AccessToken": here["AccessToken"], "SessionId": id });
        assert_eq!(world.ok("RevokeUserSession", input.clone()), json!({}));
        for operation in ["GetUser", "ListUserSessions", "GlobalSignOut"] {
            let failure = world.fails(operation, json!({ "AccessToken": there["AccessToken"] }));
            assert_eq!(failure.message, "Access Token has been revoked", "{operation}");
        }
        let refresh = json!({ "ClientId": pool.client, "RefreshToken": there["RefreshToken"] });
        let failure = world.fails("GetTokensFromRefreshToken", refresh);
        assert_eq!(failure.message, "Refresh Token has been revoked");
        assert_eq!(world.fails("RevokeUserSession", input).code, "ResourceNotFoundException");
        let _ = world.ok("GetUser", json!({ "AccessToken": here["AccessToken"] }));
    }

    #[test]
    fn ones_own_session_and_other_peoples_stay() {
        let world = World::new();
        let pool = tracking(&world);
        let (ann, bob) = (world.sign_in(&pool, "ann"), world.sign_in(&pool, "bob"));
        let revoke = |id: String| {
            world.fails(
                "RevokeUserSession",
                json!({ "AccessToken": ann["AccessToken"], "SessionId": id }),
            )
        };
        assert_eq!(revoke(id_of(&world, &ann)).code, "InvalidParameterException");
        assert_eq!(revoke(id_of(&world, &bob)).code, "ResourceNotFoundException");
        let nobodys = ["sso", &"0".repeat(25)].concat();
        assert_eq!(revoke(nobodys).code, "ResourceNotFoundException");
        for tokens in [ann, bob] {
            let _ = world.ok("GetUser", json!({ "AccessToken": tokens["AccessToken"] }));
        }
    }
}
