//! What identity pools send and receive.

use alloc::vec::Vec;

use super::{TagKey, TagValue, pattern::*};
use crate::shape::{
    Bounded, Json, Kind, Shape, Timestamp, Wire, choice, integer, list, map, shape, text,
};

text! {
    /// The id of an access key.
    AccessKeyId: 0..=_;
    AccountId: 1..=15, r"\d+" digits;
    ClaimName: 1..=64, r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+" graphic;
    ClaimValue: 1..=128;
    /// The name of a user pool as a provider: `cognito-idp.{region}.amazonaws.com/{pool id}`.
    CognitoIdentityProviderName: 1..=128, r"[\w._:/-]+" provider_path;
    CognitoIdentityProviderClientId: 1..=128, r"[\w_]+" word;
    DeveloperProviderName: 1..=128, r"[\w._-]+" developer_provider;
    /// By what a developer's own system knows a user.
    DeveloperUserIdentifier: 1..=1024;
    /// `{region}:{uuid}`.
    IdentityId: 1..=55, r"[\w-]+:[0-9a-f-]+" identity_id;
    /// `{region}:{uuid}`.
    IdentityPoolId: 1..=55, r"[\w-]+:[0-9a-f-]+" identity_id;
    IdentityPoolName: 1..=128, r"[\w\s+=,.@-]+" name;
    /// What an application is called at a provider.
    IdentityProviderId: 1..=128, r"[\w.;_/-]+" application;
    IdentityProviderName: 1..=128;
    IdentityProviderToken: 1..=50000, sensitive;
    /// Where the next page of identities or of identity pools begins.
    IdentityPaginationKey: 1..=65535, r"[\S]+" unspaced;
    OidcToken: 0..=_, sensitive;
    PrincipalTagId: 1..=128;
    PrincipalTagValue: 1..=256;
    /// The ARN of a role, a provider or a pool; AWS checks its form later.
    PlainArn: 20..=2048;
    RoleType: 1..=128, r"(un)?authenticated" role_type;
    SecretKey: 0..=_, sensitive;
    /// What travels with temporary credentials; without their secret it opens nothing.
    SessionToken: 0..=_;
}

integer! {
    /// How many at most on a page of identities or of identity pools.
    IdentityQueryLimit: 1..=60;
}

choice! {
    /// What to do where a mapping leads to no role.
    AmbiguousRoleResolution { AuthenticatedRole "AuthenticatedRole", Deny "Deny" }
    /// Why an identity was not deleted.
    IdentityErrorCode {
        AccessDenied "AccessDenied",
        InternalServerError "InternalServerError",
    }
    MappingRuleMatch {
        Equals "Equals",
        Contains "Contains",
        StartsWith "StartsWith",
        NotEqual "NotEqual",
    }
    RoleMappingKind { Token "Token", Rules "Rules" }
}

list! {
    IdentityIdList: 1..=60 of IdentityId;
    MappingRulesList: 1..=400 of MappingRule;
    UnprocessedIdentityIdList: 0..=60 of UnprocessedIdentityId;
}

map! {
    IdentityPoolTags: 0..=_ TagKey => TagValue;
    /// Which application at which public provider.
    IdentityProviders: 0..=10 IdentityProviderName => IdentityProviderId;
    /// Tokens, by the provider that each is of.
    Logins: 0..=10 IdentityProviderName => IdentityProviderToken;
    PrincipalTags: 0..=50 PrincipalTagId => PrincipalTagValue;
    RoleMappings: 0..=10 IdentityProviderName => RoleMapping;
    Roles: 0..=2 RoleType => PlainArn;
}

shape! { pub(crate) CognitoIdentityProvider {
    ProviderName provider_name: Option<CognitoIdentityProviderName>,
    ClientId client_id: Option<CognitoIdentityProviderClientId>,
    ServerSideTokenCheck server_side_token_check: Option<bool>,
} }

shape! {
    /// All that is said of an identity pool: `IdentityPool` on the wire.
    pub(crate) IdentityPoolDescription {
        IdentityPoolId identity_pool_id: IdentityPoolId,
        IdentityPoolName identity_pool_name: IdentityPoolName,
        AllowUnauthenticatedIdentities allow_unauthenticated_identities: bool,
        AllowClassicFlow allow_classic_flow: Option<bool>,
        SupportedLoginProviders supported_login_providers: Option<IdentityProviders>,
        DeveloperProviderName developer_provider_name: Option<DeveloperProviderName>,
        OpenIdConnectProviderARNs open_id_connect_provider_arns: Option<Vec<PlainArn>>,
        CognitoIdentityProviders cognito_identity_providers: Option<Vec<CognitoIdentityProvider>>,
        SamlProviderARNs saml_provider_arns: Option<Vec<PlainArn>>,
        IdentityPoolTags identity_pool_tags: Option<IdentityPoolTags>,
    }
}

shape! { pub(crate) IdentityPoolShortDescription {
    IdentityPoolId identity_pool_id: Option<IdentityPoolId>,
    IdentityPoolName identity_pool_name: Option<IdentityPoolName>,
} }

shape! { pub(crate) IdentityDescription {
    IdentityId identity_id: Option<IdentityId>,
    Logins logins: Option<Vec<IdentityProviderName>>,
    CreationDate creation_date: Option<Timestamp>,
    LastModifiedDate last_modified_date: Option<Timestamp>,
} }

shape! { pub(crate) IdentityCredentials {
    AccessKeyId access_key_id: Option<AccessKeyId>,
    SecretKey secret_key: Option<SecretKey>,
    SessionToken session_token: Option<SessionToken>,
    Expiration expiration: Option<Timestamp>,
} }

shape! { pub(crate) MappingRule {
    Claim claim: ClaimName,
    MatchType match_type: MappingRuleMatch,
    Value value: ClaimValue,
    RoleARN role_arn: PlainArn,
} }

shape! { pub(crate) RoleMapping {
    Type kind: RoleMappingKind,
    AmbiguousRoleResolution ambiguous_role_resolution: Option<AmbiguousRoleResolution>,
    RulesConfiguration rules_configuration: Option<RulesConfiguration>,
} }

shape! { pub(crate) RulesConfiguration {
    Rules rules: MappingRulesList,
} }

shape! { pub(crate) UnprocessedIdentityId {
    IdentityId identity_id: Option<IdentityId>,
    ErrorCode error_code: Option<IdentityErrorCode>,
} }

/// For how many seconds a token for a developer's user is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TokenDuration(pub(crate) i64);

impl Wire for TokenDuration {
    const SHAPE: &'static Shape = &Shape {
        name: "TokenDuration",
        kind: Kind::Long { min: 1, max: 86_400 },
        sensitive: false,
    };

    fn read(value: Json) -> Option<Self> {
        <i64 as Wire>::read(value).map(Self)
    }

    fn write(self) -> Json {
        Json::from(self.0)
    }
}

impl IdentityQueryLimit {
    pub(crate) fn size(self) -> usize {
        usize::try_from(self.get()).unwrap_or(1)
    }
}
