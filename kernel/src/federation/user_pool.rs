//! ID tokens of our own user pools.

use alloc::{rc::Rc, string::ToString, vec::Vec};

use jsonwebtoken::jwk::Jwk;

use super::{
    keys,
    login::{Login, audiences, check_time, invalid, unsupported},
    text,
};
use crate::{
    cx::Cx,
    error::Error,
    model::identity_pool::{IdentityPool, provider::UserPoolName},
    place::Place,
    shape::{Json, Text},
    shapes::CognitoIdentityProvider,
};

/// Verifies an ID token of that user pool.
pub(super) async fn prove(
    cx: &mut Cx,
    pool: &IdentityPool,
    (user_pool, token): (&UserPoolName<'_>, &str),
) -> Result<Login, Error> {
    let clients = clients(pool, user_pool);
    if clients.is_empty() {
        return Err(unsupported());
    }
    let provider = user_pool.canonical();
    let keys = signing_keys(cx, user_pool, token).await?;
    let claims = keys::claims(cx, &keys, token)?;
    let is_of_pool =
        text(&claims, "iss").rsplit_once('/').is_some_and(|(_, id)| id == user_pool.pool_id);
    if !is_of_pool {
        return Err(invalid("Issuer doesn't match providerName"));
    }
    if text(&claims, "token_use") != "id" {
        return Err(invalid("Token was not used for id."));
    }
    let audiences = audiences(&claims);
    let client = clients.into_iter().find(|client| {
        let id = client.client_id.as_ref().map_or("", Text::as_str);
        audiences.iter().any(|audience| audience == id)
    });
    let client = client.ok_or_else(|| invalid("Incorrect token audience."))?;
    check_time(cx, &claims)?;
    if client.server_side_token_check == Some(true) {
        let input = serde_json::json!({
            "UserPoolId": user_pool.pool_id, "Claims": Json::Object(claims.clone()),
        });
        let home = user_pool.key.home(text(&claims, "cognito:username"));
        let response = cx.call(home, "CheckIdToken", &input).await?;
        if response.status != 200 {
            return Err(invalid("Token is no longer valid."));
        }
    }
    Ok(Login {
        provider,
        subject: text(&claims, "sub").to_string(),
        audience: client.client_id.as_ref().map_or("", Text::as_str).to_string(),
        means: "CognitoSignIn".to_string(),
        claims,
        identity: None,
    })
}

/// The app clients of that user pool whose tokens the identity pool takes.
fn clients<'a>(
    pool: &'a IdentityPool,
    user_pool: &UserPoolName<'_>,
) -> Vec<&'a CognitoIdentityProvider> {
    let all = pool.description.cognito_identity_providers.iter().flatten();
    all.filter(|provider| {
        let name = provider.provider_name.as_ref().map_or("", Text::as_str);
        UserPoolName::read(name).is_some_and(|name| name.pool_id == user_pool.pool_id)
    })
    .collect()
}

/// The keys of that user pool.
pub(super) async fn signing_keys(
    cx: &mut Cx,
    user_pool: &UserPoolName<'_>,
    token: &str,
) -> Result<Rc<Vec<Jwk>>, Error> {
    let provider = user_pool.canonical();
    let input = serde_json::json!({ "UserPoolId": user_pool.pool_id });
    let asked = (Place::Pool(user_pool.key), "JsonWebKeySet");
    keys::of_place(cx, asked, (&provider, &input), token).await
}
