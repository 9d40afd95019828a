//! What holds for a pool where nothing was said?

use alloc::{vec, vec::Vec};

use crate::{
    shape::Bounded,
    shapes::{
        AllowedFirstAuthFactors, AuthFactor, DefaultEmailOption, DeletionProtection,
        EmailConfigurationType, EmailSendingAccount, PasswordPolicyType, SignInPolicyType,
        UserPoolMfa, UserPoolPolicyType, UserPoolTags, UserPoolTier, UserPoolType,
        VerificationMessageTemplateType,
    },
};

/// For how many days a temporary password lives.
pub(crate) const TEMPORARY_PASSWORD_DAYS: i32 = 7;
const PASSWORD_LENGTH_MIN: i32 = 8;

/// Fills in what the caller left open, as AWS describes it back.
pub(crate) fn fill(pool: &mut UserPoolType) {
    policies(pool.policies.get_or_insert_default());
    pool.deletion_protection.get_or_insert(DeletionProtection::Inactive);
    pool.lambda_config.get_or_insert_default();
    pool.mfa_configuration.get_or_insert(UserPoolMfa::Off);
    pool.user_pool_tier.get_or_insert(UserPoolTier::Essentials);
    pool.user_pool_tags.get_or_insert_with(UserPoolTags::default);
    pool.email_configuration
        .get_or_insert_with(EmailConfigurationType::default)
        .email_sending_account
        .get_or_insert(EmailSendingAccount::CognitoDefault);
    pool.verification_message_template
        .get_or_insert_with(VerificationMessageTemplateType::default)
        .default_email_option
        .get_or_insert(DefaultEmailOption::ConfirmWithCode);
    pool.user_attribute_update_settings
        .get_or_insert_default()
        .attributes_require_verification_before_update
        .get_or_insert_with(Vec::new);
    let days = temporary_password_days(pool);
    pool.policies
        .get_or_insert_default()
        .password_policy
        .get_or_insert_default()
        .temporary_password_validity_days = Some(days.into());
    let admin = pool.admin_create_user_config.get_or_insert_default();
    admin.allow_admin_create_user_only.get_or_insert(false);
    admin.unused_account_validity_days = Some(days.into());
}

/// From the password policy, else from the older member; both are described with the same number.
fn temporary_password_days(pool: &UserPoolType) -> i32 {
    let policy = pool.policies.as_ref().and_then(|policies| policies.password_policy.as_ref());
    let days = policy.and_then(|policy| policy.temporary_password_validity_days);
    let older = pool.admin_create_user_config.as_ref();
    let older = older.and_then(|config| config.unused_account_validity_days);
    let days = days.map(Bounded::get).filter(|days| *days > 0);
    let days = days.or(older.map(Bounded::get).filter(|days| *days > 0));
    days.unwrap_or(TEMPORARY_PASSWORD_DAYS)
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
    let factors = &mut policies
        .sign_in_policy
        .get_or_insert_with(SignInPolicyType::default)
        .allowed_first_auth_factors;
    factors.get_or_insert_with(|| AllowedFirstAuthFactors(vec![AuthFactor::Password]));
}
