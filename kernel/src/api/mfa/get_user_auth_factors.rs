//! `GetUserAuthFactors`: tells users what they may sign in with.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAuthFactors.html>

use crate::{access::bearer, prelude::*};

operation!(
    GetUserAuthFactors, Token, reach AccessToken, now,
    adds [Forbidden, PasswordResetRequired, UserNotConfirmed, UserNotFound]
);

shape! { Input {
    AccessToken access_token: Token,
} }

shape! { Output {
    Username username: Username,
    PreferredMfaSetting preferred_mfa_setting: Option<String>,
    UserMFASettingList user_mfa_setting_list: Option<Vec<String>>,
    ConfiguredUserAuthFactors configured_user_auth_factors: Option<ConfiguredUserAuthFactors>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let bearer = bearer::verify(cx, input.access_token.as_str())?;
    let user = bearer.user;
    Ok(Output {
        username: user.username.as_str().into(),
        preferred_mfa_setting: user.preferred_factor_shown(),
        user_mfa_setting_list: user.factors_shown(),
        configured_user_auth_factors: Some(user.all_factors(cx, &bearer.pool)?.into()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn users_see_their_own() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        let shown = world.ok("GetUserAuthFactors", json!({ "AccessToken": token }));
        let all = json!({ "Username": "ann", "ConfiguredUserAuthFactors": ["PASSWORD"] });
        assert_eq!(shown, all);
        let failure = world.fails("GetUserAuthFactors", json!({ "AccessToken": "a.b.c" }));
        assert_eq!(failure.code, "NotAuthorizedException");
    }
}
