//! `AdminRevokeUserSession`: signs a user out somewhere, for an administrator.
//!
//! No session here comes from another one, so that `LINKED` finds nothing more to revoke.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRevokeUserSession.html>

use crate::{
    directory,
    prelude::*,
    token::sessions::{Whose, revoke},
};

operation!(AdminRevokeUserSession, Iam, reach Pool, now, adds [UserNotFound]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
    SessionId session_id: SessionId,
    RevokeAssociatedSessions revoke_associated_sessions: Option<RevokeAssociatedSessions>,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let user = directory::known(cx, &pool, input.username.as_str())?;
    let live = Whose { pool: &pool, user: &user }.known(cx, &input.session_id)?;
    revoke(cx, &live.id, live.session)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn the_session_of_that_user_is_revoked_and_of_no_other() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let sessions = json!({
            "UserPoolId": pool.id, "UserSessionTracking": "ENABLED",
            "TokenSession": { "MaxPerUser": 20 },
        });
        let _ = world.ok("SetUserPoolSessionConfiguration", sessions);
        for name in ["ann", "bob"] {
            world.user(&pool, name, json!([]));
        }
        let tokens = world.sign_in(&pool, "ann");
        let ann = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let list = || world.ok("AdminListUserSessions", ann.clone())["Sessions"].take();
        let id = list()[0]["SessionId"].take();
        let revoke =
            |name: &str| json!({ "UserPoolId": pool.id, "Username": name, "SessionId": id });
        for (name, code) in
            [("bob", "ResourceNotFoundException"), ("nobody", "UserNotFoundException")]
        {
            assert_eq!(world.fails("AdminRevokeUserSession", revoke(name)).code, code);
        }
        assert_eq!(world.ok("AdminRevokeUserSession", revoke("ann")), json!({}));
        assert_eq!(list(), json!([]));
        let failure = world.fails("GetUser", json!({ "AccessToken": tokens["AccessToken"] }));
        assert_eq!(failure.message, "Access Token has been revoked");
    }
}
