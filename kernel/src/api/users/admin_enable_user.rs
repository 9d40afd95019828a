//! `AdminEnableUser`: lets a disabled user in again.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminEnableUser.html>

use crate::{directory, model::user::User, prelude::*};

operation!(AdminEnableUser, Iam, reach Pool, now, adds [UserNotFound]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let mut user = directory::known(cx, &pool, input.username.as_str())?;
    let before = User::clone(&user);
    user.is_enabled = true;
    directory::save(cx, &pool, &before, &mut user)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn nothing_but_the_flag_is_changed() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let named = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let _ = world.ok("AdminCreateUser", named.clone());
        let before = world.ok("AdminGetUser", named.clone());
        let _ = world.ok("AdminDisableUser", named.clone());
        let _ = world.ok("AdminEnableUser", named.clone());
        assert_eq!(world.ok("AdminGetUser", named), before);
        assert_eq!(before["UserStatus"], "FORCE_CHANGE_PASSWORD");
    }
}
