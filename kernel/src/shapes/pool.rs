//! What is a user pool made of?

use alloc::{string::String, vec::Vec};

use super::{
    choice::{
        AdvancedSecurityEnabledMode, AdvancedSecurityMode, AliasAttribute, AttributeDataType,
        AuthFactor, DeletionProtection, EncryptionKeyType, IssuerType, RecoveryOptionName, Status,
        UserPoolMfa, UserPoolTier, UsernameAttribute, VerifiedAttribute,
    },
    client::{OAuthFlows, Scopes},
    lambda::LambdaConfigType,
    message::{
        EmailConfigurationType, MessageTemplateType, SmsConfigurationType,
        VerificationMessageTemplateType,
    },
    number::{
        PasswordHistorySize, PasswordPolicyMinLength, Priority, TemporaryPasswordValidityDays,
        UnusedAccountValidityDays,
    },
    text::{
        AcrLevelKey, AcrValue, Arn, AttributeName, AttributeValue, CustomAttributeName, Domain,
        EmailSubject, EmailVerificationMessage, SmsVerificationMessage, TagKey, TagValue,
        UserPoolId, UserPoolName, Username,
    },
};
use crate::shape::{Timestamp, list, map, shape};

shape! {
    /// A user pool, described in full.
    #[derive(Default)]
    pub(crate) UserPoolType {
        Id id: Option<UserPoolId>,
        Name name: Option<UserPoolName>,
        Policies policies: Option<UserPoolPolicyType>,
        DeletionProtection deletion_protection: Option<DeletionProtection>,
        LambdaConfig lambda_config: Option<LambdaConfigType>,
        Status status: Option<Status>,
        LastModifiedDate last_modified_date: Option<Timestamp>,
        CreationDate creation_date: Option<Timestamp>,
        SchemaAttributes schema_attributes: Option<SchemaAttributes>,
        AutoVerifiedAttributes auto_verified_attributes: Option<Vec<VerifiedAttribute>>,
        AliasAttributes alias_attributes: Option<Vec<AliasAttribute>>,
        UsernameAttributes username_attributes: Option<Vec<UsernameAttribute>>,
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
        EstimatedNumberOfUsers estimated_number_of_users: Option<i32>,
        EmailConfiguration email_configuration: Option<EmailConfigurationType>,
        SmsConfiguration sms_configuration: Option<SmsConfigurationType>,
        UserPoolTags user_pool_tags: Option<UserPoolTags>,
        SmsConfigurationFailure sms_configuration_failure: Option<String>,
        EmailConfigurationFailure email_configuration_failure: Option<String>,
        Domain domain: Option<Domain>,
        CustomDomain custom_domain: Option<Domain>,
        AdminCreateUserConfig admin_create_user_config: Option<AdminCreateUserConfigType>,
        UserPoolAddOns user_pool_add_ons: Option<UserPoolAddOnsType>,
        DcrConfiguration dcr_configuration: Option<DcrConfigurationType>,
        UsernameConfiguration username_configuration: Option<UsernameConfigurationType>,
        Arn arn: Option<Arn>,
        AccountRecoverySetting account_recovery_setting: Option<AccountRecoverySettingType>,
        UserPoolTier user_pool_tier: Option<UserPoolTier>,
        KeyConfiguration key_configuration: Option<KeyConfigurationType>,
        IssuerConfiguration issuer_configuration: Option<IssuerConfigurationType>,
        AcrConfiguration acr_configuration: Option<AcrConfiguration>,
    }
}

shape! {
    /// A user pool, as it is listed.
    #[derive(Default)]
    pub(crate) UserPoolDescriptionType {
        Id id: Option<UserPoolId>,
        Name name: Option<UserPoolName>,
        LambdaConfig lambda_config: Option<LambdaConfigType>,
        Status status: Option<Status>,
        LastModifiedDate last_modified_date: Option<Timestamp>,
        CreationDate creation_date: Option<Timestamp>,
        ReplicaRegions replica_regions: Option<Vec<String>>,
    }
}

shape! {
    /// How good a password must be, and what may stand in for one.
    #[derive(Default)]
    pub(crate) UserPoolPolicyType {
        PasswordPolicy password_policy: Option<PasswordPolicyType>,
        SignInPolicy sign_in_policy: Option<SignInPolicyType>,
    }
}

shape! {
    /// How good a password must be.
    #[derive(Default)]
    pub(crate) PasswordPolicyType {
        MinimumLength minimum_length: Option<PasswordPolicyMinLength>,
        RequireUppercase require_uppercase: Option<bool>,
        RequireLowercase require_lowercase: Option<bool>,
        RequireNumbers require_numbers: Option<bool>,
        RequireSymbols require_symbols: Option<bool>,
        PasswordHistorySize password_history_size: Option<PasswordHistorySize>,
        TemporaryPasswordValidityDays temporary_password_validity_days:
            Option<TemporaryPasswordValidityDays>,
    }
}

shape! {
    /// What users may begin to sign in with.
    #[derive(Default)]
    pub(crate) SignInPolicyType {
        AllowedFirstAuthFactors allowed_first_auth_factors: Option<AllowedFirstAuthFactors>,
    }
}

shape! {
    /// An attribute that users have, and what it may hold.
    #[derive(Default)]
    pub(crate) SchemaAttributeType {
        Name name: Option<CustomAttributeName>,
        AttributeDataType attribute_data_type: Option<AttributeDataType>,
        DeveloperOnlyAttribute developer_only_attribute: Option<bool>,
        Mutable mutable: Option<bool>,
        Required required: Option<bool>,
        NumberAttributeConstraints number_attribute_constraints:
            Option<NumberAttributeConstraintsType>,
        StringAttributeConstraints string_attribute_constraints:
            Option<StringAttributeConstraintsType>,
    }
}

shape! {
    /// Bounds in characters, as strings of digits.
    #[derive(Default)]
    pub(crate) StringAttributeConstraintsType {
        MinLength min_length: Option<String>,
        MaxLength max_length: Option<String>,
    }
}

shape! {
    /// Bounds, as strings of digits.
    #[derive(Default)]
    pub(crate) NumberAttributeConstraintsType {
        MinValue min_value: Option<String>,
        MaxValue max_value: Option<String>,
    }
}

shape! {
    /// Whether `ANN` and `ann` are two users.
    pub(crate) UsernameConfigurationType {
        CaseSensitive case_sensitive: bool,
    }
}

shape! {
    /// How users who forgot the password are reached, best first.
    #[derive(Default)]
    pub(crate) AccountRecoverySettingType {
        RecoveryMechanisms recovery_mechanisms: Option<RecoveryMechanisms>,
    }
}

shape! {
    /// One way to reach them.
    pub(crate) RecoveryOptionType {
        Priority priority: Priority,
        Name name: RecoveryOptionName,
    }
}

shape! {
    /// Who may make users, and how those are invited.
    #[derive(Default)]
    pub(crate) AdminCreateUserConfigType {
        AllowAdminCreateUserOnly allow_admin_create_user_only: Option<bool>,
        UnusedAccountValidityDays unused_account_validity_days: Option<UnusedAccountValidityDays>,
        InviteMessageTemplate invite_message_template: Option<MessageTemplateType>,
    }
}

shape! {
    /// Which attributes keep their value until the new one is proved.
    #[derive(Default)]
    pub(crate) UserAttributeUpdateSettingsType {
        AttributesRequireVerificationBeforeUpdate attributes_require_verification_before_update:
            Option<Vec<VerifiedAttribute>>,
    }
}

shape! {
    /// Whether devices are remembered.
    #[derive(Default)]
    pub(crate) DeviceConfigurationType {
        ChallengeRequiredOnNewDevice challenge_required_on_new_device: Option<bool>,
        DeviceOnlyRememberedOnUserPrompt device_only_remembered_on_user_prompt: Option<bool>,
    }
}

shape! {
    /// Threat protection.
    pub(crate) UserPoolAddOnsType {
        AdvancedSecurityMode advanced_security_mode: AdvancedSecurityMode,
        AdvancedSecurityAdditionalFlows advanced_security_additional_flows:
            Option<AdvancedSecurityAdditionalFlowsType>,
    }
}

shape! {
    /// Threat protection of custom authentication.
    #[derive(Default)]
    pub(crate) AdvancedSecurityAdditionalFlowsType {
        CustomAuthMode custom_auth_mode: Option<AdvancedSecurityEnabledMode>,
    }
}

shape! {
    /// Whether clients may register themselves.
    #[derive(Default)]
    pub(crate) DcrConfigurationType {
        EnableStatus enable_status: Option<Status>,
        OpenDcrEnabled open_dcr_enabled: Option<bool>,
        AuthenticatedGrantTypes authenticated_grant_types: Option<OAuthFlows>,
        OpenDcrGrantTypes open_dcr_grant_types: Option<OAuthFlows>,
        AllowedScopes allowed_scopes: Option<Scopes>,
    }
}

shape! {
    /// Which key encrypts the pool.
    #[derive(Default)]
    pub(crate) KeyConfigurationType {
        KeyType key_type: Option<EncryptionKeyType>,
        KmsKeyArn kms_key_arn: Option<Arn>,
    }
}

shape! {
    /// Which form the `iss` claim has.
    #[derive(Default)]
    pub(crate) IssuerConfigurationType {
        Type issuer_type: Option<IssuerType>,
    }
}

shape! {
    /// What the `acr` claim says of a level.
    pub(crate) AcrLevelConfigType {
        AcrValue acr_value: AcrValue,
    }
}

shape! {
    /// Which flags and bounds of an attribute change; what is left out stays.
    pub(crate) SchemaChangeType {
        Name name: AttributeName,
        Mutable mutable: Option<bool>,
        Required required: Option<bool>,
        NumberAttributeConstraints number_attribute_constraints:
            Option<NumberAttributeConstraintsType>,
        StringAttributeConstraints string_attribute_constraints:
            Option<StringAttributeConstraintsType>,
    }
}

shape! {
    /// A name that would lead to two users.
    pub(crate) NameCollisionType {
        Attribute attribute: AttributeName,
        Value value: AttributeValue,
        Usernames usernames: Vec<Username>,
    }
}

list! {
    AllowedFirstAuthFactors: 1..=5 of AuthFactor;
    CustomAttributes: 1..=25 of SchemaAttributeType;
    SchemaAttributes: 1..=50 of SchemaAttributeType;
    RecoveryMechanisms: 1..=2 of RecoveryOptionType;
}

map! {
    /// What the `acr` claim says of each level.
    AcrConfiguration: 0..=4 AcrLevelKey => AcrLevelConfigType;
    /// Tags of a user pool.
    UserPoolTags: 0..=_ TagKey => TagValue;
}
