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
    shape::{Bounded, Text},
    shapes::{
        AccountRecoverySettingType, AuthFactor, EmailSendingAccount, EncryptionKeyType,
        LambdaConfigType, RecoveryOptionName, SmsConfigurationType, UserPoolMfa, UserPoolType,
    },
};

/// Checks settings as they were asked for, before defaults are filled in.
///
/// # Errors
/// `InvalidParameterException`, with AWS's sentence where that is known.
pub(crate) fn check(asked: &UserPoolType, region: &str) -> Result<(), Error> {
    sign_in_names(asked)?;
    temporary_passwords(asked)?;
    first_factors(asked)?;
    if let Some(sms) = &asked.sms_configuration {
        text_messages(sms, region)?;
    }
    second_factor(asked)?;
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
fn sends_text(sms: &SmsConfigurationType) -> bool {
    let caller = sms.sns_caller_arn.as_ref().map_or("", Text::as_str);
    !caller.is_empty() || sms.eums_sms.is_some()
}

fn text_messages(sms: &SmsConfigurationType, region: &str) -> Result<(), Error> {
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
        let given = levels.get(&format!("Level{level}").into());
        let name = given.map_or_else(|| level_name(level), |given| given.acr_value.to_string());
        if !names.insert(name) {
            return refused("The names in AcrConfiguration must be unique across all levels.");
        }
    }
    Ok(())
}
