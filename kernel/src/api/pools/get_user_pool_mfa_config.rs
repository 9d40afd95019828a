//! `GetUserPoolMfaConfig`: tells which second factors a pool wants and takes.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolMfaConfig.html>

use crate::prelude::*;

operation!(GetUserPoolMfaConfig, Iam, reach Pool, now, adds [], lacks [OperationNotEnabled]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
} }

shape! { Output {
    SmsMfaConfiguration sms_mfa_configuration: Option<SmsMfaConfigType>,
    SoftwareTokenMfaConfiguration software_token_mfa_configuration:
        Option<SoftwareTokenMfaConfigType>,
    EmailMfaConfiguration email_mfa_configuration: Option<EmailMfaConfigType>,
    MfaConfiguration mfa_configuration: Option<UserPoolMfa>,
    WebAuthnConfiguration web_authn_configuration: Option<WebAuthnConfigurationType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    Ok(Output {
        sms_mfa_configuration: pool.sms_mfa_shown(),
        software_token_mfa_configuration: pool.software_token_mfa_shown(),
        email_mfa_configuration: pool.factors.email.clone(),
        mfa_configuration: Some(pool.mfa()),
        web_authn_configuration: pool.factors.web_authn.clone(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn a_new_pool_wants_no_second_factor() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let shown = world.ok("GetUserPoolMfaConfig", json!({ "UserPoolId": pool.id }));
        assert_eq!(shown, json!({ "MfaConfiguration": "OFF" }));
    }

    #[test]
    fn a_pool_that_does_not_exist_is_reported() {
        let world = World::new();
        let failure =
            world.fails("GetUserPoolMfaConfig", json!({ "UserPoolId": "eu-west-1_000000000" }));
        assert_eq!(failure.code, "ResourceNotFoundException");
    }
}
