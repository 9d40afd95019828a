//! What is an app client made of?

use alloc::{string::String, vec::Vec};

use super::{
    choice::{
        ClientType, ExplicitAuthFlow, Feature, OAuthFlow, PreventUserExistenceErrors, TimeUnits,
    },
    number::{
        AccessTokenValidity, AuthSessionValidity, IdTokenValidity, RefreshTokenValidity,
        RetryGracePeriodSeconds,
    },
    text::{
        Arn, ClientId, ClientName, ClientPermission, ClientSecret, ClientSecretId, HexString,
        ProviderName, RedirectUrl, Scope, UserPoolId,
    },
};
use crate::shape::{Timestamp, list, shape};

shape! {
    /// An app client, described in full.
    #[derive(Default)]
    pub(crate) UserPoolClientType {
        UserPoolId user_pool_id: Option<UserPoolId>,
        ClientName client_name: Option<ClientName>,
        ClientId client_id: Option<ClientId>,
        ClientSecret client_secret: Option<ClientSecret>,
        LastModifiedDate last_modified_date: Option<Timestamp>,
        CreationDate creation_date: Option<Timestamp>,
        RefreshTokenValidity refresh_token_validity: Option<RefreshTokenValidity>,
        AccessTokenValidity access_token_validity: Option<AccessTokenValidity>,
        IdTokenValidity id_token_validity: Option<IdTokenValidity>,
        TokenValidityUnits token_validity_units: Option<TokenValidityUnitsType>,
        ReadAttributes read_attributes: Option<Vec<ClientPermission>>,
        WriteAttributes write_attributes: Option<Vec<ClientPermission>>,
        ExplicitAuthFlows explicit_auth_flows: Option<Vec<ExplicitAuthFlow>>,
        SupportedIdentityProviders supported_identity_providers: Option<Vec<ProviderName>>,
        CallbackURLs callback_urls: Option<CallbackUrls>,
        LogoutURLs logout_urls: Option<LogoutUrls>,
        DefaultRedirectURI default_redirect_uri: Option<RedirectUrl>,
        AllowedOAuthFlows allowed_oauth_flows: Option<OAuthFlows>,
        AllowedOAuthScopes allowed_oauth_scopes: Option<Scopes>,
        AllowedOAuthFlowsUserPoolClient allowed_oauth_flows_user_pool_client: Option<bool>,
        AnalyticsConfiguration analytics_configuration: Option<AnalyticsConfigurationType>,
        PreventUserExistenceErrors prevent_user_existence_errors:
            Option<PreventUserExistenceErrors>,
        EnableTokenRevocation enable_token_revocation: Option<bool>,
        EnablePropagateAdditionalUserContextData enable_propagate_additional_user_context_data:
            Option<bool>,
        AuthSessionValidity auth_session_validity: Option<AuthSessionValidity>,
        RefreshTokenRotation refresh_token_rotation: Option<RefreshTokenRotationType>,
        ClientType client_type: Option<ClientType>,
    }
}

shape! {
    /// An app client, as it is listed.
    #[derive(Default)]
    pub(crate) UserPoolClientDescription {
        ClientId client_id: Option<ClientId>,
        UserPoolId user_pool_id: Option<UserPoolId>,
        ClientName client_name: Option<ClientName>,
    }
}

shape! {
    /// One of a client's secrets. The value is told once, when Cognito has made it.
    #[derive(Default)]
    pub(crate) ClientSecretDescriptorType {
        ClientSecretId client_secret_id: Option<ClientSecretId>,
        ClientSecretValue client_secret_value: Option<ClientSecret>,
        ClientSecretCreateDate client_secret_create_date: Option<Timestamp>,
    }
}

shape! {
    /// The units in which the validity of tokens counts.
    #[derive(Default)]
    pub(crate) TokenValidityUnitsType {
        AccessToken access_token: Option<TimeUnits>,
        IdToken id_token: Option<TimeUnits>,
        RefreshToken refresh_token: Option<TimeUnits>,
    }
}

shape! {
    /// Whether a refresh token is replaced when it is used.
    pub(crate) RefreshTokenRotationType {
        Feature feature: Feature,
        RetryGracePeriodSeconds retry_grace_period_seconds: Option<RetryGracePeriodSeconds>,
    }
}

shape! {
    /// Where usage is reported.
    #[derive(Default)]
    pub(crate) AnalyticsConfigurationType {
        ApplicationId application_id: Option<HexString>,
        ApplicationArn application_arn: Option<Arn>,
        RoleArn role_arn: Option<Arn>,
        ExternalId external_id: Option<String>,
        UserDataShared user_data_shared: Option<bool>,
    }
}

list! {
    CallbackUrls: 0..=100 of RedirectUrl;
    LogoutUrls: 0..=100 of RedirectUrl;
    OAuthFlows: 0..=3 of OAuthFlow;
    Scopes: 0..=50 of Scope;
}
