//! `CreateUserPoolClient`: adds an app client to a user pool.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html>

use crate::{
    access::client_secret,
    model::client::{Client, defaults, rules},
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
    let key = crate::PoolKey::of_pool_id(&pool.id);
    let key = key.ok_or_else(|| Error::bug("a pool's id names no pool"))?;
    let id = key.mint_client_id(&cx.random);
    let secret = secret(cx, &input)?;
    let mut description = describe(cx, &id, input);
    rules::check(&description, &pool, secret.is_some(), "creating")?;
    defaults::fill(&mut description);
    let sealed = secret.as_ref().map(|secret| client_secret::seal(cx, &id, secret.as_str()));
    let client = Client { description, id, secret: sealed.transpose()? };
    cx.put(&keys::client(&client.id), &client)?;
    let shown = UserPoolClientType { client_secret: secret, ..client.description };
    Ok(Output { user_pool_client: Some(shown) })
}

fn secret(cx: &Cx, input: &Input) -> Result<Option<ClientSecret>, Error> {
    match (&input.client_secret, input.generate_secret) {
        (Some(_), Some(true)) => Err(Error::saying(
            Code::InvalidParameter,
            "ClientSecret can not be set when GenerateSecret is true.",
        )),
        (Some(given), _) => Ok(Some(given.clone())),
        (None, Some(true)) => Ok(Some(cx.random.text(SECRET_ALPHABET, SECRET_LEN).into())),
        (None, _) => Ok(None),
    }
}

fn describe(cx: &Cx, id: &str, input: Input) -> UserPoolClientType {
    let now = Some(Timestamp(cx.now_ms()));
    UserPoolClientType {
        user_pool_id: Some(input.user_pool_id),
        client_id: Some(id.into()),
        client_name: Some(input.client_name),
        client_secret: None,
        creation_date: now,
        last_modified_date: now,
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
    }
}
