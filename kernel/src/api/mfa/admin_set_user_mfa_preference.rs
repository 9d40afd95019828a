//! `AdminSetUserMFAPreference`: turns a user's second factors on and off.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserMFAPreference.html>

use crate::{
    directory,
    model::{factor::Preferences, user::User},
    prelude::*,
};

operation!(
    AdminSetUserMFAPreference, Iam, reach Pool, now,
    adds [PasswordResetRequired, UserNotConfirmed, UserNotFound],
    lacks [TooManyRequests]
);

shape! { Input {
    SMSMfaSettings sms_mfa_settings: Option<SMSMfaSettingsType>,
    SoftwareTokenMfaSettings software_token_mfa_settings: Option<SoftwareTokenMfaSettingsType>,
    EmailMfaSettings email_mfa_settings: Option<EmailMfaSettingsType>,
    WebAuthnMfaSettings web_authn_mfa_settings: Option<WebAuthnMfaSettingsType>,
    Username username: Username,
    UserPoolId user_pool_id: UserPoolId,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let mut user = directory::known(cx, &pool, input.username.as_str())?;
    let before = User::clone(&user);
    let preferences = Preferences {
        sms: input.sms_mfa_settings,
        software_token: input.software_token_mfa_settings,
        email: input.email_mfa_settings,
        web_authn: input.web_authn_mfa_settings,
    };
    user.prefer(&pool, &preferences)?;
    directory::save(cx, &pool, &before, &mut user)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn an_administrator_prefers_for_a_user() {
        let world = World::new();
        let pool = world.mfa_pool("OPTIONAL");
        let phone = json!([{ "Name": "phone_number", "Value": "+12065550100" }]);
        world.user(&pool, "ann", phone);
        let named = |name: &str| json!({ "UserPoolId": pool.id, "Username": name });
        let mut input = named("ann");
        input["SMSMfaSettings"] = json!({ "Enabled": true, "PreferredMfa": true });
        let _ = world.ok("AdminSetUserMFAPreference", input);
        let user = world.ok("AdminGetUser", named("ann"));
        assert_eq!(user["UserMFASettingList"], json!(["SMS_MFA"]));
        assert_eq!(user["PreferredMfaSetting"], "SMS_MFA");
        // What was said in the older manner is said again here.
        let mut off = named("ann");
        off["SMSMfaSettings"] = json!({ "Enabled": false });
        let _ = world.ok("AdminSetUserMFAPreference", off);
        let user = world.ok("AdminGetUser", named("ann"));
        assert_eq!(user.get("UserMFASettingList"), None::<&serde_json::Value>);
        let failure = world.fails("AdminSetUserMFAPreference", named("bob"));
        assert_eq!(failure.code, "UserNotFoundException");
    }
}
