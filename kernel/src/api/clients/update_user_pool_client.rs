//! `UpdateUserPoolClient`: changes an app client; what is left out returns to its default.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolClient.html>

use crate::{
    directory,
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
    rules::check(&description, &pool, client.has_secret(), "updating")?;
    directory::check_scopes(cx, &description)?;
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn what_is_left_out_returns_to_its_default() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let plain = json!({ "UserPoolId": pool.id, "ClientName": "web", "GenerateSecret": true });
        let mut all = plain.clone();
        for (member, value) in [
            ("RefreshTokenValidity", json!(5)),
            ("AccessTokenValidity", json!(2)),
            ("IdTokenValidity", json!(3)),
            ("TokenValidityUnits", json!({ "AccessToken": "hours" })),
            ("ReadAttributes", json!(["email"])),
            ("WriteAttributes", json!(["email"])),
            ("ExplicitAuthFlows", json!(["ALLOW_USER_AUTH"])),
            ("SupportedIdentityProviders", json!(["COGNITO"])),
            ("CallbackURLs", json!(["https://shop.example/in"])),
            ("LogoutURLs", json!(["https://shop.example/out"])),
            ("DefaultRedirectURI", json!("https://shop.example/in")),
            ("AllowedOAuthFlows", json!(["code"])),
            ("AllowedOAuthScopes", json!(["openid"])),
            ("AllowedOAuthFlowsUserPoolClient", json!(true)),
            ("AnalyticsConfiguration", json!({ "UserDataShared": true })),
            ("PreventUserExistenceErrors", json!("ENABLED")),
            ("EnableTokenRevocation", json!(false)),
            ("EnablePropagateAdditionalUserContextData", json!(true)),
            ("AuthSessionValidity", json!(9)),
            ("RefreshTokenRotation", json!({ "Feature": "ENABLED" })),
        ] {
            all[member] = value;
        }
        let mut plain = world.ok("CreateUserPoolClient", plain)["UserPoolClient"].take();
        let made = world.ok("CreateUserPoolClient", all)["UserPoolClient"].take();
        world.advance_s(5);
        let client = json!({ "UserPoolId": pool.id, "ClientId": made["ClientId"] });
        let mut updated = world.ok("UpdateUserPoolClient", client.clone())["UserPoolClient"].take();
        assert_eq!(world.ok("DescribeUserPoolClient", client)["UserPoolClient"], updated);
        let then = made["CreationDate"].as_f64().unwrap();
        assert_eq!(updated["CreationDate"], then);
        assert_eq!(updated["LastModifiedDate"], then + 5.0);
        assert_eq!(updated["ClientSecret"], made["ClientSecret"]);
        for client in [&mut plain, &mut updated] {
            for member in ["ClientId", "ClientSecret", "LastModifiedDate"] {
                client.as_object_mut().unwrap().remove(member);
            }
        }
        assert_eq!(updated, plain);
    }

    #[test]
    fn settings_and_the_name_change() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let updated = world.ok(
            "UpdateUserPoolClient",
            json!({
                "UserPoolId": pool.id, "ClientId": pool.client, "ClientName": "renamed",
                "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"], "AuthSessionValidity": 10,
            }),
        );
        let client = &updated["UserPoolClient"];
        assert_eq!(client["ClientName"], "renamed");
        assert_eq!(client["ExplicitAuthFlows"], json!(["ALLOW_USER_SRP_AUTH"]));
        assert_eq!(client["AuthSessionValidity"], 10);
    }

    #[test]
    fn a_refused_change_changes_nothing() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let client = json!({ "UserPoolId": pool.id, "ClientId": pool.client });
        let before = world.ok("DescribeUserPoolClient", client.clone());
        world.advance_s(5);
        let mut bad = client.clone();
        bad["ClientName"] = json!("other");
        bad["WriteAttributes"] = json!(["custom:nothing"]);
        let refused = world.fails("UpdateUserPoolClient", bad);
        assert_eq!(refused.code, "InvalidParameterException");
        assert_eq!(refused.message, "Invalid write attributes specified while updating a client");
        assert_eq!(world.ok("DescribeUserPoolClient", client), before);
    }
}
