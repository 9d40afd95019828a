//! `AdminDeleteSoftwareToken`: forgets a user's authenticator app.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteSoftwareToken.html>

use crate::{directory, model::user::User, prelude::*};

operation!(
    AdminDeleteSoftwareToken, Iam, reach Pool, now,
    adds [UserNotConfirmed, UserNotFound]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let mut user = directory::known(cx, &pool, input.username.as_str())?;
    let before = User::clone(&user);
    user.factors.drop_token();
    directory::save(cx, &pool, &before, &mut user)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::World;

    #[test]
    fn the_app_is_forgotten_and_can_be_set_up_again() {
        let world = World::new();
        let pool = world.mfa_pool("OPTIONAL");
        world.user(&pool, "ann", json!([]));
        let _ = world.set_up_token(&pool, "ann");
        let named = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let shown = || world.ok("AdminGetUser", named.clone());
        assert_eq!(shown()["PreferredMfaSetting"], "SOFTWARE_TOKEN_MFA");
        let _ = world.ok("AdminDeleteSoftwareToken", named.clone());
        assert_eq!(shown().get("UserMFASettingList"), None::<&Value>);
        assert_eq!(shown().get("PreferredMfaSetting"), None::<&Value>);
        assert!(world.sign_in(&pool, "ann")["AccessToken"].is_string());
        let _ = world.set_up_token(&pool, "ann");
        // Of one that is not there, nothing is left to do.
        let _ = world.ok("AdminDeleteSoftwareToken", named.clone());
        let _ = world.ok("AdminDeleteSoftwareToken", named);
    }

    #[test]
    fn an_unknown_user_is_reported() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let failure = world
            .fails("AdminDeleteSoftwareToken", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        assert_eq!(failure.code, "UserNotFoundException");
    }
}
