//! `AdminListUserSessions`: lists where a user is signed in, to an administrator.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListUserSessions.html>

use crate::{directory, prelude::*, token::sessions::Whose};

operation!(AdminListUserSessions, Iam, reach Pool, now, adds [UserNotFound]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
    NextToken next_token: Option<PaginationKey>,
} }

shape! { Output {
    Sessions sessions: Option<Sessions>,
    NextToken next_token: Option<PaginationKey>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let user = directory::known(cx, &pool, input.username.as_str())?;
    let token = input.next_token.as_ref().map(Text::as_str);
    let (sessions, next_token) = Whose { pool: &pool, user: &user }.list(cx, token, None)?;
    Ok(Output { sessions: Some(sessions.into()), next_token })
}

#[cfg(test)]
mod tests {
    use alloc::{collections::BTreeSet, vec::Vec};

    use serde_json::{Value, json};

    use crate::testing::World;

    #[test]
    fn many_sessions_are_listed_page_by_page_and_none_is_the_callers() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        // From before they were counted.
        for _ in 0..130 {
            world.advance_s(1);
            let _ = world.sign_in(&pool, "ann");
        }
        let sessions = json!({
            "UserPoolId": pool.id, "UserSessionTracking": "ENABLED",
            "TokenSession": { "MaxPerUser": 1 },
        });
        let _ = world.ok("SetUserPoolSessionConfiguration", sessions);
        let list = |token: &Value| {
            let user = json!({ "UserPoolId": pool.id, "Username": "ann", "NextToken": token });
            world.ok("AdminListUserSessions", user)
        };
        let first = list(&Value::Null);
        let second = list(&first["NextToken"]);
        let listed: [&Vec<Value>; 2] = [&first, &second].map(|p| p["Sessions"].as_array().unwrap());
        assert_eq!(listed.map(Vec::len), [125, 5]);
        assert_eq!(second.get("NextToken"), None);
        let all = || listed.into_iter().flatten();
        let ids: BTreeSet<_> = all().map(|session| session["SessionId"].as_str()).collect();
        assert_eq!(ids.len(), 130);
        assert!(all().all(|session| session["IsCurrentSession"] == false));
        let _ = world.sign_in(&pool, "ann");
        assert_eq!(list(&Value::Null)["Sessions"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn an_unknown_user_is_not_found_and_a_foreign_token_refused() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let user = json!({ "UserPoolId": pool.id, "Username": "bob" });
        assert_eq!(world.fails("AdminListUserSessions", user).code, "UserNotFoundException");
        world.user(&pool, "ann", json!([]));
        let sessions = json!({
            "UserPoolId": pool.id, "UserSessionTracking": "ENABLED",
            "TokenSession": { "MaxPerUser": 1 },
        });
        let _ = world.ok("SetUserPoolSessionConfiguration", sessions);
        let user = json!({ "UserPoolId": pool.id, "Username": "ann", "NextToken": "x" });
        assert_eq!(world.fails("AdminListUserSessions", user).code, "InvalidParameterException");
    }
}
