//! `SetUserMFAPreference`: turns a user's own second factors on and off.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserMFAPreference.html>

use crate::{
    access::bearer::{self, Bearer},
    directory,
    model::{factor::Preferences, user::User},
    prelude::*,
};

operation!(
    SetUserMFAPreference, Token, reach AccessToken, now,
    adds [Forbidden, PasswordResetRequired, UserNotConfirmed, UserNotFound],
    lacks [TooManyRequests]
);

shape! { Input {
    SMSMfaSettings sms_mfa_settings: Option<SMSMfaSettingsType>,
    SoftwareTokenMfaSettings software_token_mfa_settings: Option<SoftwareTokenMfaSettingsType>,
    EmailMfaSettings email_mfa_settings: Option<EmailMfaSettingsType>,
    WebAuthnMfaSettings web_authn_mfa_settings: Option<WebAuthnMfaSettingsType>,
    AccessToken access_token: Token,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let Bearer { pool, mut user, .. } = bearer::verify(cx, input.access_token.as_str())?;
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
    use alloc::string::String;

    use serde_json::{Value, json};

    use crate::testing::{TestPool, World};

    /// Ann, who has both addresses and no app yet, and her access token.
    fn ann(world: &World) -> (TestPool, Value) {
        let pool = world.mfa_pool("OPTIONAL");
        let attributes = json!([
            { "Name": "email", "Value": "ann@example.com" },
            { "Name": "phone_number", "Value": "+12065550100" },
        ]);
        world.user(&pool, "ann", attributes);
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        (pool, token)
    }

    fn set(world: &World, token: &Value, settings: Value) -> Result<(), String> {
        let mut input = json!({ "AccessToken": token });
        input.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
        let outcome = world.call("SetUserMFAPreference", input);
        outcome.map(|_| ()).map_err(|failure| {
            assert_eq!(failure.code, "InvalidParameterException");
            failure.message
        })
    }

    /// `UserMFASettingList` and `PreferredMfaSetting`.
    fn shown(world: &World, token: &Value) -> (Value, Value) {
        let user = world.ok("GetUser", json!({ "AccessToken": token }));
        (user["UserMFASettingList"].clone(), user["PreferredMfaSetting"].clone())
    }

    #[test]
    fn factors_are_turned_on_preferred_and_turned_off() {
        let world = World::new();
        let (_, token) = ann(&world);
        let on = json!({ "Enabled": true });
        set(&world, &token, json!({ "SMSMfaSettings": on, "EmailMfaSettings": on })).unwrap();
        let both = json!(["SMS_MFA", "EMAIL_OTP"]);
        assert_eq!(shown(&world, &token), (both.clone(), Value::Null));

        let preferred = json!({ "Enabled": true, "PreferredMfa": true });
        set(&world, &token, json!({ "EmailMfaSettings": preferred })).unwrap();
        assert_eq!(shown(&world, &token), (both.clone(), json!("EMAIL_OTP")));
        // Another one takes its place.
        set(&world, &token, json!({ "SMSMfaSettings": preferred })).unwrap();
        assert_eq!(shown(&world, &token), (both.clone(), json!("SMS_MFA")));
        let demoted = json!({ "Enabled": true, "PreferredMfa": false });
        set(&world, &token, json!({ "SMSMfaSettings": demoted })).unwrap();
        assert_eq!(shown(&world, &token), (both, Value::Null));

        set(&world, &token, json!({ "SMSMfaSettings": preferred })).unwrap();
        set(&world, &token, json!({ "SMSMfaSettings": { "Enabled": false } })).unwrap();
        assert_eq!(shown(&world, &token), (json!(["EMAIL_OTP"]), Value::Null));
    }

    #[test]
    fn what_is_not_set_up_is_not_turned_on() {
        let world = World::new();
        let (pool, token) = ann(&world);
        let on = json!({ "Enabled": true });
        assert_eq!(
            set(&world, &token, json!({ "SoftwareTokenMfaSettings": on })).unwrap_err(),
            "User has not verified software token mfa"
        );
        assert!(
            set(&world, &token, json!({ "WebAuthnMfaSettings": on }))
                .unwrap_err()
                .contains("passkey")
        );
        world.user(&pool, "bob", json!([]));
        let bob = world.sign_in(&pool, "bob")["AccessToken"].take();
        for (settings, name) in [("SMSMfaSettings", "SMS_MFA"), ("EmailMfaSettings", "EMAIL_OTP")] {
            assert_eq!(
                set(&world, &bob, json!({ settings: on })).unwrap_err(),
                alloc::format!("User does not have delivery config set to turn on {name}")
            );
        }
        assert_eq!(shown(&world, &bob), (Value::Null, Value::Null));
    }

    #[test]
    fn one_factor_is_preferred_at_most_and_none_that_is_off() {
        let world = World::new();
        let (_, token) = ann(&world);
        let preferred = json!({ "Enabled": true, "PreferredMfa": true });
        let both = json!({ "SMSMfaSettings": preferred, "EmailMfaSettings": preferred });
        assert!(set(&world, &token, both).unwrap_err().contains("Only one"));
        let off = json!({ "SMSMfaSettings": { "Enabled": false, "PreferredMfa": true } });
        assert!(set(&world, &token, off).unwrap_err().contains("disabled"));
        assert_eq!(shown(&world, &token), (Value::Null, Value::Null));
    }

    #[test]
    fn a_factor_goes_with_its_address() {
        let world = World::new();
        let (_, token) = ann(&world);
        let preferred = json!({ "Enabled": true, "PreferredMfa": true });
        set(&world, &token, json!({ "SMSMfaSettings": preferred })).unwrap();
        let gone = json!({ "AccessToken": token, "UserAttributeNames": ["phone_number"] });
        let _ = world.ok("DeleteUserAttributes", gone);
        assert_eq!(shown(&world, &token), (Value::Null, Value::Null));
    }
}
