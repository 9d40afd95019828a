//! ID tokens of any OpenID Connect provider: discovery (OpenID Connect Discovery 1.0 §4), its
//! keys, then the token.

use alloc::{
    format,
    rc::Rc,
    string::{String, ToString},
    vec::Vec,
};

use jsonwebtoken::jwk::Jwk;

use super::{
    keys,
    login::{Login, audiences as audiences_of, check_time, invalid, silent},
    text,
};
use crate::{
    cx::Cx,
    deployment::is_local,
    error::{Code, Error},
    place::Place,
    shape::Json,
};

/// Verifies an ID token of the provider of that name, which is its issuer without the scheme.
pub(super) async fn prove(
    cx: &mut Cx,
    name: &str,
    (clients, means): (&[String], &str),
    token: &str,
) -> Result<Login, Error> {
    let keys = signing_keys(cx, name, token).await?;
    let claims = keys::claims(cx, &keys, token)?;
    let issuer = text(&claims, "iss").trim_end_matches('/');
    let is_of_provider = issuer == issuer_of(cx, name) || issuer == name;
    if !is_of_provider {
        return Err(invalid("Issuer doesn't match providerName"));
    }
    let named = audiences_of(&claims);
    let audience = clients.iter().find(|client| named.contains(client));
    let audience = audience.ok_or_else(|| invalid("Incorrect token audience."))?;
    check_time(cx, &claims)?;
    let subject = text(&claims, "sub");
    if subject.is_empty() {
        return Err(invalid("Not a valid OpenId Connect identity token."));
    }
    Ok(Login {
        provider: name.into(),
        subject: subject.to_string(),
        audience: audience.clone(),
        means: means.into(),
        claims: claims.clone(),
        identity: None,
    })
}

/// The clients of a provider whose tokens the account takes.
///
/// # Errors
/// `InvalidParameterException` if the account does not know the provider.
pub(super) async fn audiences(cx: &mut Cx, arn: &str) -> Result<Vec<String>, Error> {
    let input = serde_json::json!({ "Arn": arn });
    let response = cx.call(Place::Account, "ShowOpenIdProvider", &input).await?;
    let provider: Json = serde_json::from_slice(&response.body).unwrap_or_default();
    let clients = provider.get("ClientIds").and_then(Json::as_array);
    let clients = clients.filter(|_| response.status == 200).ok_or_else(|| {
        Error::saying(Code::InvalidParameter, format!("The provider {arn} does not exist."))
    })?;
    Ok(clients.iter().filter_map(Json::as_str).map(ToString::to_string).collect())
}

/// Providers speak TLS; one on this very machine need not, where that is for development.
fn issuer_of(cx: &Cx, name: &str) -> String {
    let is_plain = cx.deployment().is_development && is_local(name);
    format!("{}://{name}", if is_plain { "http" } else { "https" })
}

/// The keys of the provider of that name.
pub(super) async fn signing_keys(
    cx: &mut Cx,
    name: &str,
    token: &str,
) -> Result<Rc<Vec<Jwk>>, Error> {
    let now_ms = cx.now_ms();
    if let Some(keys) = cx.kernel().provider_keys.known(name, token, now_ms)? {
        return Ok(keys);
    }
    let issuer = issuer_of(cx, name);
    let url = format!("{issuer}/.well-known/openid-configuration");
    let document = cx.fetch(url).await.map_err(silent)?;
    let member = |name: &str| document.get(name).and_then(Json::as_str).unwrap_or_default();
    if member("issuer").trim_end_matches('/') != issuer {
        return Err(silent(format!("{issuer} says that it is another issuer")));
    }
    let keys_url = member("jwks_uri").to_string();
    let is_safe =
        keys_url.starts_with("https://") || (cx.deployment().is_development && is_local(&keys_url));
    if !is_safe {
        return Err(silent(format!("{issuer} has no keys at a safe place")));
    }
    let set = cx.fetch(keys_url).await.map_err(silent)?;
    Ok(cx.kernel().provider_keys.learn(name, &set, now_ms))
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use serde_json::json;

    use crate::{
        KeyPair,
        shape::Json,
        testing::{Failure, World, provider_key, provider_token},
    };

    const CONFIGURATION: &str = "https://accounts.google.com/.well-known/openid-configuration";
    const KEYS: &str = "https://www.googleapis.com/oauth2/v3/certs";

    /// A world in which Google is what it is, with that key.
    fn world(key: &KeyPair) -> (World, String) {
        let world = World::new();
        let document = json!({ "issuer": "https://accounts.google.com", "jwks_uri": KEYS });
        world.publish(CONFIGURATION, document);
        world.publish(KEYS, json!({ "keys": [key.public] }));
        let pool = world.identity_pool(json!({
            "SupportedLoginProviders": { "accounts.google.com": "app" },
        }));
        (world, pool)
    }

    fn claims(world: &World) -> Json {
        let now_s = world.now_ms() / 1000;
        json!({
            "iss": "https://accounts.google.com", "aud": "app", "sub": "1066", "iat": now_s,
            "exp": now_s + 600,
        })
    }

    fn get_id(world: &World, pool: &str, token: &str) -> Result<Json, Failure> {
        let logins = json!({ "accounts.google.com": token });
        world.call("GetId", json!({ "IdentityPoolId": pool, "Logins": logins }))
    }

    #[test]
    fn a_token_of_a_public_provider_leads_to_the_same_identity() {
        let key = provider_key("one");
        let (world, pool) = world(&key);
        let token = provider_token(&key, &claims(&world));
        let first = get_id(&world, &pool, &token).unwrap();
        // Its keys are known by now.
        world.publish(CONFIGURATION, json!(null));
        assert_eq!(get_id(&world, &pool, &token).unwrap(), first);
        let mut other = claims(&world);
        other["sub"] = json!("1067");
        let token = provider_token(&key, &other);
        assert_ne!(get_id(&world, &pool, &token).unwrap(), first);
    }

    #[test]
    fn a_token_for_somebody_else_or_of_somebody_else_is_refused() {
        let key = provider_key("one");
        let (world, pool) = world(&key);
        for (claim, value, why) in [
            ("aud", json!("another"), "Incorrect token audience."),
            ("aud", json!(["another"]), "Incorrect token audience."),
            ("iss", json!("https://evil.example.com"), "Issuer doesn't match providerName"),
            ("sub", json!(""), "Not a valid OpenId Connect identity token."),
            ("exp", json!(null), "Not a valid OpenId Connect identity token."),
            ("exp", json!(1), "Token expired"),
            ("nbf", json!(world.now_ms() / 1000 + 600), "Token is not yet valid."),
        ] {
            let mut claims = claims(&world);
            claims[claim] = value;
            let refused = get_id(&world, &pool, &provider_token(&key, &claims)).unwrap_err();
            assert_eq!(refused.code, "NotAuthorizedException", "{claim}");
            assert!(refused.message.contains(why), "{claim}: {}", refused.message);
        }
        let forged = provider_token(&provider_key("one"), &claims(&world));
        let refused = get_id(&world, &pool, &forged).unwrap_err();
        assert_eq!(refused.message, "Invalid login token. Couldn't verify signed token.");
    }

    #[test]
    fn nobody_is_asked_for_the_sake_of_what_is_no_token() {
        let (world, pool) = world(&provider_key("one"));
        // Whoever asked now would hear nothing.
        world.publish(CONFIGURATION, json!(null));
        for token in ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."] {
            let refused = get_id(&world, &pool, token).unwrap_err();
            assert_eq!(
                refused.message, "Invalid login token. Not a valid OpenId Connect identity token.",
                "{token}"
            );
        }
    }

    #[test]
    fn a_provider_may_change_its_keys() {
        let (old, new) = (provider_key("old"), provider_key("new"));
        let (world, pool) = world(&old);
        let first = get_id(&world, &pool, &provider_token(&old, &claims(&world))).unwrap();
        world.publish(KEYS, json!({ "keys": [new.public] }));
        world.advance_s(60);
        let token = provider_token(&new, &claims(&world));
        assert_eq!(get_id(&world, &pool, &token).unwrap(), first);
        let refused = get_id(&world, &pool, &provider_token(&old, &claims(&world)));
        assert_eq!(refused.unwrap_err().code, "NotAuthorizedException");
    }

    #[test]
    fn a_provider_that_does_not_answer_as_it_should_vouches_for_nobody() {
        let key = provider_key("one");
        let issuer = "https://accounts.google.com";
        for (url, document) in [
            (CONFIGURATION, json!(null)),
            (CONFIGURATION, json!({ "issuer": "https://evil.example.com", "jwks_uri": KEYS })),
            (CONFIGURATION, json!({ "issuer": issuer, "jwks_uri": "http://example.com/keys" })),
            (KEYS, json!(null)),
        ] {
            let (world, pool) = world(&key);
            world.publish(url, document);
            let token = provider_token(&key, &claims(&world));
            let failure = get_id(&world, &pool, &token).unwrap_err();
            assert_eq!(failure.code, "ExternalServiceException", "{url}");
            let list = json!({ "IdentityPoolId": pool, "MaxResults": 1 });
            assert_eq!(world.ok("ListIdentities", list)["Identities"], json!([]));
        }
    }
}
