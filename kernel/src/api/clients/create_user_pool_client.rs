//! `CreateUserPoolClient`: adds an app client to a user pool.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html>

use crate::{
    crypto::Purpose,
    model::client::{Client, defaults},
    prelude::*,
    store::keys,
};

operation!(
    CreateUserPoolClient, Iam, reach Pool, now,
    adds [FeatureUnavailableInTier, InvalidOAuthFlow, LimitExceeded, ScopeDoesNotExist]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    ClientName client_name: ClientName,
    GenerateSecret generate_secret: Option<bool>,
    ClientSecret client_secret: Option<ClientSecret>,
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

const SECRET_ALPHABET: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
const SECRET_LEN: usize = 51;

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let Some(key) = crate::PoolKey::of_pool_id(&pool.id) else {
        return Err(Error::bug("a pool's id names no pool"));
    };
    let id = key.mint_client_id(&cx.random);
    let secret = match (&input.client_secret, input.generate_secret) {
        (Some(given), _) => Some(given.clone()),
        (None, Some(true)) => Some(cx.random.text(SECRET_ALPHABET, SECRET_LEN).into()),
        (None, _) => None,
    };
    let sealed = match &secret {
        None => None,
        Some(secret) => {
            let plain = secret.as_str().as_bytes();
            Some(cx.vault()?.seal(Purpose::ClientSecret, &id, plain, &cx.random)?)
        }
    };
    let client = Client { description: describe(cx, &id, input), id, secret: sealed };
    cx.put(&keys::client(&client.id), &client)?;
    let shown = UserPoolClientType { client_secret: secret, ..client.description };
    Ok(Output { user_pool_client: Some(shown) })
}

fn describe(cx: &Cx, id: &str, input: Input) -> UserPoolClientType {
    let now = Timestamp(cx.now_ms());
    let mut client = UserPoolClientType {
        user_pool_id: Some(input.user_pool_id),
        client_id: Some(id.into()),
        client_name: Some(input.client_name),
        client_secret: None,
        creation_date: Some(now),
        last_modified_date: Some(now),
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
        client_type: None,
    };
    defaults::fill(&mut client);
    client
}
