//! Which strings have names of their own, how long may they be, and what must they match?

use super::pattern::*;
use crate::shape::text;

text! {
    /// `Level1` to `Level4`: which level of assurance an `acr` value stands for.
    AcrLevelKey: 0..=_, r"Level[1-4]" acr_level;
    /// What the `acr` claim says.
    AcrValue: 1..=64, r"[\x21\x23-\x5B\x5D-\x7E]+" scope;
    /// An Amazon resource name.
    Arn: 20..=2048,
        r"arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+"
        r":[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?"
        arn;
    AttributeName: 1..=32, r"[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+" attribute_name;
    AttributeValue: 0..=2048, sensitive;
    /// What ties an answer to its challenge: `Session` on the wire.
    ChallengeSession: 20..=4096, sensitive;
    AwsAccountId: 0..=12, r"[0-9]+" digits;
    ClientId: 1..=128, r"[\w+]+" client, sensitive;
    ClientName: 1..=128, r"[\w\s+=,.@-]+" name;
    /// The name of an attribute that a client may read or write.
    ClientPermission: 1..=2048;
    ClientSecret: 24..=64, r"[\w+]+" client, sensitive;
    ClientSecretId: 1..=128;
    /// The tag of a language: `pt-BR`.
    MessageLanguage: 2..=35;
    /// How an import ended; AWS's own sentences do not keep to the pattern.
    CompletionMessage: 1..=128, r"[\w]+" word;
    ConfirmationCode: 1..=2048, r"[\S]+" unspaced;
    /// The name of a column in a file of users.
    CsvColumn: 0..=131072;
    /// The name of an attribute in a schema, without `custom:`.
    CustomAttributeName: 1..=20, r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+" graphic;
    Description: 0..=2048;
    DeviceKey: 1..=55, r"[\w-]+_[0-9a-f-]+" device_key;
    DeviceName: 1..=1024;
    /// The prefix of a Cognito domain, or a domain of one's own.
    Domain: 1..=63, r"^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$" domain;
    DomainVersion: 1..=20;
    EmailAddress: 0..=_, r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+@[\p{L}\p{M}\p{S}\p{N}\p{P}]+" email;
    EmailInviteMessage: 6..=20000, r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*" message;
    EmailMfaSubject: 0..=_, r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+" subject;
    EmailSubject: 1..=140, r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+" subject;
    EmailVerificationMessage: 6..=20000,
        r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{####\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*" message_with_code;
    EmailVerificationMessageByLink: 6..=20000,
        r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{##[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*##\}"
        r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*"
        message_with_link;
    GroupName: 1..=128, r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+" graphic;
    HealthCheckId: 0..=64;
    HexString: 0..=_, r"^[0-9a-fA-F]+$" hex;
    /// An Amazon resource name, or nothing.
    OptionalArn: 0..=2048,
        r"(arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+"
        r":[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?)?"
        optional_arn;
    /// Where the next page begins; some operations bound it.
    PaginationKey: 1..=131072, r"[\S]+" unspaced;
    /// Where the next page begins, of any length.
    PaginationToken: 1..=_, r"[\S]+" unspaced;
    Password: 0..=256, r"[\S]+" unspaced, sensitive;
    /// Where to send a file; whoever has it may.
    PreSignedUrl: 0..=2048;
    ProviderName: 1..=32, r"[\p{L}\p{M}\p{S}\p{N}\p{P}\p{Z}]+" provider;
    RedirectUrl: 1..=1024, r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+" graphic;
    RegionCode: 5..=32;
    RegionName: 5..=32;
    /// The domain that passkeys are bound to.
    RelyingPartyId: 1..=127;
    /// What tokens name a resource server by: a name, or an API's URL.
    ResourceServerIdentifier: 1..=256, r"[\x21\x23-\x5B\x5D-\x7E]+" scope;
    ResourceServerName: 1..=256, r"[\w\s+=,.@-]+" name;
    ResourceServerScopeDescription: 1..=256;
    ResourceServerScopeName: 1..=256, r"[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+" scope_name;
    /// An Amazon resource name of a bucket, which has neither region nor account.
    S3Arn: 3..=1024,
        r"arn:[\w+=/,.@-]+:[\w+=/,.@-]+:::[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?" s3_arn;
    /// The name of a bucket.
    S3Bucket: 3..=1024, r"^[0-9A-Za-z\.\-_]*(?<!\.)$" s3_bucket;
    /// An OAuth scope.
    Scope: 1..=256, r"[\x21\x23-\x5B\x5D-\x7E]+" scope;
    /// What an authenticator app derives its codes from, in base32.
    SecretCode: 16..=_, r"[A-Za-z0-9]+" alphanumeric, sensitive;
    /// An HMAC that proves that the caller knows the client's secret.
    SecretHash: 1..=128, r"[\w+=/]+" secret_hash, sensitive;
    /// `tkn` or `sso`, then 25 characters.
    SessionId: 28..=28, r"^(tkn|sso)[a-z0-9]{25}$" session_id;
    SesConfigurationSet: 1..=64, r"^[a-zA-Z0-9_-]+$" ses_configuration_set;
    /// The code that an authenticator app shows.
    SoftwareTokenMfaUserCode: 6..=6, r"[0-9]+" digits, sensitive;
    SmsInviteMessage: 6..=140, r"(?s).*" anything;
    /// The `Filter` of `SearchUsers`.
    SearchFilter: 0..=4096;
    SmsVerificationMessage: 6..=140, r".*\{####\}.*" line_with_code;
    TagKey: 1..=128;
    TagValue: 0..=256;
    /// An access, ID or refresh token.
    Token: 0..=_, r"[A-Za-z0-9-_=.]+" token, sensitive;
    /// The `Filter` of `ListUsers`.
    UserFilter: 0..=256;
    UserExportId: 1..=55, r"export-[0-9a-zA-Z-]+" user_export_id;
    UserImportJobId: 1..=55, r"import-[0-9a-zA-Z-]+" user_import_job_id;
    UserImportJobName: 1..=128, r"[\w\s+=,.@-]+" name;
    UserPoolId: 1..=55, r"[\w-]+_[0-9a-zA-Z]+" user_pool_id;
    UserPoolName: 1..=128, r"[\w\s+=,.@-]+" name;
    Username: 1..=128, r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+" graphic, sensitive;
    /// Whether an authenticator is a part of the device.
    WebAuthnAuthenticatorAttachment: 0..=_;
    /// How an authenticator is reached.
    WebAuthnAuthenticatorTransport: 0..=_;
    /// 32 bytes in base64: a public or a private key.
    X25519Key: 44..=44, r"[A-Za-z0-9+/]{43}=" x25519_key, sensitive;
}
