//! `UpdateUserPool`: changes a user pool; what is left out returns to its default.
//!
//! What a pool is made with stays: its schema, its aliases, what usernames are, whether case counts.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html>

use crate::{
    model::{
        import,
        pool::{Pool, defaults, rules, tags},
    },
    prelude::*,
    store::keys,
};

operation!(
    UpdateUserPool, Iam, reach Pool, asks,
    adds [
        ConcurrentModification, FeatureUnavailableInTier, InvalidEmailRoleAccessPolicy,
        InvalidSmsRoleAccessPolicy, InvalidSmsRoleTrustRelationship, TierChangeNotAllowed,
        UserImportInProgress, UserPoolTagging,
    ]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Policies policies: Option<UserPoolPolicyType>,
    DeletionProtection deletion_protection: Option<DeletionProtection>,
    LambdaConfig lambda_config: Option<LambdaConfigType>,
    AutoVerifiedAttributes auto_verified_attributes: Option<Vec<VerifiedAttribute>>,
    SmsVerificationMessage sms_verification_message: Option<SmsVerificationMessage>,
    EmailVerificationMessage email_verification_message: Option<EmailVerificationMessage>,
    EmailVerificationSubject email_verification_subject: Option<EmailSubject>,
    VerificationMessageTemplate verification_message_template:
        Option<VerificationMessageTemplateType>,
    SmsAuthenticationMessage sms_authentication_message: Option<SmsVerificationMessage>,
    UserAttributeUpdateSettings user_attribute_update_settings:
        Option<UserAttributeUpdateSettingsType>,
    MfaConfiguration mfa_configuration: Option<UserPoolMfa>,
    DeviceConfiguration device_configuration: Option<DeviceConfigurationType>,
    EmailConfiguration email_configuration: Option<EmailConfigurationType>,
    SmsConfiguration sms_configuration: Option<SmsConfigurationType>,
    UserPoolTags user_pool_tags: Option<UserPoolTags>,
    AdminCreateUserConfig admin_create_user_config: Option<AdminCreateUserConfigType>,
    UserPoolAddOns user_pool_add_ons: Option<UserPoolAddOnsType>,
    DcrConfiguration dcr_configuration: Option<DcrConfigurationType>,
    AccountRecoverySetting account_recovery_setting: Option<AccountRecoverySettingType>,
    PoolName pool_name: Option<UserPoolName>,
    UserPoolTier user_pool_tier: Option<UserPoolTier>,
    KeyConfiguration key_configuration: Option<KeyConfigurationType>,
    IssuerConfiguration issuer_configuration: Option<IssuerConfigurationType>,
    AcrConfiguration acr_configuration: Option<AcrConfiguration>,
} }

shape! { Output {} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let before = Pool::clone(&*cx.pool(&input.user_pool_id)?);
    import::refuse_while_importing(cx)?;
    let token_algorithm = tags::token_algorithm(input.user_pool_tags.as_ref())?;
    tags::check_shards(input.user_pool_tags.as_ref(), &before.id)?;
    let mut description = changed(before.description, input);
    rules::check(&description, &before.region, &before.factors)?;
    defaults::fill(&mut description, &before.region);
    description.last_modified_date = Some(Timestamp(cx.now_ms()));
    let pool = Pool { description, token_algorithm, ..before };
    cx.put(keys::POOL, &pool)?;
    cx.commit()?;
    super::list(cx, "RelistPool", &pool).await?;
    Ok(Output {})
}

/// The settings as asked for, over what stays as it was made.
fn changed(before: UserPoolType, input: Input) -> UserPoolType {
    UserPoolType {
        name: input.pool_name.or(before.name),
        policies: input.policies,
        deletion_protection: input.deletion_protection,
        lambda_config: input.lambda_config,
        auto_verified_attributes: input.auto_verified_attributes,
        sms_verification_message: input.sms_verification_message,
        email_verification_message: input.email_verification_message,
        email_verification_subject: input.email_verification_subject,
        verification_message_template: input.verification_message_template,
        sms_authentication_message: input.sms_authentication_message,
        user_attribute_update_settings: input.user_attribute_update_settings,
        mfa_configuration: input.mfa_configuration,
        device_configuration: input.device_configuration,
        email_configuration: input.email_configuration,
        sms_configuration: input.sms_configuration,
        user_pool_tags: input.user_pool_tags,
        admin_create_user_config: input.admin_create_user_config,
        user_pool_add_ons: input.user_pool_add_ons,
        dcr_configuration: input.dcr_configuration,
        account_recovery_setting: input.account_recovery_setting,
        user_pool_tier: input.user_pool_tier,
        key_configuration: input.key_configuration,
        issuer_configuration: input.issuer_configuration,
        acr_configuration: input.acr_configuration,
        ..before
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{shape::Json, testing::World};

    fn described(world: &World, id: &str) -> Json {
        world.ok("DescribeUserPool", json!({ "UserPoolId": id }))["UserPool"].take()
    }

    #[test]
    fn what_is_left_out_returns_to_its_default_and_what_is_fixed_stays() {
        let world = World::new();
        let role = "arn:aws:iam::123456789012:role/sms";
        let fixed = json!({
            "PoolName": "shop",
            "AliasAttributes": ["email"],
            "UsernameConfiguration": { "CaseSensitive": false },
            "Schema": [{ "Name": "email", "Required": true }, { "Name": "team" }],
        });
        let mut all = fixed.clone();
        for (member, value) in [
            ("Policies", json!({ "PasswordPolicy": { "MinimumLength": 20 } })),
            ("DeletionProtection", json!("ACTIVE")),
            ("AutoVerifiedAttributes", json!(["email"])),
            ("EmailVerificationMessage", json!("mail {####}")),
            ("SmsAuthenticationMessage", json!("code {####}")),
            ("MfaConfiguration", json!("OPTIONAL")),
            ("SmsConfiguration", json!({ "SnsCallerArn": role })),
            ("DeviceConfiguration", json!({ "ChallengeRequiredOnNewDevice": true })),
            ("UserPoolTags", json!({ "team": "shop" })),
            ("AdminCreateUserConfig", json!({ "AllowAdminCreateUserOnly": true })),
            ("UserPoolAddOns", json!({ "AdvancedSecurityMode": "AUDIT" })),
            ("UserPoolTier", json!("PLUS")),
            ("IssuerConfiguration", json!({ "Type": "UPDATED" })),
            ("AcrConfiguration", json!({ "Level1": { "AcrValue": "one" } })),
            ("DcrConfiguration", json!({})),
            ("KeyConfiguration", json!({ "KeyType": "AWS_OWNED_KEY" })),
            (
                "AccountRecoverySetting",
                json!({ "RecoveryMechanisms": [{ "Priority": 1, "Name": "verified_email" }] }),
            ),
        ] {
            all[member] = value;
        }
        let (plain, pool) = (world.pool(fixed).id, world.pool(all).id);
        world.advance_s(5);
        assert_eq!(world.ok("UpdateUserPool", json!({ "UserPoolId": pool })), json!({}));
        let (mut plain, mut changed) = (described(&world, &plain), described(&world, &pool));
        let made = plain["CreationDate"].as_f64().unwrap();
        assert_eq!(changed["CreationDate"], made);
        assert_eq!(changed["LastModifiedDate"], made + 5.0);
        for pool in [&mut plain, &mut changed] {
            for member in ["Id", "Arn", "LastModifiedDate"] {
                pool.as_object_mut().unwrap().remove(member);
            }
        }
        assert_eq!(changed, plain);
    }

    #[test]
    fn settings_and_the_name_change() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let settings = json!({
            "UserPoolId": pool.id, "PoolName": "renamed", "UserPoolTier": "LITE",
            "AutoVerifiedAttributes": ["phone_number"],
        });
        let _ = world.ok("UpdateUserPool", settings);
        let shown = described(&world, &pool.id);
        assert_eq!(shown["Name"], "renamed");
        assert_eq!(shown["UserPoolTier"], "LITE");
        assert_eq!(shown["AutoVerifiedAttributes"], json!(["phone_number"]));
    }

    #[test]
    fn a_refused_change_changes_nothing() {
        let world = World::new();
        let pool = world.pool(json!({ "PoolName": "shop", "UserPoolTier": "PLUS" }));
        let before = described(&world, &pool.id);
        world.advance_s(5);
        let bad = json!({ "UserPoolId": pool.id, "PoolName": "x", "MfaConfiguration": "ON" });
        assert_eq!(world.fails("UpdateUserPool", bad).code, "InvalidParameterException");
        assert_eq!(described(&world, &pool.id), before);
    }

    #[test]
    fn a_change_that_is_overtaken_does_not_return_to_the_list() {
        let world = World::new();
        let pool = world.pool(json!({ "PoolName": "new" }));
        let entry = |name: &str, at: u64| {
            json!({
                "Region": "eu-west-1",
                "Pool": { "Id": pool.id, "Name": name, "LastModifiedDate": at },
            })
        };
        let name = || {
            let list = world.ok("ListUserPools", json!({ "MaxResults": 1 }));
            list["UserPools"][0]["Name"].clone()
        };
        let now_s = world.now_ms() / 1000;
        let account = crate::Place::Account;
        let _ = world.at(&account, "RelistPool", &entry("old", now_s - 1)).unwrap();
        assert_eq!(name(), "new");
        let _ = world.at(&account, "RelistPool", &entry("newer", now_s + 1)).unwrap();
        assert_eq!(name(), "newer");
        let _ = world.ok("DeleteUserPool", json!({ "UserPoolId": pool.id }));
        let _ = world.at(&account, "RelistPool", &entry("ghost", now_s + 2)).unwrap();
        assert!(name().is_null());
    }
}
