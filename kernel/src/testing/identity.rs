//! Identity pools, and providers elsewhere, in tests.

use alloc::{
    format,
    string::{String, ToString},
};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

use super::{TestPool, World};
use crate::{
    Answer, Deployment, KeyAlgorithm, KeyPair, Request, Response, RootCredentials, Service, find,
    shape::Json,
};

impl World {
    /// An identity pool with those settings, which takes guests unless they say otherwise; gives
    /// its id.
    #[must_use]
    pub fn identity_pool(&self, settings: Json) -> String {
        let mut input =
            json!({ "IdentityPoolName": "test", "AllowUnauthenticatedIdentities": true });
        if let (Json::Object(input), Json::Object(settings)) = (&mut input, settings) {
            input.extend(settings);
        }
        let made = self.ok("CreateIdentityPool", input);
        made["IdentityPoolId"].as_str().unwrap_or_default().to_string()
    }

    /// `Logins` of a user who got these tokens.
    #[must_use]
    pub fn logins(&self, pool: &TestPool, tokens: &Json) -> Json {
        json!({ provider(pool): tokens["IdToken"] })
    }

    /// A call without input, signed with temporary credentials.
    #[must_use]
    pub fn signed_with(&self, key: &RootCredentials, token: &str, operation: &str) -> Request {
        let mut request = self.request(operation, &json!({ "MaxResults": 1 }));
        request.headers.retain(|(name, _)| name != "authorization" && name != "x-amz-date");
        request.headers.push(("x-amz-security-token".into(), token.into()));
        super::sign::sign(&mut request, key, ("cognito-identity", super::REGION), self.now_ms());
        request
    }

    /// How this deployment is configured.
    #[must_use]
    pub fn deployment(&self) -> Deployment {
        self.engine.deployment.clone()
    }

    /// From now on, that document is to be read there; a `null` is not.
    pub fn publish(&self, url: &str, document: Json) {
        self.published.borrow_mut().insert(url.to_string(), document);
    }

    pub(super) fn published(&self, url: &str) -> Answer {
        match self.published.borrow().get(url) {
            Some(document) if !document.is_null() => {
                let body = document.to_string();
                Answer::Response(Response::new(200).body("application/json", body))
            }
            _ => Answer::from("nothing is there"),
        }
    }
}

/// A key pair of a provider elsewhere; its public part is named `kid`.
///
/// # Panics
/// If none can be made.
#[must_use]
#[expect(clippy::panic, reason = "a test ends here")]
pub fn provider_key(kid: &str) -> KeyPair {
    let Answer::Key(mut pair) = super::keys::make(KeyAlgorithm::ES256) else { panic!("no key") };
    pair.public.common.key_id = Some(kid.to_string());
    *pair
}

/// A token that a provider elsewhere signs.
#[must_use]
pub fn provider_token(key: &KeyPair, claims: &Json) -> String {
    let mut header = Header::new(Algorithm::ES256);
    header.kid.clone_from(&key.public.common.key_id);
    let private = EncodingKey::from_ec_der(&key.private);
    jsonwebtoken::encode(&header, claims, &private).unwrap_or_default()
}

/// An operation by its target, or by its name alone where that is enough: the first service that
/// has one of that name is meant; user pools, if none has.
pub(super) fn addressed(operation: &str) -> (Service, &str) {
    if let Some((target, name)) = operation.split_once('.') {
        return (Service::of_target(target).unwrap_or(Service::UserPools), name);
    }
    let all = [Service::UserPools, Service::Internal, Service::Extension, Service::IdentityPools];
    let found = all.into_iter().find(|service| find(*service, operation).is_some());
    (found.unwrap_or(Service::UserPools), operation)
}

/// The name of a user pool as a provider.
fn provider(pool: &TestPool) -> String {
    format!("cognito-idp.eu-west-1.amazonaws.com/{}", pool.id)
}

/// A user pool with the user `ann`, and an identity pool that takes its users, with those settings
/// of the provider; it takes guests and users of `login.shop`, and allows the basic flow.
#[must_use]
pub fn federated(settings: Json) -> (World, TestPool, String) {
    let world = World::new();
    let users = world.pool(json!({}));
    world.user(&users, "ann", json!([]));
    let mut one = json!({ "ProviderName": provider(&users), "ClientId": users.client });
    if let (Json::Object(one), Json::Object(settings)) = (&mut one, settings) {
        one.extend(settings);
    }
    let pool = world.identity_pool(json!({
        "AllowClassicFlow": true,
        "CognitoIdentityProviders": [one],
        "DeveloperProviderName": "login.shop",
    }));
    (world, users, pool)
}
