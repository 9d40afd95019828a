//! `ListUserSessions`: lists where a user is signed in, to that user.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserSessions.html>

use crate::{access::bearer, prelude::*, token::sessions::Whose};

operation!(
    ListUserSessions, Token, reach AccessToken, now,
    adds [Forbidden, PasswordResetRequired, UserNotConfirmed, UserNotFound]
);

shape! { Input {
    AccessToken access_token: Token,
    NextToken next_token: Option<PaginationKey>,
} }

shape! { Output {
    Sessions sessions: Option<Sessions>,
    NextToken next_token: Option<PaginationKey>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let bearer = bearer::verify(cx, input.access_token.as_str())?;
    let whose = Whose { pool: &bearer.pool, user: &bearer.user };
    let token = input.next_token.as_ref().map(Text::as_str);
    let (sessions, next_token) = whose.list(cx, token, bearer.session_id.as_deref())?;
    Ok(Output { sessions: Some(sessions.into()), next_token })
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use serde_json::{Value, json};

    use crate::testing::{TestPool, World};

    fn tracking(world: &World) -> TestPool {
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let sessions = json!({
            "UserPoolId": pool.id, "UserSessionTracking": "ENABLED",
            "TokenSession": { "MaxPerUser": 20 },
        });
        let _ = world.ok("SetUserPoolSessionConfiguration", sessions);
        pool
    }

    fn list(world: &World, tokens: &Value) -> Vec<Value> {
        let input = json!({ "AccessToken": tokens["AccessToken"] });
        let mut page = world.ok("ListUserSessions", input);
        assert!(page.get("NextToken").is_none());
        page["Sessions"].as_array_mut().unwrap().drain(..).collect()
    }

    #[test]
    fn a_session_tells_its_client_its_times_and_whence_it_was_used() {
        let world = World::new();
        let pool = tracking(&world);
        let tokens = world.sign_in(&pool, "ann");
        let began = world.now_ms() as f64 / 1000.0;
        world.advance_s(60);
        let refresh = json!({ "ClientId": pool.client, "RefreshToken": tokens["RefreshToken"] });
        let _ = world.ok("GetTokensFromRefreshToken", refresh);
        let [session] = &list(&world, &tokens)[..] else { panic!("one session") };
        assert!(session["SessionId"].as_str().unwrap().starts_with("tkn"));
        let mut known = session.clone();
        known.as_object_mut().unwrap().remove("SessionId");
        assert_eq!(
            known,
            json!({
                "SessionType": "TOKEN", "ClientId": pool.client, "CreateDate": began,
                "LastActiveDate": began + 60.0, "DeviceType": "unknown",
                "LastIPAddress": "127.0.0.1", "IsCurrentSession": true,
            })
        );
    }

    #[test]
    fn sessions_of_all_clients_are_listed_the_last_used_first_and_ones_own_is_marked() {
        let world = World::new();
        let pool = tracking(&world);
        let mut other = world.pool(json!({}));
        other.id.clone_from(&pool.id);
        other.client = world.client(&pool.id, json!({}));
        let here = world.sign_in(&pool, "ann");
        world.advance_s(1);
        let _ = world.sign_in(&other, "ann");
        let listed = list(&world, &here);
        let clients: Vec<_> = listed.iter().map(|session| &session["ClientId"]).collect();
        assert_eq!(clients, [&other.client, &pool.client]);
        let current: Vec<_> = listed.iter().map(|one| &one["IsCurrentSession"]).collect();
        assert_eq!(current, [false, true]);
    }

    #[test]
    fn what_is_over_is_not_listed() {
        let world = World::new();
        let pool = tracking(&world);
        let all: Vec<Value> = (0..4).map(|_| world.sign_in(&pool, "ann")).collect();
        let revoke = json!({ "ClientId": pool.client, "Token": all[0]["RefreshToken"] });
        let _ = world.ok("RevokeToken", revoke);
        assert_eq!(list(&world, &all[1]).len(), 3);
        let brief = world.client(
            &pool.id,
            json!({
                "RefreshTokenValidity": 1,
                "TokenValidityUnits": { "RefreshToken": "hours" },
                "AccessTokenValidity": 30, "TokenValidityUnits": {
                    "AccessToken": "minutes", "RefreshToken": "hours",
                },
            }),
        );
        let _ = world.sign_in(&TestPool { id: pool.id.clone(), client: brief }, "ann");
        assert_eq!(list(&world, &all[1]).len(), 4);
        world.advance_s(3_600);
        let last = world.sign_in(&pool, "ann");
        assert_eq!(list(&world, &last).len(), 4);
        let _ = world.ok(
            "AdminUserGlobalSignOut",
            json!({
                "UserPoolId": pool.id, "Username": "ann",
            }),
        );
        let last = world.sign_in(&pool, "ann");
        assert_eq!(list(&world, &last).len(), 1);
    }

    #[test]
    fn a_client_without_revocation_has_its_sessions_marked_too() {
        let world = World::new();
        let pool = tracking(&world);
        let client = world.client(&pool.id, json!({ "EnableTokenRevocation": false }));
        let tokens = world.sign_in(&TestPool { id: pool.id, client }, "ann");
        assert_eq!(list(&world, &tokens)[0]["IsCurrentSession"], true);
    }

    #[test]
    fn a_pool_that_does_not_track_lists_nothing() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let tokens = world.sign_in(&pool, "ann");
        let input = json!({ "AccessToken": tokens["AccessToken"] });
        let failure = world.fails("ListUserSessions", input);
        assert_eq!(failure.code, "OperationNotEnabledException");
    }
}
