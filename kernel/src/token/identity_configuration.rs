//! `/identity/{uuid}/.well-known/openid-configuration`: where verifiers of an identity pool's tokens
//! find what they need (OpenID Connect Discovery 1.0 §3).

use crate::{federation::issuer, prelude::*};

operation!(IdentityConfiguration, Internal, now);

shape! { Input { Uuid uuid: String } }

shape! { Output {
    claims_supported claims: Vec<String>,
    id_token_signing_alg_values_supported algorithms: Vec<String>,
    issuer issuer: String,
    jwks_uri jwks_uri: String,
    response_types_supported response_types: Vec<String>,
    subject_types_supported subject_types: Vec<String>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.identity_pool_of_uuid(&input.uuid)?;
    let deployment = cx.deployment();
    let url = deployment.public_url.as_deref().unwrap_or(&cx.caller.origin);
    let list = |words: &[&str]| words.iter().map(ToString::to_string).collect();
    Ok(Output {
        claims: list(&["sub", "aud", "amr", "iss", "exp", "iat"]),
        algorithms: list(&["RS256"]),
        issuer: issuer::issuer(deployment, &cx.caller.origin, &pool.id),
        jwks_uri: alloc::format!("{url}/{}/{}/.well-known/jwks.json", issuer::ROOM, input.uuid),
        response_types: list(&["id_token"]),
        subject_types: list(&["public"]),
    })
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use serde_json::{Value as Json, json};

    use crate::testing::World;

    #[test]
    fn discovery_leads_from_the_issuer_to_its_key() {
        let world = World::new();
        let pool = world.identity_pool(json!({ "AllowClassicFlow": true }));
        let identity = world.ok("GetId", json!({ "IdentityPoolId": pool }));
        let token = world.ok("GetOpenIdToken", identity)["Token"].take();
        let claims = crate::testing::claims(&token);
        let issuer = claims["iss"].as_str().unwrap().strip_prefix("http://localhost:8787").unwrap();
        let read = |path: &str| -> Json {
            let response = world.get(path);
            assert_eq!(response.status, 200, "{path}");
            serde_json::from_slice(&response.body).unwrap()
        };
        let document = read(&format!("{issuer}/.well-known/openid-configuration"));
        assert_eq!(document["issuer"], claims["iss"]);
        let keys = document["jwks_uri"].as_str().unwrap();
        let keys = read(keys.strip_prefix("http://localhost:8787").unwrap());
        let header = jsonwebtoken::decode_header(token.as_str().unwrap()).unwrap();
        assert_eq!(keys["keys"][0]["kid"].as_str(), header.kid.as_deref());
        assert!(keys["keys"][0].get("d").is_none());
    }

    #[test]
    fn an_unknown_pool_has_no_documents_and_leaves_no_record() {
        let world = World::new();
        let id = "/identity/0a1b2c3d-4e5f-8a1b-8c3d-4e5f0a1b2c3d";
        for path in ["", "/.well-known/jwks.json", "/.well-known/openid-configuration"] {
            assert_eq!(world.get(&format!("{id}{path}")).status, 404, "{path}");
        }
        let places = world.all_records();
        assert!(places.values().all(alloc::collections::BTreeMap::is_empty));
    }
}
