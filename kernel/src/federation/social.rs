//! Access tokens of public providers that issue no ID token: the provider itself is asked whose
//! they are, and for which application.

use alloc::{
    format,
    string::{String, ToString},
};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::login::{Login, check_time, invalid, silent};
use crate::{
    cx::Cx,
    error::Error,
    model::identity_pool::provider::{AMAZON, FACEBOOK},
    shape::{Json, Map},
};

/// An access token of Facebook.
pub(super) async fn facebook(cx: &mut Cx, application: &str, token: &str) -> Result<Login, Error> {
    let token = utf8_percent_encode(token, NON_ALPHANUMERIC).to_string();
    let asked = cx.fetch(format!("https://graph.facebook.com/app?access_token={token}")).await;
    let app = asked.map_err(silent)?;
    if app.get("id").and_then(Json::as_str) != Some(application) {
        return Err(invalid("Incorrect token audience."));
    }
    let asked = cx.fetch(format!("https://graph.facebook.com/me?access_token={token}")).await;
    let claims = members(asked.map_err(silent)?);
    login(FACEBOOK, application, "id", claims)
}

/// An access token of Login with Amazon.
pub(super) async fn amazon(cx: &mut Cx, application: &str, token: &str) -> Result<Login, Error> {
    let token = utf8_percent_encode(token, NON_ALPHANUMERIC).to_string();
    let url = format!("https://api.amazon.com/auth/o2/tokeninfo?access_token={token}");
    let mut claims = members(cx.fetch(url).await.map_err(silent)?);
    if claims.get("aud").and_then(Json::as_str) != Some(application) {
        return Err(invalid("Incorrect token audience."));
    }
    // Amazon says how long the token is still good.
    if let Some(left_s) = claims.get("exp").and_then(Json::as_u64) {
        claims.insert("exp".into(), cx.now_s().saturating_add(left_s).into());
    }
    check_time(cx, &claims)?;
    login(AMAZON, application, "user_id", claims)
}

fn members(document: Json) -> Map<String, Json> {
    if let Json::Object(members) = document { members } else { Map::new() }
}

fn login(
    provider: &str,
    application: &str,
    subject: &str,
    claims: Map<String, Json>,
) -> Result<Login, Error> {
    let subject = claims.get(subject).and_then(Json::as_str).unwrap_or_default();
    if subject.is_empty() {
        return Err(invalid("Couldn't verify signed token."));
    }
    Ok(Login {
        provider: provider.into(),
        subject: subject.into(),
        audience: application.into(),
        means: application.into(),
        claims: claims.clone(),
        identity: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    fn world() -> (World, alloc::string::String) {
        let world = World::new();
        let pool = world.identity_pool(json!({ "SupportedLoginProviders": {
            "graph.facebook.com": "7", "www.amazon.com": "amzn1.app.7",
        } }));
        (world, pool)
    }

    #[test]
    fn facebook_is_asked_whose_a_token_is_and_for_which_application() {
        let (world, pool) = world();
        let get = || {
            let logins = json!({ "graph.facebook.com": "a b" });
            world.call("GetId", json!({ "IdentityPoolId": pool, "Logins": logins }))
        };
        let (app, me) = (
            "https://graph.facebook.com/app?access_token=a%20b",
            "https://graph.facebook.com/me?access_token=a%20b",
        );
        assert_eq!(get().unwrap_err().code, "ExternalServiceException");
        world.publish(app, json!({ "id": "8" }));
        world.publish(me, json!({ "id": "1066", "name": "Ann" }));
        assert_eq!(get().unwrap_err().code, "NotAuthorizedException");
        world.publish(app, json!({ "id": "7" }));
        assert_eq!(get().unwrap(), get().unwrap());
        world.publish(me, json!({ "name": "Ann" }));
        assert_eq!(get().unwrap_err().code, "NotAuthorizedException");
    }

    #[test]
    fn amazon_is_asked_whose_a_token_is_and_for_how_long() {
        let (world, pool) = world();
        let get = || {
            let logins = json!({ "www.amazon.com": "a" });
            world.call("GetId", json!({ "IdentityPoolId": pool, "Logins": logins }))
        };
        let says = |audience: &str, left_s: u64| {
            let url = "https://api.amazon.com/auth/o2/tokeninfo?access_token=a";
            let claims = json!({ "aud": audience, "user_id": "amzn1.account.1", "exp": left_s });
            world.publish(url, claims);
            get()
        };
        assert_eq!(says("amzn1.app.8", 60).unwrap_err().code, "NotAuthorizedException");
        assert_eq!(says("amzn1.app.7", 0).unwrap_err().code, "NotAuthorizedException");
        assert_eq!(says("amzn1.app.7", 60).unwrap(), says("amzn1.app.7", 60).unwrap());
    }
}
