//! `CreateIdentityPool`: makes an identity pool.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CreateIdentityPool.html>

use crate::{
    model::identity_pool::{IdentityPool, rules},
    place::Place,
    prelude::*,
    shapes::IdentityPoolDescription as Output,
    store::keys,
};

operation!(
    identity CreateIdentityPool, Iam, reach NewIdentityPool, asks,
    adds [LimitExceeded, ResourceConflict],
    lacks [ResourceNotFound]
);

shape! { Input {
    IdentityPoolName identity_pool_name: IdentityPoolName,
    AllowUnauthenticatedIdentities allow_unauthenticated_identities: bool,
    AllowClassicFlow allow_classic_flow: Option<bool>,
    SupportedLoginProviders supported_login_providers: Option<IdentityProviders>,
    DeveloperProviderName developer_provider_name: Option<DeveloperProviderName>,
    OpenIdConnectProviderARNs open_id_connect_provider_arns: Option<Vec<PlainArn>>,
    CognitoIdentityProviders cognito_identity_providers: Option<Vec<CognitoIdentityProvider>>,
    SamlProviderARNs saml_provider_arns: Option<Vec<PlainArn>>,
    IdentityPoolTags identity_pool_tags: Option<IdentityPoolTags>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let Place::IdentityPool(key) = cx.place else {
        return Err(Error::bug("an identity pool is made at a place of its own"));
    };
    let region = cx.caller.region.clone();
    let id = key.mint_id(&region, &cx.random);
    let description = Output {
        identity_pool_id: id.as_str().into(),
        identity_pool_name: input.identity_pool_name,
        allow_unauthenticated_identities: input.allow_unauthenticated_identities,
        allow_classic_flow: input.allow_classic_flow,
        supported_login_providers: input.supported_login_providers,
        developer_provider_name: input.developer_provider_name,
        open_id_connect_provider_arns: input.open_id_connect_provider_arns,
        cognito_identity_providers: input.cognito_identity_providers,
        saml_provider_arns: input.saml_provider_arns,
        identity_pool_tags: Some(input.identity_pool_tags.unwrap_or_default()),
    };
    rules::check(&description)?;
    let pool = IdentityPool::new(cx, region, description)?;
    super::enlist(cx, &pool, true).await?;
    if cx.has(keys::IDENTITY_POOL)? {
        return Err(Error::bug("a new identity pool's place is taken"));
    }
    cx.put(keys::IDENTITY_POOL, &pool)?;
    pool.shown(cx)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{IdentityPoolKey, Place, testing::World};

    #[test]
    fn a_pool_is_shown_as_it_was_made() {
        let world = World::new();
        let users = world.pool(json!({}));
        let input = json!({
            "IdentityPoolName": "shop",
            "AllowUnauthenticatedIdentities": true,
            "AllowClassicFlow": false,
            "SupportedLoginProviders": { "accounts.google.com": "app.apps.googleusercontent.com" },
            "DeveloperProviderName": "login.shop",
            "OpenIdConnectProviderARNs":
                ["arn:aws:iam::123456789012:oidc-provider/id.example.com"],
            "CognitoIdentityProviders": [{
                "ProviderName":
                    alloc::format!("cognito-idp.eu-west-1.amazonaws.com/{}", users.id),
                "ClientId": users.client,
                "ServerSideTokenCheck": true,
            }],
            "SamlProviderARNs": ["arn:aws:iam::123456789012:saml-provider/corporate"],
            "IdentityPoolTags": { "team": "shop" },
        });
        let made = world.ok("CreateIdentityPool", input.clone());
        let id = made["IdentityPoolId"].as_str().unwrap();
        assert!(id.starts_with("eu-west-1:") && id.len() == 46, "{id}");
        for (member, value) in input.as_object().unwrap() {
            assert_eq!(&made[member], value, "{member}");
        }
        assert_eq!(world.ok("DescribeIdentityPool", json!({ "IdentityPoolId": id })), made);
    }

    #[test]
    fn what_makes_no_sense_is_refused_and_nothing_is_kept() {
        let world = World::new();
        for (member, value) in [
            ("CognitoIdentityProviders", json!([{ "ProviderName": "a/b", "ClientId": "c" }])),
            ("CognitoIdentityProviders", json!([{ "ClientId": "c" }])),
            ("SupportedLoginProviders", json!({ "login.example.com": "app" })),
            ("OpenIdConnectProviderARNs", json!(["arn:aws:iam::123456789012:role/reader"])),
            ("SamlProviderARNs", json!(["arn:aws:iam::123456789012:oidc-provider/a"])),
            ("IdentityPoolTags", json!({ "aws:team": "x" })),
        ] {
            let input = json!({
                "IdentityPoolName": "p", "AllowUnauthenticatedIdentities": false, member: value,
            });
            let refused = world.fails("CreateIdentityPool", input);
            assert_eq!(refused.code, "InvalidParameterException", "{member}");
        }
        assert!(world.records(&Place::Account).is_empty());
    }

    #[test]
    fn a_pool_that_the_account_does_not_list_does_not_exist() {
        let world = World::new();
        world.calls_fail(true);
        let input = json!({ "IdentityPoolName": "p", "AllowUnauthenticatedIdentities": true });
        assert_eq!(world.fails("CreateIdentityPool", input).code, "InternalErrorException");
        let places = world.all_records();
        assert!(places.values().all(alloc::collections::BTreeMap::is_empty));
    }

    #[test]
    fn a_pool_lives_at_a_place_of_its_own() {
        let world = World::new();
        let id = world.identity_pool(json!({}));
        let place = Place::IdentityPool(IdentityPoolKey::of_id(&id).unwrap());
        assert_eq!(world.records(&place).len(), 1);
    }
}
