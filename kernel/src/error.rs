//! Every error that a caller can see, declared once: its name, its status, its usual sentence.

use alloc::borrow::Cow;
use core::fmt;

/// A failure as the caller sees it, and what only the operator may know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Which error.
    pub code: Code,
    /// The sentence for the caller. It holds no secret.
    pub message: Cow<'static, str>,
    /// The sentence for the log. It holds no secret either.
    pub detail: Option<Cow<'static, str>>,
    /// After how many seconds the same call may be answered.
    pub retry_after_s: Option<u32>,
}

impl Error {
    /// An error with a sentence of its own.
    pub fn saying(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), detail: None, retry_after_s: None }
    }

    /// What must not happen: an internal error, told in full to the log alone.
    pub fn bug(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::from(Code::Internal).because(detail)
    }

    /// The same error, with a sentence for the log.
    #[must_use]
    pub fn because(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::saying(code, code.sentence())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.wire(), self.message)
    }
}

impl core::error::Error for Error {}

macro_rules! errors {
    ($($name:ident = $status:literal $wire:literal $sentence:literal;)*) => {
        /// The name of an error, without AWS's `Exception`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = concat!("`", $wire, "`, HTTP ", $status, ".")] $name),*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// AWS's name for it.
            #[must_use]
            pub const fn wire(self) -> &'static str {
                match self { $(Self::$name => $wire),* }
            }

            /// The HTTP status that it is answered with.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status),* }
            }

            /// What it says unless told otherwise.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence),* }
            }
        }
    };
}

errors! {
    AccessDenied = 400 "AccessDeniedException"
        "The caller is not allowed to perform this operation.";
    AliasExists = 400 "AliasExistsException" "An account with the given email already exists.";
    CodeDeliveryFailure = 400 "CodeDeliveryFailureException" "The code could not be delivered.";
    CodeMismatch = 400 "CodeMismatchException"
        "Invalid verification code provided, please try again.";
    ConcurrentModification = 400 "ConcurrentModificationException"
        "The resource was changed by another request, please try again.";
    DeleteConflict = 409 "DeleteConflict" "The entity is in use.";
    DeveloperUserAlreadyRegistered = 400 "DeveloperUserAlreadyRegisteredException"
        "The developer user is registered with another identity.";
    DeviceKeyExists = 400 "DeviceKeyExistsException" "A device with the key already exists.";
    DuplicateProvider = 400 "DuplicateProviderException" "A provider with the name already exists.";
    EnableSoftwareTokenMfa = 400 "EnableSoftwareTokenMFAException" "Code mismatch";
    EntityAlreadyExists = 409 "EntityAlreadyExists" "The entity exists already.";
    ExpiredCode = 400 "ExpiredCodeException" "Invalid code provided, please request a code again.";
    ExpiredToken = 400 "ExpiredTokenException"
        "The security token included in the request is expired";
    ExternalService = 400 "ExternalServiceException"
        "The identity provider did not answer as it should.";
    FeatureUnavailableInTier = 400 "FeatureUnavailableInTierException"
        "The feature is not available in the tier of the user pool.";
    Forbidden = 400 "ForbiddenException" "The request is forbidden.";
    GroupExists = 400 "GroupExistsException" "A group with the name already exists.";
    IdentityTokenExpired = 400 "ExpiredTokenException" "Token expired";
    IdpCommunicationError = 400 "IDPCommunicationError"
        "The identity provider did not answer as it should.";
    IdpRejectedClaim = 403 "IDPRejectedClaim" "The identity provider rejected the claim.";
    IncompleteSignature = 400 "IncompleteSignatureException"
        "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.";
    Internal = 500 "InternalErrorException" "Something went wrong";
    InternalServer = 500 "InternalServerException" "Something went wrong";
    InvalidEmailRoleAccessPolicy = 400 "InvalidEmailRoleAccessPolicyException"
        "The role is not allowed to send email.";
    InvalidIdentityPoolConfiguration = 400 "InvalidIdentityPoolConfigurationException"
        "Invalid identity pool configuration. Check assigned IAM roles for this pool.";
    InvalidIdentityToken = 400 "InvalidIdentityToken" "The identity token is invalid.";
    InvalidInput = 400 "InvalidInput" "The request has a member that can not be used.";
    InvalidLambdaResponse = 400 "InvalidLambdaResponseException" "Unrecognizable lambda output";
    InvalidOAuthFlow = 400 "InvalidOAuthFlowException" "The OAuth flow is invalid.";
    InvalidParameter = 400 "InvalidParameterException" "A parameter is invalid.";
    InvalidPassword = 400 "InvalidPasswordException" "Password did not conform with policy";
    InvalidSignature = 400 "InvalidSignatureException"
        "The request signature does not match the signature that was calculated.";
    InvalidSmsRoleAccessPolicy = 400 "InvalidSmsRoleAccessPolicyException"
        "The role is not allowed to send SMS.";
    InvalidSmsRoleTrustRelationship = 400 "InvalidSmsRoleTrustRelationshipException"
        "The role for SMS can not be assumed.";
    InvalidUserPoolConfiguration = 400 "InvalidUserPoolConfigurationException"
        "The configuration of the user pool is invalid.";
    LimitExceeded = 400 "LimitExceededException"
        "Attempt limit exceeded, please try after some time.";
    MalformedInput = 400 "MalformedInput" "The request is no form, or a list in it is no list.";
    MalformedPolicyDocument = 400 "MalformedPolicyDocument" "The policy document is malformed.";
    ManagedLoginBrandingExists = 400 "ManagedLoginBrandingExistsException"
        "The client has a style already.";
    MfaMethodNotFound = 400 "MFAMethodNotFoundException" "No MFA method was found.";
    MissingAction = 400 "MissingAction" "The request is missing an action.";
    MissingAuthenticationToken = 400 "MissingAuthenticationTokenException"
        "Missing Authentication Token";
    NoSuchEntity = 404 "NoSuchEntity" "The entity does not exist.";
    NotAuthorized = 400 "NotAuthorizedException" "Incorrect username or password.";
    OpenIdIdpCommunicationError = 400 "OpenIdIdpCommunicationError"
        "The identity provider did not answer as it should.";
    OperationNotEnabled = 400 "OperationNotEnabledException" "The operation is not enabled.";
    PackedPolicyTooLarge = 400 "PackedPolicyTooLarge" "The session policies are too large.";
    PasswordHistoryPolicyViolation = 400 "PasswordHistoryPolicyViolationException"
        "Password has previously been used";
    PasswordResetRequired = 400 "PasswordResetRequiredException"
        "Password reset required for the user";
    PreconditionNotMet = 400 "PreconditionNotMetException" "A precondition is not met.";
    RefreshTokenReuse = 400 "RefreshTokenReuseException" "Refresh Token has been used before";
    RegionDisabled = 403 "RegionDisabledException" "The region is disabled.";
    RequestEntityTooLarge = 413 "RequestEntityTooLargeException" "The request body is too large.";
    ResourceConflict = 400 "ResourceConflictException"
        "The resource is in use by something else.";
    ResourceNotFound = 400 "ResourceNotFoundException" "The resource does not exist.";
    ScopeDoesNotExist = 400 "ScopeDoesNotExistException" "The scope does not exist.";
    Serialization = 400 "SerializationException" "The request body is not a JSON object.";
    ServiceQuotaExceeded = 400 "ServiceQuotaExceededException" "The quota is exceeded.";
    ServiceUnavailable = 503 "ServiceUnavailableException"
        "The service is not available, please try again.";
    SoftwareTokenMfaNotFound = 400 "SoftwareTokenMFANotFoundException"
        "Software Token MFA has not been enabled by the userPool";
    TermsExists = 400 "TermsExistsException" "Terms with the name already exist.";
    Throttling = 400 "ThrottlingException" "Rate exceeded";
    TierChangeNotAllowed = 400 "TierChangeNotAllowedException"
        "The user pool uses features that the tier does not have.";
    TooManyFailedAttempts = 400 "TooManyFailedAttemptsException"
        "Too many failed attempts, please try after some time.";
    TooManyRequests = 400 "TooManyRequestsException" "Rate exceeded";
    Unauthorized = 400 "UnauthorizedException" "The request is not authorized.";
    UnexpectedLambda = 400 "UnexpectedLambdaException" "The trigger failed.";
    UnknownOperation = 400 "UnknownOperationException" "The operation is not known.";
    UnmodifiableEntity = 400 "UnmodifiableEntity" "The entity can not be changed.";
    UnrecognizedClient = 400 "UnrecognizedClientException"
        "The security token included in the request is invalid.";
    UnsupportedIdentityProvider = 400 "UnsupportedIdentityProviderException"
        "The identity provider is not supported.";
    UnsupportedOperation = 400 "UnsupportedOperationException" "The operation is not supported.";
    UnsupportedTokenType = 400 "UnsupportedTokenTypeException"
        "The type of the token is not supported.";
    UnsupportedUserState = 400 "UnsupportedUserStateException"
        "The request can not be performed in the user's current state.";
    UserImportInProgress = 400 "UserImportInProgressException" "A user import is in progress.";
    UserLambdaValidation = 400 "UserLambdaValidationException" "The trigger refused the request.";
    UserNotConfirmed = 400 "UserNotConfirmedException" "User is not confirmed.";
    UserNotFound = 400 "UserNotFoundException" "User does not exist.";
    UserPoolAddOnNotEnabled = 400 "UserPoolAddOnNotEnabledException"
        "The add-on is not enabled for the user pool.";
    UserPoolTagging = 400 "UserPoolTaggingException" "The tags can not be set or read.";
    UsernameExists = 400 "UsernameExistsException" "User already exists";
    Validation = 400 "ValidationException" "The request does not keep to its constraints.";
    WebAuthnChallengeNotFound = 400 "WebAuthnChallengeNotFoundException"
        "The passkey challenge was not found.";
    WebAuthnClientMismatch = 400 "WebAuthnClientMismatchException"
        "The access token is of another client.";
    WebAuthnConfigurationMissing = 400 "WebAuthnConfigurationMissingException"
        "Passkeys are not configured for the user pool.";
    WebAuthnCredentialNotSupported = 400 "WebAuthnCredentialNotSupportedException"
        "The passkey is not supported.";
    WebAuthnNotEnabled = 400 "WebAuthnNotEnabledException"
        "Passkeys are not enabled for the user pool.";
    WebAuthnOriginNotAllowed = 400 "WebAuthnOriginNotAllowedException"
        "The origin of the passkey is not allowed.";
    WebAuthnRelyingPartyMismatch = 400 "WebAuthnRelyingPartyMismatchException"
        "The relying party of the passkey is another.";
}

/// What nearly every operation declares; it names only what it adds or lacks.
pub const COMMON: &[Code] = &[
    Code::Internal,
    Code::InvalidParameter,
    Code::NotAuthorized,
    Code::OperationNotEnabled,
    Code::ResourceNotFound,
    Code::TooManyRequests,
];

/// What may be answered before an operation is reached, so that none declares it.
pub const FRONT: &[Code] = &[
    Code::AccessDenied,
    Code::ExpiredToken,
    Code::IncompleteSignature,
    Code::InvalidSignature,
    Code::MalformedInput,
    Code::MissingAction,
    Code::MissingAuthenticationToken,
    Code::RequestEntityTooLarge,
    Code::Serialization,
    Code::ServiceUnavailable,
    Code::Throttling,
    Code::UnknownOperation,
    Code::UnrecognizedClient,
    Code::Validation,
];

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn codes_are_in_alphabetical_order_and_have_names_of_their_own() {
        assert!(Code::ALL.windows(2).all(|pair| pair[0].wire() != pair[1].wire()));
        let names: alloc::vec::Vec<_> =
            Code::ALL.iter().map(|code| alloc::format!("{code:?}")).collect();
        assert!(names.is_sorted());
    }
}
