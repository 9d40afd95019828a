//! Which settings of a pool contradict each other, or themselves?
//!
//! No setting is refused for the pool's tier: tiers are kept and described, and gate nothing.

use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
};

use crate::{
    error::{Code, Error},
    model::factor::FactorSettings,
    shape::{Bounded, Text},
    shapes::{
        AccountRecoverySettingType, AcrConfiguration, AuthFactor, EmailSendingAccount,
        EncryptionKeyType, LambdaConfigType, RecoveryOptionName, SmsConfigurationType, UserPoolMfa,
        UserPoolType,
    },
};

/// Checks settings as they were asked for, before defaults are filled in.
///
/// # Errors
/// `InvalidParameterException`, with AWS's sentence where that is known.
pub(crate) fn check(
    asked: &UserPoolType,
    region: &str,
    factors: &FactorSettings,
) -> Result<(), Error> {
    sign_in_names(asked)?;
    temporary_passwords(asked)?;
    first_factors(asked)?;
    if let Some(sms) = &asked.sms_configuration {
        text_messages(sms, region)?;
    }
    if !factors.has_any() {
        second_factor(asked)?;
    }
    mail(asked)?;
    if let Some(recovery) = &asked.account_recovery_setting {
        account_recovery(recovery)?;
    }
    if let Some(triggers) = &asked.lambda_config {
        functions(triggers)?;
    }
    encryption(asked)?;
    assurance_levels(asked)
}

/// What the `acr` claim says of a level whose name was not changed.
pub(crate) fn level_name(level: u8) -> String {
    format!("urn:cognito:loa:{level}")
}

/// What the `acr` claim says of a level, if its name was changed.
pub(crate) fn name_of_level(levels: &AcrConfiguration, level: u8) -> Option<String> {
    let given = levels.get(&format!("Level{level}").into());
    given.map(|given| given.acr_value.to_string())
}

fn refused<T>(message: impl Into<alloc::borrow::Cow<'static, str>>) -> Result<T, Error> {
    Err(Error::saying(Code::InvalidParameter, message))
}

fn sign_in_names(asked: &UserPoolType) -> Result<(), Error> {
    let has_aliases = asked.alias_attributes.as_ref().is_some_and(|listed| !listed.is_empty());
    let has_names = asked.username_attributes.as_ref().is_some_and(|listed| !listed.is_empty());
    if has_aliases && has_names {
        return refused(
            "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.",
        );
    }
    Ok(())
}

fn temporary_passwords(asked: &UserPoolType) -> Result<(), Error> {
    let policy = asked.policies.as_ref().and_then(|policies| policies.password_policy.as_ref());
    let days = policy.and_then(|policy| policy.temporary_password_validity_days);
    let older = asked.admin_create_user_config.as_ref();
    let older = older.and_then(|config| config.unused_account_validity_days);
    if days.is_some_and(|days| days.get() > 0) && older.is_some() {
        return refused(
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of \
             UnusedAccountValidityDays",
        );
    }
    Ok(())
}

fn first_factors(asked: &UserPoolType) -> Result<(), Error> {
    let policy = asked.policies.as_ref().and_then(|policies| policies.sign_in_policy.as_ref());
    let Some(factors) = policy.and_then(|policy| policy.allowed_first_auth_factors.as_ref()) else {
        return Ok(());
    };
    if factors.contains(&AuthFactor::SoftwareToken) {
        return refused("SOFTWARE_TOKEN is not supported in AllowedFirstAuthFactors.");
    }
    if !factors.contains(&AuthFactor::Password) {
        return refused("AllowedFirstAuthFactors must include PASSWORD.");
    }
    Ok(())
}

/// Whether the pool can send text messages at all.
pub(crate) fn sends_text(sms: &SmsConfigurationType) -> bool {
    let caller = sms.sns_caller_arn.as_ref().map_or("", Text::as_str);
    !caller.is_empty() || sms.eums_sms.is_some()
}

pub(crate) fn text_messages(sms: &SmsConfigurationType, region: &str) -> Result<(), Error> {
    let Some(eums) = &sms.eums_sms else { return Ok(()) };
    if sms.sns_caller_arn.as_ref().is_some_and(|caller| !caller.as_str().is_empty()) {
        return refused("Only one of SnsCallerArn and EumsSms can be set in SmsConfiguration.");
    }
    if eums.region.as_ref().is_some_and(|given| given.as_str() != region) {
        return refused("The Region of EumsSms must be the region of the user pool.");
    }
    Ok(())
}

fn second_factor(asked: &UserPoolType) -> Result<(), Error> {
    let is_off = matches!(asked.mfa_configuration, None | Some(UserPoolMfa::Off));
    if is_off || asked.sms_configuration.as_ref().is_some_and(sends_text) {
        return Ok(());
    }
    refused(
        "SMS configuration and Auto verification for phone_number are required when MFA is \
         required/optional",
    )
}

fn mail(asked: &UserPoolType) -> Result<(), Error> {
    let Some(mail) = &asked.email_configuration else { return Ok(()) };
    let is_own = mail.email_sending_account == Some(EmailSendingAccount::Developer);
    if is_own && mail.source_arn.is_none() {
        return refused("SourceArn is required when EmailSendingAccount is DEVELOPER.");
    }
    Ok(())
}

fn account_recovery(recovery: &AccountRecoverySettingType) -> Result<(), Error> {
    let Some(ways) = &recovery.recovery_mechanisms else { return Ok(()) };
    let names: BTreeSet<_> = ways.iter().map(|way| way.name).collect();
    let priorities: BTreeSet<_> = ways.iter().map(|way| way.priority).collect();
    if names.contains(&RecoveryOptionName::AdminOnly) && ways.len() > 1 {
        return refused(
            "Account Recovery Setting cannot use admin_only setting with any other recovery \
             mechanisms.",
        );
    }
    if names.len() < ways.len() {
        return refused("Account Recovery Setting has a recovery mechanism twice.");
    }
    if priorities.len() < ways.len() {
        return refused("Account Recovery Setting has a priority twice.");
    }
    Ok(())
}

fn functions(triggers: &LambdaConfigType) -> Result<(), Error> {
    let older = triggers.pre_token_generation.as_ref();
    let newer = triggers.pre_token_generation_config.as_ref().map(|config| &config.lambda_arn);
    if older.zip(newer).is_some_and(|(older, newer)| older != newer) {
        return refused(
            "PreTokenGeneration and the LambdaArn of PreTokenGenerationConfig must be the same.",
        );
    }
    let has_sender = triggers.custom_sms_sender.is_some() || triggers.custom_email_sender.is_some();
    if has_sender && triggers.kms_key_id.is_none() {
        return refused("KMSKeyID is required for CustomSMSSender and CustomEmailSender.");
    }
    Ok(())
}

fn encryption(asked: &UserPoolType) -> Result<(), Error> {
    let Some(key) = &asked.key_configuration else { return Ok(()) };
    match (key.key_type, &key.kms_key_arn) {
        (Some(EncryptionKeyType::CustomerManagedKey), None) => {
            refused("KmsKeyArn is required when KeyType is CUSTOMER_MANAGED_KEY.")
        }
        (Some(EncryptionKeyType::AwsOwnedKey), Some(_)) => {
            refused("KmsKeyArn cannot be set when KeyType is AWS_OWNED_KEY.")
        }
        _ => Ok(()),
    }
}

/// Every level has a name of its own, those included whose names were not changed.
fn assurance_levels(asked: &UserPoolType) -> Result<(), Error> {
    let Some(levels) = &asked.acr_configuration else { return Ok(()) };
    let mut names = BTreeSet::new();
    for level in 1..=4 {
        let name = name_of_level(levels, level).unwrap_or_else(|| level_name(level));
        if !names.insert(name) {
            return refused("The names in AcrConfiguration must be unique across all levels.");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use serde_json::json;

    use crate::{shape::Json, testing::World};

    const SMS: &str = "arn:aws:iam::123456789012:role/sms";

    fn function(name: &str) -> String {
        alloc::format!("arn:aws:lambda:eu-west-1:123456789012:function:{name}")
    }

    /// What both makers of pools say to settings: they must say the same.
    fn refusal(settings: Json) -> String {
        let world = World::new();
        let pool = world.pool(json!({}));
        let mut create = settings.clone();
        create["PoolName"] = json!("refused");
        let refused = world.fails("CreateUserPool", create);
        assert_eq!(refused.code, "InvalidParameterException", "{settings}");
        let mut update = settings;
        update["UserPoolId"] = json!(pool.id);
        assert_eq!(world.fails("UpdateUserPool", update), refused);
        refused.message
    }

    #[test]
    fn aliases_and_usernames_that_are_addresses_exclude_each_other() {
        let refused = World::new().fails(
            "CreateUserPool",
            json!({
                "PoolName": "p", "AliasAttributes": ["email"], "UsernameAttributes": ["email"],
            }),
        );
        assert_eq!(refused.code, "InvalidParameterException");
        assert_eq!(
            refused.message,
            "Only one of the aliasAttributes or usernameAttributes can be set in a user pool."
        );
    }

    #[test]
    fn the_life_of_temporary_passwords_is_said_once() {
        let message = refusal(json!({
            "Policies": { "PasswordPolicy": { "TemporaryPasswordValidityDays": 3 } },
            "AdminCreateUserConfig": { "UnusedAccountValidityDays": 3 },
        }));
        assert!(message.starts_with("Please use TemporaryPasswordValidityDays"), "{message}");
    }

    #[test]
    fn a_password_is_always_a_first_factor_and_software_tokens_never_are() {
        let with = |factors: Json| {
            let policy = json!({ "AllowedFirstAuthFactors": factors });
            json!({ "Policies": { "SignInPolicy": policy } })
        };
        assert!(refusal(with(json!(["EMAIL_OTP"]))).contains("PASSWORD"));
        assert!(refusal(with(json!(["PASSWORD", "SOFTWARE_TOKEN"]))).contains("SOFTWARE_TOKEN"));
    }

    #[test]
    fn second_factors_need_a_way_to_send_text() {
        for mfa in ["ON", "OPTIONAL"] {
            for sms in [json!(null), json!({}), json!({ "SnsCallerArn": "" })] {
                let message = refusal(json!({ "MfaConfiguration": mfa, "SmsConfiguration": sms }));
                assert!(message.starts_with("SMS configuration"), "{message}");
            }
        }
        let world = World::new();
        for sms in [
            json!({ "SnsCallerArn": SMS }),
            json!({ "EumsSms": { "CallerArn": SMS, "Region": "eu-west-1" } }),
        ] {
            let settings = json!({ "MfaConfiguration": "ON", "SmsConfiguration": sms });
            let pool = world.pool(settings);
            let shown = world.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }));
            assert_eq!(shown["UserPool"]["MfaConfiguration"], "ON");
        }
    }

    #[test]
    fn text_is_sent_by_one_sender_in_the_region_of_the_pool() {
        let both = json!({ "SnsCallerArn": SMS, "EumsSms": { "CallerArn": SMS } });
        assert!(refusal(json!({ "SmsConfiguration": both })).contains("Only one"));
        let far = json!({ "EumsSms": { "CallerArn": SMS, "Region": "us-east-1" } });
        assert!(refusal(json!({ "SmsConfiguration": far })).contains("Region"));
    }

    #[test]
    fn mail_of_ones_own_needs_a_source() {
        let mail = json!({ "EmailSendingAccount": "DEVELOPER" });
        assert!(refusal(json!({ "EmailConfiguration": mail })).contains("SourceArn"));
    }

    #[test]
    fn ways_of_recovery_are_distinct_and_administrators_stand_alone() {
        let with = |ways: Json| json!({ "AccountRecoverySetting": { "RecoveryMechanisms": ways } });
        let email = |priority: u8| json!({ "Priority": priority, "Name": "verified_email" });
        let admin = json!({ "Priority": 2, "Name": "admin_only" });
        let phone = json!({ "Priority": 1, "Name": "verified_phone_number" });
        assert!(refusal(with(json!([email(1), admin]))).contains("admin_only"));
        assert!(refusal(with(json!([email(1), email(2)]))).contains("mechanism twice"));
        assert!(refusal(with(json!([email(1), phone]))).contains("priority twice"));
    }

    #[test]
    fn the_trigger_before_tokens_is_one_function() {
        let config = json!({ "LambdaVersion": "V2_0", "LambdaArn": function("b") });
        let triggers = json!({
            "PreTokenGeneration": function("a"), "PreTokenGenerationConfig": config,
        });
        assert!(refusal(json!({ "LambdaConfig": triggers })).contains("must be the same"));
    }

    #[test]
    fn senders_of_codes_need_a_key() {
        for sender in ["CustomEmailSender", "CustomSMSSender"] {
            let config = json!({ "LambdaVersion": "V1_0", "LambdaArn": function("send") });
            assert!(refusal(json!({ "LambdaConfig": { sender: config } })).contains("KMSKeyID"));
        }
    }

    #[test]
    fn a_key_of_ones_own_is_named_and_another_is_not() {
        let key = "arn:aws:kms:eu-west-1:123456789012:key/k";
        for key in [
            json!({ "KeyType": "CUSTOMER_MANAGED_KEY" }),
            json!({ "KeyType": "AWS_OWNED_KEY", "KmsKeyArn": key }),
        ] {
            assert!(refusal(json!({ "KeyConfiguration": key })).contains("KmsKeyArn"));
        }
    }

    #[test]
    fn every_level_of_assurance_has_a_name_of_its_own() {
        for levels in [
            json!({ "Level1": { "AcrValue": "same" }, "Level2": { "AcrValue": "same" } }),
            json!({ "Level1": { "AcrValue": "urn:cognito:loa:3" } }),
        ] {
            assert!(refusal(json!({ "AcrConfiguration": levels })).contains("unique"));
        }
    }

    #[test]
    fn messages_without_a_place_for_the_code_are_refused() {
        for settings in [
            json!({ "EmailVerificationMessage": "no code here" }),
            json!({ "SmsVerificationMessage": "no code here" }),
            json!({ "SmsAuthenticationMessage": "no code here" }),
            json!({ "VerificationMessageTemplate": { "EmailMessage": "no code here" } }),
            json!({ "VerificationMessageTemplate": { "SmsMessage": "no code here" } }),
            json!({ "VerificationMessageTemplate": { "EmailMessageByLink": "no link here" } }),
        ] {
            let message = refusal(settings);
            assert!(message.contains("regular expression pattern"), "{message}");
        }
    }
}
