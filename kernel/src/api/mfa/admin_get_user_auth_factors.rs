//! `AdminGetUserAuthFactors`: tells what a user may sign in with.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUserAuthFactors.html>

use crate::{directory, prelude::*};

operation!(AdminGetUserAuthFactors, Iam, reach Pool, now, adds [UserNotFound]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
} }

shape! { Output {
    Username username: Username,
    PreferredMfaSetting preferred_mfa_setting: Option<String>,
    UserMFASettingList user_mfa_setting_list: Option<Vec<String>>,
    ConfiguredUserAuthFactors configured_user_auth_factors: Option<ConfiguredUserAuthFactors>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let user = directory::known(cx, &pool, input.username.as_str())?;
    Ok(Output {
        username: user.username.as_str().into(),
        preferred_mfa_setting: user.preferred_factor_shown(),
        user_mfa_setting_list: user.factors_shown(),
        configured_user_auth_factors: Some(user.all_factors(cx, &pool)?.into()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::World;

    #[test]
    fn factors_are_what_the_pool_allows_and_the_user_has() {
        let world = World::new();
        let factors = json!({ "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP"] });
        let pool = world.pool(json!({ "Policies": { "SignInPolicy": factors } }));
        let attributes = json!([
            { "Name": "email", "Value": "ann@example.com" },
            { "Name": "email_verified", "Value": "true" },
            { "Name": "phone_number", "Value": "+12065550100" },
        ]);
        world.user(&pool, "ann", attributes);
        let shown = world
            .ok("AdminGetUserAuthFactors", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        // The phone number was never proved.
        assert_eq!(
            shown,
            json!({
                "Username": "ann",
                "ConfiguredUserAuthFactors": ["PASSWORD", "EMAIL_OTP"],
            })
        );
    }

    #[test]
    fn an_app_is_a_factor_once_it_is_set_up() {
        let world = World::new();
        let pool = world.mfa_pool("OPTIONAL");
        world.user(&pool, "ann", json!([]));
        let _ = world.set_up_token(&pool, "ann");
        let named = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let shown = world.ok("AdminGetUserAuthFactors", named);
        let tokens: Value = json!(["SOFTWARE_TOKEN_MFA"]);
        assert_eq!(shown["UserMFASettingList"], tokens);
        assert_eq!(shown["PreferredMfaSetting"], tokens[0]);
        assert_eq!(shown["ConfiguredUserAuthFactors"], json!(["PASSWORD", "SOFTWARE_TOKEN"]));
    }

    #[test]
    fn an_unknown_user_is_reported() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let failure = world
            .fails("AdminGetUserAuthFactors", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        assert_eq!(failure.code, "UserNotFoundException");
    }
}
