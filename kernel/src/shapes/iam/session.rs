//! What STS sends and receives about sessions.

use super::{StsArn, pattern::*};
use crate::{
    shape::{Timestamp, integer, list, shape, text},
    shapes::{SecretKey, SessionToken},
};

text! {
    /// `{role's id}:{session's name}`.
    AssumedRoleId: 2..=193, r"[\w+=,.@:-]*" assumed_role_id;
    ContextAssertion: 4..=2048;
    /// What a role's owner and somebody from elsewhere agreed on.
    ExternalId: 2..=1224, r"[\w+=,.@:\/-]*" external_id;
    MfaSerialNumber: 9..=256, r"[\w+=/:,.@-]*" serial_number;
    MfaTokenCode: 6..=6, r"[\d]*" digits_or_nothing;
    /// A public provider of access tokens.
    ProviderId: 4..=2048;
    RoleSessionName: 2..=64, r"[\w+=,.@-]*" session_name;
    /// What a session may do at most.
    SessionPolicy: 1..=2048, r"[\u0009\u000A\u000D\u0020-\u00FF]+" latin_text;
    /// The same where its length is judged later.
    LongSessionPolicy: 1..=_, r"[\u0009\u000A\u000D\u0020-\u00FF]+" latin_text;
    TemporaryKeyId: 16..=128, r"[\w]*" word_or_nothing;
    WebIdentitySubject: 6..=255;
    WebIdentityToken: 4..=20000, sensitive;
}

integer! {
    /// How many bytes a session token has at least.
    MinimumSessionTokenSize: 0..=4096;
    /// A count, or a percentage.
    NonNegative: 0..=_;
    /// Seconds.
    RoleDuration: 900..=43200;
    /// Seconds.
    SessionDuration: 900..=129600;
}

list! {
    ProvidedContexts: 1..=5 of ProvidedContext;
    TransitiveTagKeys: 0..=50 of super::IamTagKey;
}

shape! { pub(crate) AssumedRoleUser {
    AssumedRoleId assumed_role_id: AssumedRoleId,
    Arn arn: StsArn,
} }

shape! {
    /// `Credentials` on the wire.
    pub(crate) SessionCredentials {
        AccessKeyId access_key_id: TemporaryKeyId,
        SecretAccessKey secret_access_key: SecretKey,
        SessionToken session_token: SessionToken,
        Expiration expiration: Timestamp,
    }
}

shape! { pub(crate) PolicyDescriptor {
    arn arn: Option<StsArn>,
} }

shape! { pub(crate) ProvidedContext {
    ProviderArn provider_arn: Option<StsArn>,
    ContextAssertion context_assertion: Option<ContextAssertion>,
} }
