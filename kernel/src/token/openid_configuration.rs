//! `/{poolId}/.well-known/openid-configuration`: where a pool's verifiers find what they need
//! (OpenID Connect Discovery 1.0 §3).

use crate::{crypto::KeyAlgorithm, prelude::*};

operation!(OpenIdConfiguration, Internal, now);

shape! { Input { UserPoolId user_pool_id: UserPoolId } }

shape! { Output {
    authorization_endpoint authorization_endpoint: String,
    id_token_signing_alg_values_supported algorithms: Vec<String>,
    issuer issuer: String,
    jwks_uri jwks_uri: String,
    response_types_supported response_types: Vec<String>,
    scopes_supported scopes: Vec<String>,
    subject_types_supported subject_types: Vec<String>,
    token_endpoint token_endpoint: String,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let deployment = cx.deployment();
    let issuer = deployment.issuer(&cx.caller.origin, &pool.region, &pool.id);
    let url = deployment.public_url.as_deref().unwrap_or(&cx.caller.origin);
    let at = |path: &str| alloc::format!("{url}/{}/{path}", pool.id);
    let list = |words: &[&str]| words.iter().map(ToString::to_string).collect();
    let algorithm = match pool.token_algorithm {
        KeyAlgorithm::RS256 => "RS256",
        KeyAlgorithm::ES256 => "ES256",
        KeyAlgorithm::EdDSA => "EdDSA",
    };
    Ok(Output {
        authorization_endpoint: at("oauth2/authorize"),
        algorithms: list(&[algorithm]),
        issuer,
        jwks_uri: at(".well-known/jwks.json"),
        response_types: list(&["code", "token"]),
        scopes: list(&["openid", "email", "phone", "profile"]),
        subject_types: list(&["public"]),
        token_endpoint: at("oauth2/token"),
    })
}
