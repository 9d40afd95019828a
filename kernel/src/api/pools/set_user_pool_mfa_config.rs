//! `SetUserPoolMfaConfig`: says which second factors a pool wants and takes. What is left out stays.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html>

use crate::{
    model::{
        factor::Factor,
        pool::{Pool, rules},
    },
    prelude::*,
    store::keys,
};

operation!(
    SetUserPoolMfaConfig, Iam, reach Pool, now,
    adds [
        ConcurrentModification, FeatureUnavailableInTier, InvalidSmsRoleAccessPolicy,
        InvalidSmsRoleTrustRelationship,
    ]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    SmsMfaConfiguration sms_mfa_configuration: Option<SmsMfaConfigType>,
    SoftwareTokenMfaConfiguration software_token_mfa_configuration:
        Option<SoftwareTokenMfaConfigType>,
    EmailMfaConfiguration email_mfa_configuration: Option<EmailMfaConfigType>,
    MfaConfiguration mfa_configuration: Option<UserPoolMfa>,
    WebAuthnConfiguration web_authn_configuration: Option<WebAuthnConfigurationType>,
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
    let mut pool = Pool::clone(&*cx.pool(&input.user_pool_id)?);
    check(&pool, &input)?;
    change(&mut pool, input);
    if pool.mfa() != UserPoolMfa::Off && !Factor::ALL.into_iter().any(|f| pool.offers(f)) {
        return refused("can't disable all MFAs with a required or optional configuration.");
    }
    cx.put(keys::POOL, &pool)?;
    Ok(Output {
        sms_mfa_configuration: pool.sms_mfa_shown(),
        software_token_mfa_configuration: pool.software_token_mfa_shown(),
        mfa_configuration: Some(pool.mfa()),
        email_mfa_configuration: pool.factors.email,
        web_authn_configuration: pool.factors.web_authn,
    })
}

fn check(pool: &Pool, input: &Input) -> Result<(), Error> {
    let takes_tokens = input.software_token_mfa_configuration.as_ref();
    let takes_tokens = takes_tokens.is_some_and(|tokens| tokens.enabled == Some(true));
    let sends = input.sms_mfa_configuration.is_some() || input.email_mfa_configuration.is_some();
    let is_off = input.mfa_configuration == Some(UserPoolMfa::Off);
    if is_off && (takes_tokens || sends) {
        return refused("can't turn off MFA and configure an MFA together.");
    }
    let sms = input.sms_mfa_configuration.as_ref().and_then(|sms| sms.sms_configuration.as_ref());
    sms.map_or(Ok(()), |sms| rules::text_messages(sms, &pool.region))
}

fn change(pool: &mut Pool, input: Input) {
    if let Some(mfa) = input.mfa_configuration {
        pool.description.mfa_configuration = Some(mfa);
        if mfa == UserPoolMfa::Off {
            pool.factors.software_token = None;
            pool.factors.email = None;
        }
    }
    if let Some(sms) = input.sms_mfa_configuration {
        let description = &mut pool.description;
        description.sms_authentication_message = sms.sms_authentication_message;
        description.sms_configuration =
            sms.sms_configuration.or_else(|| description.sms_configuration.take());
    }
    if let Some(tokens) = input.software_token_mfa_configuration {
        pool.factors.software_token = Some(tokens.enabled.unwrap_or(false));
    }
    pool.factors.email = input.email_mfa_configuration.or_else(|| pool.factors.email.take());
    pool.factors.web_authn =
        input.web_authn_configuration.or_else(|| pool.factors.web_authn.take());
}

fn refused<T>(what: &str) -> Result<T, Error> {
    let message = alloc::format!("Invalid MFA configuration given, {what}");
    Err(Error::saying(Code::InvalidParameter, message))
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use serde_json::{Value, json};

    use crate::testing::{TestPool, World};

    fn set(world: &World, pool: &TestPool, settings: Value) -> Result<Value, String> {
        let mut input = json!({ "UserPoolId": pool.id });
        input.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
        world.call("SetUserPoolMfaConfig", input).map_err(|failure| failure.message)
    }

    fn shown(world: &World, pool: &TestPool) -> Value {
        world.ok("GetUserPoolMfaConfig", json!({ "UserPoolId": pool.id }))
    }

    const ROLE: &str = "arn:aws:iam::123456789012:role/sms";

    #[test]
    fn what_is_set_is_shown_and_what_is_left_out_stays() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let all = json!({
            "MfaConfiguration": "OPTIONAL",
            "SmsMfaConfiguration": {
                "SmsAuthenticationMessage": "Code {####}",
                "SmsConfiguration": { "SnsCallerArn": ROLE },
            },
            "SoftwareTokenMfaConfiguration": { "Enabled": true },
            "EmailMfaConfiguration": { "Message": "Mail {####}", "Subject": "Code" },
            "WebAuthnConfiguration": {
                "RelyingPartyId": "example.com", "UserVerification": "required",
            },
        });
        assert_eq!(set(&world, &pool, all.clone()).unwrap(), all);
        assert_eq!(shown(&world, &pool), all);
        let mut required = all;
        required["MfaConfiguration"] = json!("ON");
        assert_eq!(set(&world, &pool, json!({ "MfaConfiguration": "ON" })).unwrap(), required);
        let described = world.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }));
        assert_eq!(described["UserPool"]["MfaConfiguration"], "ON");
        assert_eq!(described["UserPool"]["SmsAuthenticationMessage"], "Code {####}");
    }

    #[test]
    fn whoever_wants_a_second_factor_takes_at_least_one() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let none = "Invalid MFA configuration given, can't disable all MFAs with a required or \
                    optional configuration.";
        for mfa in ["ON", "OPTIONAL"] {
            let alone = json!({ "MfaConfiguration": mfa });
            assert_eq!(set(&world, &pool, alone).unwrap_err(), none);
        }
        let tokens = json!({
            "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": { "Enabled": true },
        });
        let _ = set(&world, &pool, tokens).unwrap();
        let last = json!({ "SoftwareTokenMfaConfiguration": { "Enabled": false } });
        assert_eq!(set(&world, &pool, last).unwrap_err(), none);
        assert_eq!(shown(&world, &pool)["SoftwareTokenMfaConfiguration"]["Enabled"], true);
    }

    #[test]
    fn nothing_is_turned_off_and_set_up_at_once() {
        let world = World::new();
        let pool = world.pool(json!({}));
        for setting in [
            json!({ "SoftwareTokenMfaConfiguration": { "Enabled": true } }),
            json!({ "EmailMfaConfiguration": {} }),
            json!({ "SmsMfaConfiguration": { "SmsConfiguration": { "SnsCallerArn": ROLE } } }),
        ] {
            let mut both = setting;
            both["MfaConfiguration"] = json!("OFF");
            assert_eq!(
                set(&world, &pool, both).unwrap_err(),
                "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
            );
        }
        assert_eq!(shown(&world, &pool), json!({ "MfaConfiguration": "OFF" }));
    }

    #[test]
    fn a_pool_with_another_factor_needs_no_text_messages() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let tokens = json!({
            "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": { "Enabled": true },
        });
        let _ = set(&world, &pool, tokens).unwrap();
        let update = json!({ "UserPoolId": pool.id, "MfaConfiguration": "OPTIONAL" });
        let _ = world.ok("UpdateUserPool", update);
        assert_eq!(
            shown(&world, &pool),
            json!({
                "MfaConfiguration": "OPTIONAL",
                "SoftwareTokenMfaConfiguration": { "Enabled": true },
            })
        );
    }
}
