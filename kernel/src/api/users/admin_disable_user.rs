//! `AdminDisableUser`: shuts a user out, at once and until [`super::admin_enable_user`].
//!
//! Every session ends: whoever is enabled again signs in again.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableUser.html>

use crate::{directory, model::user::User, prelude::*};

operation!(AdminDisableUser, Iam, reach Pool, now, adds [UserNotFound]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let mut user = directory::known(cx, &pool, input.username.as_str())?;
    let before = User::clone(&user);
    user.is_enabled = false;
    user.sign_out_everywhere(cx.now_ms());
    directory::save(cx, &pool, &before, &mut user)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::World;

    #[test]
    fn the_user_is_shut_out_at_once_and_let_in_again() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let tokens = world.sign_in(&pool, "ann");
        let named = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let read =
            |tokens: &Value| world.call("GetUser", json!({ "AccessToken": tokens["AccessToken"] }));
        read(&tokens).unwrap();
        let _ = world.ok("AdminDisableUser", named.clone());
        assert_eq!(read(&tokens).unwrap_err().message, "User is disabled.");
        assert_eq!(world.ok("AdminGetUser", named.clone())["Enabled"], false);
        // As often as one likes.
        let _ = world.ok("AdminDisableUser", named.clone());

        let _ = world.ok("AdminEnableUser", named.clone());
        let _ = world.ok("AdminEnableUser", named.clone());
        assert_eq!(world.ok("AdminGetUser", named)["Enabled"], true);
        assert_eq!(read(&tokens).unwrap_err().message, "Access Token has been revoked");
        world.advance_s(1);
        read(&world.sign_in(&pool, "ann")).unwrap();
    }

    #[test]
    fn the_disabled_are_listed_apart() {
        let world = World::new();
        let pool = world.pool(json!({}));
        for name in ["ann", "bob"] {
            world.user(&pool, name, json!([]));
        }
        let _ = world.ok("AdminDisableUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        let listed = |status: &str| {
            let filter = alloc::format!("status = \"{status}\"");
            let input = json!({ "UserPoolId": pool.id, "Filter": filter });
            let users = world.ok("ListUsers", input)["Users"].take();
            users.as_array().unwrap().iter().map(|user| user["Username"].clone()).collect::<Value>()
        };
        assert_eq!((listed("Disabled"), listed("Enabled")), (json!(["ann"]), json!(["bob"])));
        let _ = world.ok("AdminEnableUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        assert_eq!((listed("Disabled"), listed("Enabled")), (json!([]), json!(["ann", "bob"])));
    }

    #[test]
    fn an_unknown_user_is_not_found() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let named = json!({ "UserPoolId": pool.id, "Username": "ann" });
        for operation in ["AdminDisableUser", "AdminEnableUser"] {
            assert_eq!(world.fails(operation, named.clone()).code, "UserNotFoundException");
        }
    }
}
