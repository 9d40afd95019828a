//! Between which words does Cognito choose?

use crate::shape::choice;

choice! {
    AdvancedSecurityEnabledMode {
        Audit "AUDIT",
        Enforced "ENFORCED",
    }

    AdvancedSecurityMode {
        Off "OFF",
        Audit "AUDIT",
        Enforced "ENFORCED",
    }

    /// An attribute that may stand for the username at sign-in.
    AliasAttribute {
        PhoneNumber "phone_number",
        Email "email",
        PreferredUsername "preferred_username",
    }

    AttributeDataType {
        String "String",
        Number "Number",
        DateTime "DateTime",
        Boolean "Boolean",
    }

    /// What a user may begin to sign in with.
    AuthFactor {
        Password "PASSWORD",
        EmailOtp "EMAIL_OTP",
        SmsOtp "SMS_OTP",
        WebAuthn "WEB_AUTHN",
        SoftwareToken "SOFTWARE_TOKEN",
    }

    AuthFlow {
        UserSrpAuth "USER_SRP_AUTH",
        RefreshTokenAuth "REFRESH_TOKEN_AUTH",
        RefreshToken "REFRESH_TOKEN",
        CustomAuth "CUSTOM_AUTH",
        AdminNoSrpAuth "ADMIN_NO_SRP_AUTH",
        UserPasswordAuth "USER_PASSWORD_AUTH",
        AdminUserPasswordAuth "ADMIN_USER_PASSWORD_AUTH",
        UserAuth "USER_AUTH",
    }

    ChallengeName {
        SmsMfa "SMS_MFA",
        EmailOtp "EMAIL_OTP",
        SoftwareTokenMfa "SOFTWARE_TOKEN_MFA",
        SelectMfaType "SELECT_MFA_TYPE",
        MfaSetup "MFA_SETUP",
        PasswordVerifier "PASSWORD_VERIFIER",
        CustomChallenge "CUSTOM_CHALLENGE",
        SelectChallenge "SELECT_CHALLENGE",
        DeviceSrpAuth "DEVICE_SRP_AUTH",
        DevicePasswordVerifier "DEVICE_PASSWORD_VERIFIER",
        AdminNoSrpAuth "ADMIN_NO_SRP_AUTH",
        NewPasswordRequired "NEW_PASSWORD_REQUIRED",
        SmsOtp "SMS_OTP",
        Password "PASSWORD",
        WebAuthn "WEB_AUTHN",
        PasswordSrp "PASSWORD_SRP",
    }

    /// Whether a client was made by an administrator or registered itself.
    ClientType {
        Regular "REGULAR",
        Dcr "DCR",
    }

    DefaultEmailOption {
        ConfirmWithLink "CONFIRM_WITH_LINK",
        ConfirmWithCode "CONFIRM_WITH_CODE",
    }

    /// How far a change is that takes several calls.
    ChangeStatus {
        Failed "FAILED",
        InProgress "IN_PROGRESS",
        Succeeded "SUCCEEDED",
    }

    DeletionProtection {
        Active "ACTIVE",
        Inactive "INACTIVE",
    }

    DeliveryMedium {
        Sms "SMS",
        Email "EMAIL",
    }

    /// Whether a device is taken for its user's.
    DeviceRememberedStatus {
        Remembered "remembered",
        NotRemembered "not_remembered",
    }

    /// What becomes of a domain.
    DomainStatus {
        Creating "CREATING",
        Deleting "DELETING",
        Updating "UPDATING",
        Active "ACTIVE",
        Failed "FAILED",
    }

    EmailSendingAccount {
        CognitoDefault "COGNITO_DEFAULT",
        Developer "DEVELOPER",
    }

    EncryptionKeyType {
        AwsOwnedKey "AWS_OWNED_KEY",
        CustomerManagedKey "CUSTOMER_MANAGED_KEY",
    }

    /// A flow that a client allows. The names without `ALLOW_` are older; they do not mix.
    /// Which events are delivered.
    EventSourceName {
        UserNotification "userNotification",
        UserAuthEvents "userAuthEvents",
    }

    ExplicitAuthFlow {
        AdminNoSrpAuth "ADMIN_NO_SRP_AUTH",
        CustomAuthFlowOnly "CUSTOM_AUTH_FLOW_ONLY",
        UserPasswordAuth "USER_PASSWORD_AUTH",
        AllowAdminUserPasswordAuth "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        AllowCustomAuth "ALLOW_CUSTOM_AUTH",
        AllowUserPasswordAuth "ALLOW_USER_PASSWORD_AUTH",
        AllowUserSrpAuth "ALLOW_USER_SRP_AUTH",
        AllowRefreshTokenAuth "ALLOW_REFRESH_TOKEN_AUTH",
        AllowUserAuth "ALLOW_USER_AUTH",
        AllowTokenExchangeDelegation "ALLOW_TOKEN_EXCHANGE_DELEGATION",
        AllowTokenExchangeImpersonation "ALLOW_TOKEN_EXCHANGE_IMPERSONATION",
    }

    /// Whether something is on, in capitals.
    Feature {
        Enabled "ENABLED",
        Disabled "DISABLED",
    }

    /// Which form the `iss` claim has.
    IssuerType {
        Original "ORIGINAL",
        Updated "UPDATED",
    }

    /// The version of the event that a sender or federation trigger gets.
    LambdaVersion {
        V1_0 "V1_0",
    }

    LogLevel {
        Error "ERROR",
        Info "INFO",
    }

    MessageAction {
        Resend "RESEND",
        Suppress "SUPPRESS",
    }

    OAuthFlow {
        Code "code",
        Implicit "implicit",
        ClientCredentials "client_credentials",
    }

    /// The version of the event that the `PreTokenGeneration` trigger gets.
    /// How another system hashed passwords.
    PasswordHashingAlgorithm {
        Bcrypt "BCRYPT",
        Scrypt "SCRYPT",
        Argon2id "ARGON2ID",
        Pbkdf2Sha256 "PBKDF2_SHA256",
    }

    PreTokenGenerationLambdaVersion {
        V1_0 "V1_0",
        V2_0 "V2_0",
        V3_0 "V3_0",
    }

    /// Whether an unknown user is answered like a known one.
    PreventUserExistenceErrors {
        Legacy "LEGACY",
        Enabled "ENABLED",
    }

    /// How a user who forgot the password is reached.
    RecoveryOptionName {
        VerifiedEmail "verified_email",
        VerifiedPhoneNumber "verified_phone_number",
        AdminOnly "admin_only",
    }

    /// Who keeps a resource server that nobody made.
    ResourceServerManagedBy {
        Cognito "COGNITO",
    }

    /// Which sessions die with a refresh token.
    RevokeAssociatedSessions {
        None "NONE",
        Linked "LINKED",
    }

    /// What a session stands for: the tokens of one app, or a sign-in that many apps share.
    SessionType {
        Token "TOKEN",
        Sso "SSO",
    }

    /// Which versions of TLS a custom domain speaks.
    SecurityPolicy {
        TlsV1 "TLS_V1",
        TlsV12Of2021 "TLS_V1_2_2021",
        TlsV13Of2025 "TLS_V1_3_2025",
    }

    /// In which order users are listed, in SCIM's words.
    SortOrder {
        Ascending "ascending",
        Descending "descending",
    }

    /// Whether something is on.
    Status {
        Enabled "Enabled",
        Disabled "Disabled",
    }

    TimeUnits {
        Seconds "seconds",
        Minutes "minutes",
        Hours "hours",
        Days "days",
    }

    UserImportJobStatus {
        Created "Created",
        Pending "Pending",
        InProgress "InProgress",
        Stopping "Stopping",
        Expired "Expired",
        Stopped "Stopped",
        Failed "Failed",
        Succeeded "Succeeded",
    }

    UserPoolMfa {
        Off "OFF",
        On "ON",
        Optional "OPTIONAL",
    }

    UserPoolTier {
        Lite "LITE",
        Essentials "ESSENTIALS",
        Plus "PLUS",
    }

    /// Whether sessions are listed and counted.
    UserSessionTracking {
        Enabled "ENABLED",
        Disabled "DISABLED",
    }

    /// Whether a passkey must prove who holds it.
    UserVerification {
        Required "required",
        Preferred "preferred",
    }

    /// Where a user stands.
    UserStatus {
        Unconfirmed "UNCONFIRMED",
        Confirmed "CONFIRMED",
        Archived "ARCHIVED",
        Compromised "COMPROMISED",
        Unknown "UNKNOWN",
        ResetRequired "RESET_REQUIRED",
        ForceChangePassword "FORCE_CHANGE_PASSWORD",
        ExternalProvider "EXTERNAL_PROVIDER",
    }

    /// An attribute that serves as the username.
    UsernameAttribute {
        PhoneNumber "phone_number",
        Email "email",
    }

    /// An attribute whose owner is proved by a code.
    VerifiedAttribute {
        PhoneNumber "phone_number",
        Email "email",
    }

    /// How it went with the code of an authenticator app.
    VerifySoftwareTokenResponse {
        Success "SUCCESS",
        Error "ERROR",
    }

    /// Whether a passkey whose holder was verified is as good as two factors.
    WebAuthnFactorConfiguration {
        SingleFactor "SINGLE_FACTOR",
        MultiFactorWithUserVerification "MULTI_FACTOR_WITH_USER_VERIFICATION",
    }
}
