//! What holds for a pool where nothing was said?

use alloc::{format, vec, vec::Vec};

use super::rules::level_name;
use crate::{
    shape::Bounded,
    shapes::{
        AcrConfiguration, AcrLevelConfigType, AllowedFirstAuthFactors, AuthFactor,
        DefaultEmailOption, DeletionProtection, EmailSendingAccount, LambdaConfigType,
        PasswordPolicyType, PreTokenGenerationLambdaVersion, PreTokenGenerationVersionConfigType,
        Status, UserPoolMfa, UserPoolPolicyType, UserPoolTier, UserPoolType,
    },
};

/// For how many days a temporary password lives.
pub(crate) const TEMPORARY_PASSWORD_DAYS: i32 = 7;
const PASSWORD_LENGTH_MIN: i32 = 8;

/// Fills in what the caller left open, as AWS describes it back.
pub(crate) fn fill(pool: &mut UserPoolType, region: &str) {
    policies(pool.policies.get_or_insert_default());
    temporary_passwords(pool);
    pool.deletion_protection.get_or_insert(DeletionProtection::Inactive);
    functions(pool.lambda_config.get_or_insert_default());
    pool.mfa_configuration.get_or_insert(UserPoolMfa::Off);
    pool.user_pool_tier.get_or_insert(UserPoolTier::Essentials);
    pool.user_pool_tags.get_or_insert_default();
    messages(pool);
    senders(pool, region);
    pool.user_attribute_update_settings
        .get_or_insert_default()
        .attributes_require_verification_before_update
        .get_or_insert_with(Vec::new);
    devices(pool);
    if let Some(registration) = &mut pool.dcr_configuration {
        registration.enable_status.get_or_insert(Status::Enabled);
        registration.open_dcr_enabled.get_or_insert(false);
    }
    assurance_levels(pool.acr_configuration.get_or_insert_default());
}

/// From the password policy, else from the older member; both are described with the same number.
fn temporary_passwords(pool: &mut UserPoolType) {
    let policy = pool.policies.get_or_insert_default().password_policy.get_or_insert_default();
    let admin = pool.admin_create_user_config.get_or_insert_default();
    let given = policy.temporary_password_validity_days.map(Bounded::get);
    let older = admin.unused_account_validity_days.map(Bounded::get);
    let days = given.filter(|days| *days > 0).or(older.filter(|days| *days > 0));
    let days = days.unwrap_or(TEMPORARY_PASSWORD_DAYS);
    policy.temporary_password_validity_days = Some(days.into());
    admin.unused_account_validity_days = Some(days.into());
    admin.allow_admin_create_user_only.get_or_insert(false);
}

fn policies(policies: &mut UserPoolPolicyType) {
    let password = policies.password_policy.get_or_insert_with(|| PasswordPolicyType {
        require_uppercase: Some(true),
        require_lowercase: Some(true),
        require_numbers: Some(true),
        require_symbols: Some(true),
        ..PasswordPolicyType::default()
    });
    password.minimum_length.get_or_insert(PASSWORD_LENGTH_MIN.into());
    for required in [
        &mut password.require_uppercase,
        &mut password.require_lowercase,
        &mut password.require_numbers,
        &mut password.require_symbols,
    ] {
        required.get_or_insert(false);
    }
    let factors = &mut policies.sign_in_policy.get_or_insert_default().allowed_first_auth_factors;
    factors.get_or_insert_with(|| AllowedFirstAuthFactors(vec![AuthFactor::Password]));
}

/// The trigger before tokens are made has an older member and a newer one, which agree.
fn functions(triggers: &mut LambdaConfigType) {
    match (&triggers.pre_token_generation, &triggers.pre_token_generation_config) {
        (Some(older), None) => {
            triggers.pre_token_generation_config = Some(PreTokenGenerationVersionConfigType {
                lambda_version: PreTokenGenerationLambdaVersion::V1_0,
                lambda_arn: older.clone(),
            });
        }
        (None, Some(newer)) => triggers.pre_token_generation = Some(newer.lambda_arn.clone()),
        _ => {}
    }
}

/// What messages say stands in the template and in older members, which agree.
fn messages(pool: &mut UserPoolType) {
    let template = pool.verification_message_template.get_or_insert_default();
    template.default_email_option.get_or_insert(DefaultEmailOption::ConfirmWithCode);
    agree(&mut template.sms_message, &mut pool.sms_verification_message);
    agree(&mut template.email_message, &mut pool.email_verification_message);
    agree(&mut template.email_subject, &mut pool.email_verification_subject);
}

fn agree<T: Clone>(newer: &mut Option<T>, older: &mut Option<T>) {
    *newer = newer.take().or(older.take());
    older.clone_from(newer);
}

fn senders(pool: &mut UserPoolType, region: &str) {
    let mail = pool.email_configuration.get_or_insert_default();
    mail.email_sending_account.get_or_insert(EmailSendingAccount::CognitoDefault);
    if let Some(sms) = &mut pool.sms_configuration {
        if let Some(eums) = &mut sms.eums_sms {
            eums.region.get_or_insert_with(|| region.into());
        } else if sms.sns_caller_arn.is_some() {
            sms.sns_region.get_or_insert_with(|| region.into());
        }
    }
}

/// Devices are remembered as soon as one member is there, and not before.
fn devices(pool: &mut UserPoolType) {
    pool.device_configuration = pool.device_configuration.take().filter(|devices| {
        devices.challenge_required_on_new_device.is_some()
            || devices.device_only_remembered_on_user_prompt.is_some()
    });
    if let Some(devices) = &mut pool.device_configuration {
        devices.challenge_required_on_new_device.get_or_insert(false);
        devices.device_only_remembered_on_user_prompt.get_or_insert(false);
    }
}

fn assurance_levels(levels: &mut AcrConfiguration) {
    for level in 1..=4 {
        levels
            .entry(format!("Level{level}").into())
            .or_insert_with(|| AcrLevelConfigType { acr_value: level_name(level).into() });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{shape::Json, testing::World};

    fn described(settings: Json) -> Json {
        let world = World::new();
        let pool = world.pool(settings);
        world.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }))["UserPool"].take()
    }

    #[test]
    fn a_password_policy_demands_only_what_it_names() {
        let policy = json!({ "MinimumLength": 6, "RequireNumbers": true });
        let pool = described(json!({ "Policies": { "PasswordPolicy": policy } }));
        assert_eq!(
            pool["Policies"]["PasswordPolicy"],
            json!({
                "MinimumLength": 6, "RequireUppercase": false, "RequireLowercase": false,
                "RequireNumbers": true, "RequireSymbols": false,
                "TemporaryPasswordValidityDays": 7,
            })
        );
    }

    #[test]
    fn zero_days_for_temporary_passwords_are_seven() {
        let policy = json!({ "TemporaryPasswordValidityDays": 0 });
        let pool = described(json!({ "Policies": { "PasswordPolicy": policy } }));
        assert_eq!(pool["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"], 7);
        assert_eq!(pool["AdminCreateUserConfig"]["UnusedAccountValidityDays"], 7);
    }

    #[test]
    fn the_older_life_of_temporary_passwords_still_counts() {
        let config = json!({ "UnusedAccountValidityDays": 30 });
        let pool = described(json!({ "AdminCreateUserConfig": config }));
        assert_eq!(pool["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"], 30);
        assert_eq!(pool["AdminCreateUserConfig"]["UnusedAccountValidityDays"], 30);
    }

    #[test]
    fn older_members_and_newer_ones_agree() {
        let older = described(json!({
            "EmailVerificationMessage": "mail {####}", "EmailVerificationSubject": "subject",
            "SmsVerificationMessage": "text {####}",
        }));
        let template = json!({
            "EmailMessage": "mail {####}", "EmailSubject": "subject", "SmsMessage": "text {####}",
            "DefaultEmailOption": "CONFIRM_WITH_CODE",
        });
        assert_eq!(older["VerificationMessageTemplate"], template);
        let newer = described(json!({ "VerificationMessageTemplate": template }));
        for member in
            ["EmailVerificationMessage", "EmailVerificationSubject", "SmsVerificationMessage"]
        {
            assert!(newer[member].is_string());
            assert_eq!(newer[member], older[member]);
        }
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:token";
        let older = described(json!({ "LambdaConfig": { "PreTokenGeneration": arn } }));
        let config = json!({ "LambdaVersion": "V1_0", "LambdaArn": arn });
        assert_eq!(older["LambdaConfig"]["PreTokenGenerationConfig"], config);
        let newer = described(json!({ "LambdaConfig": { "PreTokenGenerationConfig": config } }));
        assert_eq!(newer["LambdaConfig"]["PreTokenGeneration"], arn);
    }

    #[test]
    fn text_is_sent_from_the_region_of_the_pool() {
        let role = "arn:aws:iam::123456789012:role/sms";
        let sns = described(json!({ "SmsConfiguration": { "SnsCallerArn": role } }));
        assert_eq!(sns["SmsConfiguration"]["SnsRegion"], "eu-west-1");
        let eums = json!({ "SmsConfiguration": { "EumsSms": { "CallerArn": role } } });
        assert_eq!(described(eums)["SmsConfiguration"]["EumsSms"]["Region"], "eu-west-1");
    }

    #[test]
    fn devices_are_remembered_once_anything_is_said_of_them() {
        assert_eq!(
            described(json!({ "DeviceConfiguration": {} }))["DeviceConfiguration"],
            json!(null)
        );
        let some = json!({ "ChallengeRequiredOnNewDevice": true });
        assert_eq!(
            described(json!({ "DeviceConfiguration": some }))["DeviceConfiguration"],
            json!({
                "ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": false,
            })
        );
    }

    #[test]
    fn registration_of_clients_is_on_once_it_is_configured() {
        let pool = described(json!({ "DcrConfiguration": {} }));
        let expected = json!({ "EnableStatus": "Enabled", "OpenDcrEnabled": false });
        assert_eq!(pool["DcrConfiguration"], expected);
    }

    #[test]
    fn levels_that_were_not_renamed_keep_their_names() {
        let pool = described(json!({ "AcrConfiguration": { "Level2": { "AcrValue": "two" } } }));
        assert_eq!(pool["AcrConfiguration"]["Level2"]["AcrValue"], "two");
        assert_eq!(pool["AcrConfiguration"]["Level3"]["AcrValue"], "urn:cognito:loa:3");
    }
}
