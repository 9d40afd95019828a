//! `CreateUserPool`: makes a user pool.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html>

use crate::{
    model::pool::{Pool, defaults, rules, schema, tags},
    place::Place,
    prelude::*,
    store::keys,
};

operation!(
    CreateUserPool, Iam, reach NewPool, asks,
    adds [
        FeatureUnavailableInTier, InvalidEmailRoleAccessPolicy, InvalidSmsRoleAccessPolicy,
        InvalidSmsRoleTrustRelationship, LimitExceeded, TierChangeNotAllowed, UserPoolTagging,
    ],
    lacks [OperationNotEnabled, ResourceNotFound]
);

shape! { Input {
    PoolName pool_name: UserPoolName,
    Policies policies: Option<UserPoolPolicyType>,
    DeletionProtection deletion_protection: Option<DeletionProtection>,
    LambdaConfig lambda_config: Option<LambdaConfigType>,
    AutoVerifiedAttributes auto_verified_attributes: Option<Vec<VerifiedAttribute>>,
    AliasAttributes alias_attributes: Option<Vec<AliasAttribute>>,
    UsernameAttributes username_attributes: Option<Vec<UsernameAttribute>>,
    SmsVerificationMessage sms_verification_message: Option<SmsVerificationMessage>,
    EmailVerificationMessage email_verification_message: Option<EmailVerificationMessage>,
    EmailVerificationSubject email_verification_subject: Option<EmailSubject>,
    VerificationMessageTemplate verification_message_template:
        Option<VerificationMessageTemplateType>,
    SmsAuthenticationMessage sms_authentication_message: Option<SmsVerificationMessage>,
    MfaConfiguration mfa_configuration: Option<UserPoolMfa>,
    UserAttributeUpdateSettings user_attribute_update_settings:
        Option<UserAttributeUpdateSettingsType>,
    DeviceConfiguration device_configuration: Option<DeviceConfigurationType>,
    EmailConfiguration email_configuration: Option<EmailConfigurationType>,
    SmsConfiguration sms_configuration: Option<SmsConfigurationType>,
    UserPoolTags user_pool_tags: Option<UserPoolTags>,
    AdminCreateUserConfig admin_create_user_config: Option<AdminCreateUserConfigType>,
    Schema schema: Option<SchemaAttributes>,
    UserPoolAddOns user_pool_add_ons: Option<UserPoolAddOnsType>,
    DcrConfiguration dcr_configuration: Option<DcrConfigurationType>,
    UsernameConfiguration username_configuration: Option<UsernameConfigurationType>,
    AccountRecoverySetting account_recovery_setting: Option<AccountRecoverySettingType>,
    UserPoolTier user_pool_tier: Option<UserPoolTier>,
    KeyConfiguration key_configuration: Option<KeyConfigurationType>,
    IssuerConfiguration issuer_configuration: Option<IssuerConfigurationType>,
    AcrConfiguration acr_configuration: Option<AcrConfiguration>,
} }

shape! { Output {
    UserPool user_pool: Option<UserPoolType>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let Place::Pool(key) = cx.place else {
        return Err(Error::bug("a pool is made at a place of its own"));
    };
    let region = cx.caller.region.clone();
    let id = key.pool_id(&region);
    let token_algorithm = tags::token_algorithm(input.user_pool_tags.as_ref())?;
    let pool = Pool { description: describe(cx, &id, input)?, id, region, token_algorithm };
    let began_ms = cx.now_ms();
    super::list(cx, "EnlistPool", &pool).await?;
    if cx.has(keys::POOL)? {
        return Err(Error::bug("a new pool's place is taken"));
    }
    // Past that time the entry may be gone again, as one without a pool.
    if cx.now_ms().saturating_sub(began_ms) >= super::CREATION_MS_MAX {
        return Err(Error::bug("the account took too long to enlist a pool"));
    }
    cx.put(keys::POOL, &pool)?;
    let user_pool = UserPoolType { estimated_number_of_users: Some(0), ..pool.description };
    Ok(Output { user_pool: Some(user_pool) })
}

fn describe(cx: &Cx, id: &str, input: Input) -> Result<UserPoolType, Error> {
    let now = Some(Timestamp(cx.now_ms()));
    let attributes = schema::complete(input.schema.as_deref().map_or(&[], Vec::as_slice))?;
    let region = &cx.caller.region;
    let account = &cx.deployment().account_id;
    let mut pool = UserPoolType {
        id: Some(id.into()),
        arn: Some(alloc::format!("arn:aws:cognito-idp:{region}:{account}:userpool/{id}").into()),
        name: Some(input.pool_name),
        creation_date: now,
        last_modified_date: now,
        schema_attributes: Some(attributes.into()),
        policies: input.policies,
        deletion_protection: input.deletion_protection,
        lambda_config: input.lambda_config,
        auto_verified_attributes: input.auto_verified_attributes,
        alias_attributes: input.alias_attributes,
        username_attributes: input.username_attributes,
        sms_verification_message: input.sms_verification_message,
        email_verification_message: input.email_verification_message,
        email_verification_subject: input.email_verification_subject,
        verification_message_template: input.verification_message_template,
        sms_authentication_message: input.sms_authentication_message,
        mfa_configuration: input.mfa_configuration,
        user_attribute_update_settings: input.user_attribute_update_settings,
        device_configuration: input.device_configuration,
        email_configuration: input.email_configuration,
        sms_configuration: input.sms_configuration,
        user_pool_tags: input.user_pool_tags,
        admin_create_user_config: input.admin_create_user_config,
        user_pool_add_ons: input.user_pool_add_ons,
        dcr_configuration: input.dcr_configuration,
        username_configuration: input.username_configuration,
        account_recovery_setting: input.account_recovery_setting,
        user_pool_tier: input.user_pool_tier,
        key_configuration: input.key_configuration,
        issuer_configuration: input.issuer_configuration,
        acr_configuration: input.acr_configuration,
        ..UserPoolType::default()
    };
    rules::check(&pool, region)?;
    defaults::fill(&mut pool, region);
    Ok(pool)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn a_pool_with_a_client_stands_after_one_call_each() {
        let world = World::new();
        let pool = world.pool(json!({}));
        assert!(pool.id.starts_with("eu-west-1_"), "{}", pool.id);
        assert!(!pool.client.is_empty());
    }
}
