//! `CreateUserPoolClient`: adds an app client to a user pool.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html>

use crate::{
    access::client_secret,
    directory,
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

/// Cognito's own bound.
const CLIENTS_MAX: usize = 1_000;

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let all = keys::under(keys::CLIENTS);
    if cx.keys(all.start.as_str()..all.end.as_str(), CLIENTS_MAX)?.len() >= CLIENTS_MAX {
        let message = alloc::format!("A user pool can have {CLIENTS_MAX} app clients at most.");
        return Err(Error::saying(Code::LimitExceeded, message));
    }
    let key = crate::PoolKey::of_pool_id(&pool.id);
    let key = key.ok_or_else(|| Error::bug("a pool's id names no pool"))?;
    let id = key.mint_client_id(&cx.random);
    let secret = secret(cx, &input)?;
    let mut description = describe(cx, &id, input);
    rules::check(&description, &pool, secret.is_some(), "creating")?;
    directory::check_scopes(cx, &description)?;
    defaults::fill(&mut description);
    let sealed = secret.as_ref().map(|secret| client_secret::seal(cx, &id, secret, &[]));
    let secrets = sealed.transpose()?.into_iter().collect();
    let client = Client { description, id, secrets, sso_minutes: None };
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
        (None, Some(true)) => Ok(Some(client_secret::generate(cx))),
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{CLIENTS_MAX, keys};
    use crate::{Place, PoolKey, Write, testing::World};

    #[test]
    fn what_is_left_out_is_described_as_cognito_does() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let input = json!({ "UserPoolId": pool.id, "ClientName": "web" });
        let made = world.ok("CreateUserPoolClient", input)["UserPoolClient"].take();
        let id = made["ClientId"].as_str().unwrap();
        assert_eq!(id.len(), 26);
        assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{id}");
        let now = world.now_ms() as f64 / 1000.0;
        assert_eq!(
            made,
            json!({
                "UserPoolId": pool.id, "ClientId": id, "ClientName": "web",
                "CreationDate": now, "LastModifiedDate": now,
                "ExplicitAuthFlows": [
                    "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH",
                ],
                "RefreshTokenValidity": 30, "TokenValidityUnits": {},
                "AllowedOAuthFlowsUserPoolClient": false,
                "PreventUserExistenceErrors": "LEGACY",
                "EnableTokenRevocation": true,
                "EnablePropagateAdditionalUserContextData": false,
                "AuthSessionValidity": 3,
                "ClientType": "REGULAR",
            })
        );
        let shown =
            world.ok("DescribeUserPoolClient", json!({ "UserPoolId": pool.id, "ClientId": id }));
        assert_eq!(shown["UserPoolClient"], made);
    }

    #[test]
    fn every_setting_is_described_back() {
        let world = World::new();
        let pool = world.pool(json!({ "Schema": [{ "Name": "team" }] }));
        let role = "arn:aws:iam::123456789012:role/pinpoint";
        let settings = json!({
            "UserPoolId": pool.id, "ClientName": "all",
            "RefreshTokenValidity": 90, "AccessTokenValidity": 10, "IdTokenValidity": 600,
            "TokenValidityUnits": {
                "AccessToken": "minutes", "IdToken": "seconds", "RefreshToken": "minutes",
            },
            "ReadAttributes": ["email", "email_verified", "custom:team"],
            "WriteAttributes": ["email", "custom:team"],
            "ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_TOKEN_EXCHANGE_DELEGATION"],
            "SupportedIdentityProviders": ["COGNITO"],
            "CallbackURLs": ["https://shop.example/in", "shop://in"],
            "LogoutURLs": ["http://localhost:3000/out"],
            "DefaultRedirectURI": "shop://in",
            "AllowedOAuthFlows": ["code", "implicit"],
            "AllowedOAuthScopes": ["openid", "email", "aws.cognito.signin.user.admin"],
            "AllowedOAuthFlowsUserPoolClient": true,
            "AnalyticsConfiguration": {
                "ApplicationId": "abcdef01", "RoleArn": role, "ExternalId": "x",
                "UserDataShared": true,
            },
            "PreventUserExistenceErrors": "ENABLED",
            "EnableTokenRevocation": false,
            "EnablePropagateAdditionalUserContextData": true,
            "AuthSessionValidity": 15,
            "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 30 },
        });
        let mut input = settings.clone();
        input["GenerateSecret"] = json!(true);
        let made = world.ok("CreateUserPoolClient", input)["UserPoolClient"].take();
        for (member, value) in settings.as_object().unwrap() {
            assert_eq!(made[member], *value, "{member}");
        }
    }

    #[test]
    fn a_secret_is_made_shown_again_and_kept_sealed() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let make = || {
            let input =
                json!({ "UserPoolId": pool.id, "ClientName": "web", "GenerateSecret": true });
            world.ok("CreateUserPoolClient", input)["UserPoolClient"].take()
        };
        let made = make();
        let secret = made["ClientSecret"].as_str().unwrap();
        assert!((51..=52).contains(&secret.len()), "{secret}");
        assert!(secret.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{secret}");
        assert_ne!(make()["ClientSecret"], made["ClientSecret"]);
        let client = json!({ "UserPoolId": pool.id, "ClientId": made["ClientId"] });
        let shown = world.ok("DescribeUserPoolClient", client.clone());
        assert_eq!(shown["UserPoolClient"]["ClientSecret"], secret);
        let updated = world.ok("UpdateUserPoolClient", client);
        assert_eq!(updated["UserPoolClient"]["ClientSecret"], secret);
        let list = world.ok("ListUserPoolClients", json!({ "UserPoolId": pool.id }));
        assert!(!alloc::format!("{list}").contains(secret));
        let place = Place::Pool(PoolKey::of_pool_id(&pool.id).unwrap());
        for (key, record) in world.records(&place).scan("".."\u{10FFFF}", 99).unwrap() {
            let is_clear = record.windows(secret.len()).any(|bytes| bytes == secret.as_bytes());
            assert!(!is_clear, "{key}");
        }
    }

    #[test]
    fn a_secret_of_ones_own_is_taken_unless_one_is_to_be_made() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let secret = "my1own2secret3of4sufficient5length";
        let mut input =
            json!({ "UserPoolId": pool.id, "ClientName": "web", "ClientSecret": secret });
        let made = world.ok("CreateUserPoolClient", input.clone());
        assert_eq!(made["UserPoolClient"]["ClientSecret"], secret);
        input["GenerateSecret"] = json!(false);
        let made = world.ok("CreateUserPoolClient", input.clone());
        assert_eq!(made["UserPoolClient"]["ClientSecret"], secret);
        input["GenerateSecret"] = json!(true);
        let refused = world.fails("CreateUserPoolClient", input.clone());
        assert_eq!(refused.code, "InvalidParameterException");
        input["GenerateSecret"] = json!(false);
        for bad in ["tooshort", "not-made-of-word-characters-only"] {
            input["ClientSecret"] = json!(bad);
            let refused = world.fails("CreateUserPoolClient", input.clone());
            assert_eq!(refused.code, "InvalidParameterException");
            assert!(!refused.message.contains(bad), "{}", refused.message);
        }
    }

    #[test]
    fn a_pool_has_a_thousand_clients_at_most() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let records = world.records(&Place::Pool(PoolKey::of_pool_id(&pool.id).unwrap()));
        let first = records.get(&keys::client(&pool.client)).unwrap().unwrap();
        let more = (2..CLIENTS_MAX)
            .map(|n| Write::Put(keys::client(&alloc::format!("c{n}")), first.to_vec()));
        records.commit(more.collect()).unwrap();
        let input = json!({ "UserPoolId": pool.id, "ClientName": "web" });
        let last = world.ok("CreateUserPoolClient", input.clone());
        let failure = world.fails("CreateUserPoolClient", input.clone());
        assert_eq!(failure.code, "LimitExceededException");
        let last = json!({
            "UserPoolId": pool.id, "ClientId": last["UserPoolClient"]["ClientId"],
        });
        let _ = world.ok("DeleteUserPoolClient", last);
        let _ = world.ok("CreateUserPoolClient", input);
    }

    #[test]
    fn a_client_needs_a_pool_and_a_name() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let missing = json!({ "UserPoolId": "eu-west-1_AbCdEfGhI", "ClientName": "web" });
        let failure = world.fails("CreateUserPoolClient", missing);
        assert_eq!(failure.code, "ResourceNotFoundException");
        for name in ["", "semi;colon", &"x".repeat(129)] {
            let input = json!({ "UserPoolId": pool.id, "ClientName": name });
            let failure = world.fails("CreateUserPoolClient", input);
            assert_eq!(failure.code, "InvalidParameterException", "{name}");
        }
        let input = json!({ "UserPoolId": pool.id, "ClientName": "a b+=,.@-_9" });
        let made = world.ok("CreateUserPoolClient", input);
        assert_eq!(made["UserPoolClient"]["ClientName"], "a b+=,.@-_9");
    }
}
