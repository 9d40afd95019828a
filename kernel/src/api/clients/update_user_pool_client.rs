//! `UpdateUserPoolClient`: changes an app client; what is left out returns to its default.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolClient.html>

use crate::{
    model::client::{defaults, rules},
    prelude::*,
};

operation!(
    UpdateUserPoolClient, Iam, reach Pool, now,
    adds [ConcurrentModification, FeatureUnavailableInTier, InvalidOAuthFlow, ScopeDoesNotExist]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    ClientId client_id: ClientId,
    ClientName client_name: Option<ClientName>,
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
    PreventUserExistenceErrors prevent_user_existence_errors: Option<PreventUserExistenceErrors>,
    EnableTokenRevocation enable_token_revocation: Option<bool>,
    EnablePropagateAdditionalUserContextData enable_propagate_additional_user_context_data:
        Option<bool>,
    AuthSessionValidity auth_session_validity: Option<AuthSessionValidity>,
    RefreshTokenRotation refresh_token_rotation: Option<RefreshTokenRotationType>,
} }

shape! { Output {
    UserPoolClient user_pool_client: Option<UserPoolClientType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let mut client = super::known(cx, &input.user_pool_id, &input.client_id)?;
    let mut description = changed(client.description.clone(), input);
    rules::check(&description, &pool, client.secret.is_some(), "updating")?;
    defaults::fill(&mut description);
    description.last_modified_date = Some(Timestamp(cx.now_ms()));
    client.description = description;
    client.save()?;
    Ok(Output { user_pool_client: Some(super::shown(cx, &client)?) })
}

/// The settings as asked for, over what stays as it was made.
fn changed(before: UserPoolClientType, input: Input) -> UserPoolClientType {
    UserPoolClientType {
        client_name: input.client_name.or(before.client_name),
        refresh_token_validity: input.refresh_token_validity,
        access_token_validity: input.access_token_validity,
        id_token_validity: input.id_token_validity,
        token_validity_units: input.token_validity_units,
        read_attributes: input.read_attributes,
        write_attributes: input.write_attributes,
        explicit_auth_flows: input.explicit_auth_flows,
        supported_identity_providers: input.supported_identity_providers,
        callback_urls: input.callback_urls,
        logout_urls: input.logout_urls,
        default_redirect_uri: input.default_redirect_uri,
        allowed_oauth_flows: input.allowed_oauth_flows,
        allowed_oauth_scopes: input.allowed_oauth_scopes,
        allowed_oauth_flows_user_pool_client: input.allowed_oauth_flows_user_pool_client,
        analytics_configuration: input.analytics_configuration,
        prevent_user_existence_errors: input.prevent_user_existence_errors,
        enable_token_revocation: input.enable_token_revocation,
        enable_propagate_additional_user_context_data: input
            .enable_propagate_additional_user_context_data,
        auth_session_validity: input.auth_session_validity,
        refresh_token_rotation: input.refresh_token_rotation,
        ..before
    }
}
