//! `CreateUserPool`: makes a user pool.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html>

use alloc::collections::BTreeSet;

use crate::{
    limit,
    model::{
        factor::FactorSettings,
        pool::{Pool, defaults, names::FormerNames, rules, schema, tags},
        session::SessionSettings,
    },
    place::{Place, PoolArn},
    prelude::*,
    shape::Wire,
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
    let description = describe(cx, &id, input)?;
    let sessions = SessionSettings::default();
    let (departing, former_names) = (BTreeSet::new(), FormerNames::default());
    let factors = FactorSettings::default();
    let pool = Pool {
        id,
        region,
        description,
        token_algorithm,
        sessions,
        factors,
        departing,
        former_names,
    };
    let began_ms = cx.now_ms();
    let told = super::list(cx, "EnlistPool", &pool).await?;
    if cx.has(keys::POOL)? {
        return Err(Error::bug("a new pool's place is taken"));
    }
    // Past that time the entry may be gone again, as one without a pool.
    if cx.now_ms().saturating_sub(began_ms) >= super::CREATION_MS_MAX {
        return Err(Error::bug("the account took too long to enlist a pool"));
    }
    cx.put(keys::POOL, &pool)?;
    let rates = told.get("Rates").cloned().and_then(Wire::read);
    limit::adopt(cx, rates.ok_or_else(|| Error::bug("no rates were told"))?)?;
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
        arn: Some(PoolArn { region, account, pool_id: id }.to_string().into()),
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
    rules::check(&pool, region, &FactorSettings::default())?;
    defaults::fill(&mut pool, region);
    Ok(pool)
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use serde_json::json;

    use crate::{Place, PoolKey, shape::Json, testing::World};

    #[test]
    fn what_is_left_out_is_described_as_cognito_does() {
        let world = World::new();
        let made = world.ok("CreateUserPool", json!({ "PoolName": "shop" }))["UserPool"].take();
        let id = made["Id"].as_str().unwrap();
        assert!(id.starts_with("eu-west-1_"), "{id}");
        let now = world.now_ms() as f64 / 1000.0;
        let levels = |n: u8| json!({ "AcrValue": format!("urn:cognito:loa:{n}") });
        let expected = json!({
            "Id": id,
            "Name": "shop",
            "Arn": format!("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{id}"),
            "CreationDate": now,
            "LastModifiedDate": now,
            "Policies": {
                "PasswordPolicy": {
                    "MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true,
                    "RequireNumbers": true, "RequireSymbols": true,
                    "TemporaryPasswordValidityDays": 7,
                },
                "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD"] },
            },
            "DeletionProtection": "INACTIVE",
            "LambdaConfig": {},
            "VerificationMessageTemplate": { "DefaultEmailOption": "CONFIRM_WITH_CODE" },
            "UserAttributeUpdateSettings": { "AttributesRequireVerificationBeforeUpdate": [] },
            "MfaConfiguration": "OFF",
            "EstimatedNumberOfUsers": 0,
            "EmailConfiguration": { "EmailSendingAccount": "COGNITO_DEFAULT" },
            "UserPoolTags": {},
            "AdminCreateUserConfig": {
                "AllowAdminCreateUserOnly": false, "UnusedAccountValidityDays": 7,
            },
            "UserPoolTier": "ESSENTIALS",
            "AcrConfiguration": {
                "Level1": levels(1), "Level2": levels(2), "Level3": levels(3), "Level4": levels(4),
            },
        });
        let mut described = made.clone();
        described.as_object_mut().unwrap().remove("SchemaAttributes");
        assert_eq!(described, expected);
        assert_eq!(world.ok("DescribeUserPool", json!({ "UserPoolId": id }))["UserPool"], made);
    }

    fn sign_in_settings() -> Json {
        let arn = |name: &str| format!("arn:aws:lambda:eu-west-1:123456789012:function:{name}");
        json!({
            "Policies": {
                "PasswordPolicy": {
                    "MinimumLength": 12, "RequireUppercase": false, "RequireLowercase": true,
                    "RequireNumbers": false, "RequireSymbols": false, "PasswordHistorySize": 3,
                    "TemporaryPasswordValidityDays": 2,
                },
                "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"] },
            },
            "DeletionProtection": "ACTIVE",
            "LambdaConfig": {
                "PreSignUp": arn("pre"),
                "PreTokenGeneration": arn("token"),
                "PreTokenGenerationConfig": { "LambdaVersion": "V2_0", "LambdaArn": arn("token") },
                "CustomEmailSender": { "LambdaVersion": "V1_0", "LambdaArn": arn("mail") },
                "KMSKeyID": "arn:aws:kms:eu-west-1:123456789012:key/k",
            },
            "AutoVerifiedAttributes": ["email"],
            "AliasAttributes": ["email", "preferred_username"],
            "SmsVerificationMessage": "sms {####}",
            "EmailVerificationMessage": "mail {####}",
            "EmailVerificationSubject": "subject",
            "VerificationMessageTemplate": {
                "SmsMessage": "sms {####}", "EmailMessage": "mail {####}",
                "EmailSubject": "subject", "EmailMessageByLink": "{##here##}",
                "EmailSubjectByLink": "link", "DefaultEmailOption": "CONFIRM_WITH_LINK",
            },
            "SmsAuthenticationMessage": "code {####}",
            "MfaConfiguration": "OPTIONAL",
        })
    }

    fn other_settings() -> Json {
        json!({
            "UserAttributeUpdateSettings": {
                "AttributesRequireVerificationBeforeUpdate": ["email"],
            },
            "DeviceConfiguration": {
                "ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": false,
            },
            "EmailConfiguration": {
                "SourceArn": "arn:aws:ses:eu-west-1:123456789012:identity/a@b.example",
                "ReplyToEmailAddress": "r@b.example", "EmailSendingAccount": "DEVELOPER",
                "From": "a@b.example", "ConfigurationSet": "set",
            },
            "SmsConfiguration": {
                "SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x",
                "SnsRegion": "us-east-1",
            },
            "UserPoolTags": { "team": "shop", "cognate:shards": "1" },
            "AdminCreateUserConfig": {
                "AllowAdminCreateUserOnly": true,
                "InviteMessageTemplate": {
                    "SMSMessage": "{username} {####}", "EmailMessage": "{username} {####}",
                    "EmailSubject": "welcome",
                },
            },
            "UserPoolAddOns": {
                "AdvancedSecurityMode": "AUDIT",
                "AdvancedSecurityAdditionalFlows": { "CustomAuthMode": "AUDIT" },
            },
            "DcrConfiguration": {
                "EnableStatus": "Disabled", "OpenDcrEnabled": true,
                "AuthenticatedGrantTypes": ["code"], "OpenDcrGrantTypes": [],
                "AllowedScopes": ["aws.cognito.signin.user.admin"],
            },
            "UsernameConfiguration": { "CaseSensitive": false },
            "AccountRecoverySetting": { "RecoveryMechanisms": [
                { "Priority": 1, "Name": "verified_email" },
                { "Priority": 2, "Name": "verified_phone_number" },
            ] },
            "UserPoolTier": "PLUS",
            "KeyConfiguration": { "KeyType": "AWS_OWNED_KEY" },
            "IssuerConfiguration": { "Type": "UPDATED" },
            "AcrConfiguration": {
                "Level1": { "AcrValue": "a" }, "Level2": { "AcrValue": "b" },
                "Level3": { "AcrValue": "c" }, "Level4": { "AcrValue": "d" },
            },
        })
    }

    #[test]
    fn every_setting_is_described_back() {
        let world = World::new();
        let mut settings = sign_in_settings();
        settings.as_object_mut().unwrap().extend(other_settings().as_object().unwrap().clone());
        let pool = world.pool(settings.clone());
        let mut expected = settings;
        expected["AdminCreateUserConfig"]["UnusedAccountValidityDays"] = json!(2);
        let shown = world.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }));
        for (member, value) in expected.as_object().unwrap() {
            assert_eq!(shown["UserPool"][member], *value, "{member}");
        }
    }

    #[test]
    fn a_refused_pool_leaves_nothing() {
        let world = World::new();
        let refused =
            world.fails("CreateUserPool", json!({ "PoolName": "shop", "MfaConfiguration": "ON" }));
        assert_eq!((refused.status, &*refused.code), (400, "InvalidParameterException"));
        assert!(world.records(&Place::Account).scan("".."\u{10FFFF}", 9).unwrap().is_empty());
    }

    #[test]
    fn pools_of_one_name_are_two_pools() {
        let world = World::new();
        assert_ne!(world.pool(json!({})).id, world.pool(json!({})).id);
    }

    #[test]
    fn a_pool_whose_place_is_taken_is_not_made_twice() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let place = Place::Pool(PoolKey::of_pool_id(&pool.id).unwrap());
        let before = world.records(&place).scan("".."\u{10FFFF}", 99).unwrap();
        let again = world.at(&place, "CreateUserPool", &json!({ "PoolName": "thief" }));
        assert_eq!(again.unwrap_err().code, "InternalErrorException");
        assert_eq!(world.records(&place).scan("".."\u{10FFFF}", 99).unwrap(), before);
    }
}
