//! `AdminDeleteUser`: removes a user.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUser.html>

use crate::{directory, prelude::*};

operation!(AdminDeleteUser, Iam, reach Pool, now, adds [UserNotFound]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let user = directory::known(cx, &pool, input.username.as_str())?;
    directory::remove(cx, &pool, user)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{PASSWORD, World};

    #[test]
    fn nothing_of_a_deleted_user_is_left() {
        let world = World::new();
        let pool = world.pool(json!({
            "AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email"],
        }));
        world.user(&pool, "other", json!([]));
        let keys = || world.pool_records(&pool.id).into_keys().collect::<alloc::vec::Vec<_>>();
        let before = keys();
        let _ = world.ok(
            "SignUp",
            json!({
                "ClientId": pool.client, "Username": "ann/é", "Password": PASSWORD,
                "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }],
            }),
        );
        let named = json!({ "UserPoolId": pool.id, "Username": "ann/é" });
        assert!(keys().len() > before.len() + 2);
        let _ = world.ok("AdminDeleteUser", named.clone());
        assert_eq!(keys(), before);
        assert_eq!(world.fails("AdminGetUser", named.clone()).code, "UserNotFoundException");
        assert_eq!(world.fails("AdminDeleteUser", named).code, "UserNotFoundException");
    }

    #[test]
    fn the_address_of_a_deleted_user_is_free_again() {
        let world = World::new();
        let pool = world.pool(json!({ "UsernameAttributes": ["email"] }));
        let named = json!({ "UserPoolId": pool.id, "Username": "ann@example.com" });
        let sub = |user: serde_json::Value| user["User"]["Username"].clone();
        let first = sub(world.ok("AdminCreateUser", named.clone()));
        let _ = world.ok("AdminDeleteUser", named.clone());
        let second = sub(world.ok("AdminCreateUser", named));
        assert_ne!(first, second);
    }
}
