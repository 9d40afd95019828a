//! Access tokens of public providers that issue no ID token: the provider itself is asked whose
//! they are, and for which application.

use alloc::{
    format,
    string::{String, ToString},
};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    login::{Login, check_time, invalid, silent},
    oauth1::{self, Asked, Pair},
    text,
};
use crate::{
    call::{Answer, Effect},
    cx::Cx,
    error::Error,
    model::identity_pool::provider::{AMAZON, FACEBOOK, TWITTER},
    shape::{Json, Map},
};

/// What Facebook is asked in one request: for which application a token is, and whose it is.
const FACEBOOK_ASKED: &str =
    r#"[{"method":"GET","relative_url":"app"},{"method":"GET","relative_url":"me"}]"#;

const TWITTER_URL: &str = "https://api.twitter.com/1.1/account/verify_credentials.json";

/// An access token of Facebook, for that application if one is named.
pub(super) async fn facebook(
    cx: &mut Cx,
    application: Option<&str>,
    token: &str,
) -> Result<Login, Error> {
    let url = "https://graph.facebook.com/".to_string();
    let [token, asked] = [token, FACEBOOK_ASKED].map(encoded);
    let form = format!("access_token={token}&include_headers=false&batch={asked}");
    let answers = ask(cx, Effect::Fetch { url, authorization: None, form: Some(form) }).await?;
    let [app, me] = [0, 1].map(|n| part(answers.get(n)));
    let (app, me) = (app?, me?);
    let found = application_in([text(&app, "id")], application)?;
    login(FACEBOOK, &found, "id", me)
}

/// What one of several requests was answered with.
fn part(answer: Option<&Json>) -> Result<Map<String, Json>, Error> {
    let answered = |name: &str| answer.and_then(|answer| answer.get(name));
    let status = answered("code").and_then(Json::as_u64).unwrap_or_default();
    if status != 200 {
        return Err(refusal(status));
    }
    let body = answered("body").and_then(Json::as_str).unwrap_or_default();
    serde_json::from_str(body).map_err(|_| silent("a provider's answer is no JSON"))
}

/// An access token of Login with Amazon, for that application if one is named.
pub(super) async fn amazon(
    cx: &mut Cx,
    application: Option<&str>,
    token: &str,
) -> Result<Login, Error> {
    let url = format!("https://api.amazon.com/auth/o2/tokeninfo?access_token={}", encoded(token));
    let mut claims = members(ask(cx, plain(url)).await?);
    // An application is named by its security profile, or by the client in that.
    let names = [text(&claims, "app_id"), text(&claims, "aud")];
    let found = application_in(names, application)?;
    // Amazon says how long the token is still good.
    if let Some(left_s) = claims.get("exp").and_then(Json::as_u64) {
        claims.insert("exp".into(), cx.now_s().saturating_add(left_s).into());
    }
    check_time(cx, &claims)?;
    login(AMAZON, &found, "user_id", claims)
}

/// The application that a token is for, by the first of its names or by that which somebody wants.
fn application_in<const N: usize>(names: [&str; N], wanted: Option<&str>) -> Result<String, Error> {
    let is_it = |name: &&str| !name.is_empty() && wanted.is_none_or(|wanted| wanted == *name);
    let found = names.into_iter().find(is_it).map(ToString::to_string);
    found.ok_or_else(|| invalid("Incorrect token audience."))
}

/// An access token of Twitter with its secret, for an application that has a secret as well.
pub(super) async fn twitter(cx: &mut Cx, application: &str, token: &str) -> Result<Login, Error> {
    let application = Pair::read(application)
        .ok_or_else(|| silent("an application of Twitter is `key;secret`"))?;
    let token = Pair::read(token).ok_or_else(|| invalid("It is not a token and its secret."))?;
    let nonce = cx.random.uuid();
    let asked = Asked {
        method: "GET",
        url: TWITTER_URL,
        parameters: &[],
        now_s: cx.now_s(),
        nonce: &nonce,
    };
    let authorization = Some(oauth1::authorization(&asked, application, token));
    let (url, form) = (TWITTER_URL.to_string(), None);
    let claims = members(ask(cx, Effect::Fetch { url, authorization, form }).await?);
    login(TWITTER, application.name, "id_str", claims)
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn plain(url: String) -> Effect {
    Effect::Fetch { url, authorization: None, form: None }
}

/// Asks a provider; it says no to a token that it does not know.
async fn ask(cx: &mut Cx, question: Effect) -> Result<Json, Error> {
    match cx.ask(question).await {
        Answer::Response(response) if response.status == 200 => {
            let document = serde_json::from_slice(&response.body);
            document.map_err(|_| silent("a provider's answer is no JSON"))
        }
        Answer::Response(response) => Err(refusal(response.status.into())),
        Answer::Failed(reason) => Err(silent(reason)),
        _ => Err(silent("a provider was asked and something else came")),
    }
}

/// What a provider means that does not answer with what was asked for.
fn refusal(status: u64) -> Error {
    match status {
        400 | 401 | 403 => invalid("Couldn't verify signed token."),
        _ => silent(format!("a provider answered {status}")),
    }
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
    use alloc::{format, string::String};

    use serde_json::json;

    use crate::{
        shape::Json,
        testing::{Failure, World},
    };

    fn world() -> (World, String) {
        let world = World::new();
        let pool = world.identity_pool(json!({ "SupportedLoginProviders": {
            "api.twitter.com": "key;secret",
            "graph.facebook.com": "7",
            "www.amazon.com": "amzn1.application.7",
        } }));
        (world, pool)
    }

    fn get(world: &World, pool: &str, logins: &Json) -> Result<Json, Failure> {
        world.call("GetId", json!({ "IdentityPoolId": pool, "Logins": logins }))
    }

    #[test]
    fn facebook_is_asked_once_whose_a_token_is_and_for_which_application() {
        let (world, pool) = world();
        let get = || get(&world, &pool, &json!({ "graph.facebook.com": "a b" }));
        let asked = "https://graph.facebook.com/?access_token=a%20b&include_headers=false&batch=\
                     %5B%7B%22method%22%3A%22GET%22%2C%22relative%5Furl%22%3A%22app%22%7D%2C\
                     %7B%22method%22%3A%22GET%22%2C%22relative%5Furl%22%3A%22me%22%7D%5D";
        let says = |app: (u16, &str), me: (u16, &str)| {
            let answers = [app, me].map(|(code, body)| json!({ "code": code, "body": body }));
            world.publish(asked, json!(answers));
            get()
        };
        let (app, me) = ((200, r#"{"id":"7"}"#), (200, r#"{"id":"1066","name":"Ann"}"#));
        assert_eq!(get().unwrap_err().code, "ExternalServiceException");
        assert_eq!(says(app, me).unwrap(), says(app, me).unwrap());
        for (app, me, code) in [
            ((200, r#"{"id":"8"}"#), me, "NotAuthorizedException"),
            (app, (200, r#"{"name":"Ann"}"#), "NotAuthorizedException"),
            (app, (400, r#"{"error":{"code":190}}"#), "NotAuthorizedException"),
            ((400, "{}"), me, "NotAuthorizedException"),
            (app, (500, "{}"), "ExternalServiceException"),
            (app, (200, "?"), "ExternalServiceException"),
        ] {
            assert_eq!(says(app, me).unwrap_err().code, code, "{app:?} {me:?}");
        }
        for (answer, code) in [
            (json!([null, null]), "ExternalServiceException"),
            (json!({}), "ExternalServiceException"),
            (json!(400), "NotAuthorizedException"),
            (json!(503), "ExternalServiceException"),
        ] {
            world.publish(asked, answer);
            assert_eq!(get().unwrap_err().code, code);
        }
    }

    #[test]
    fn amazon_is_asked_whose_a_token_is_and_for_how_long() {
        let (world, pool) = world();
        let url = "https://api.amazon.com/auth/o2/tokeninfo?access_token=a";
        let get = || get(&world, &pool, &json!({ "www.amazon.com": "a" }));
        let says = |name: &str, application: &str, left_s: u64| {
            let user = "amzn1.account.1";
            world.publish(url, json!({ name: application, "user_id": user, "exp": left_s }));
            get()
        };
        let application = "amzn1.application.7";
        let first = says("app_id", application, 60).unwrap();
        assert_eq!(says("aud", application, 60).unwrap(), first);
        for (application, left_s) in [("amzn1.application.8", 60), ("", 60), (application, 0)] {
            let refused = says("app_id", application, left_s).unwrap_err();
            assert_eq!(refused.code, "NotAuthorizedException");
        }
        world.publish(url, json!(400));
        assert_eq!(get().unwrap_err().code, "NotAuthorizedException");
    }

    #[test]
    fn twitter_is_asked_in_the_names_of_the_application_and_of_its_user() {
        let (world, pool) = world();
        let url = "https://api.twitter.com/1.1/account/verify_credentials.json";
        let get = |token: &str| get(&world, &pool, &json!({ "api.twitter.com": token }));
        assert_eq!(get("token;secret").unwrap_err().code, "ExternalServiceException");
        world.publish(url, json!({ "id": 1066, "id_str": "1066" }));
        let first = get("token;secret").unwrap();
        assert_eq!(get("another;secret").unwrap(), first);
        let names = world.ok("DescribeIdentity", first)["Logins"].take();
        assert_eq!(names, json!(["api.twitter.com"]));
        for token in ["token", "token;", ";secret"] {
            assert_eq!(get(token).unwrap_err().code, "NotAuthorizedException", "{token}");
        }
        for (status, code) in [(401, "NotAuthorizedException"), (503, "ExternalServiceException")] {
            world.publish(url, json!(status));
            assert_eq!(get("token;secret").unwrap_err().code, code, "{status}");
        }
    }

    #[test]
    fn what_vouches_for_nobody_any_more_or_not_yet_is_refused() {
        let world = World::new();
        let saml = "arn:aws:iam::123456789012:saml-provider/corporate";
        let pool = world.identity_pool(json!({
            "SupportedLoginProviders": { "www.digits.com": "key;secret" },
            "SamlProviderARNs": [saml],
        }));
        let unsupported = "Token is not from a supported provider of this identity pool.";
        for (name, message) in [
            ("www.digits.com", unsupported),
            ("arn:aws:iam::123456789012:saml-provider/another", unsupported),
            (saml, "Invalid login token. SAML assertions are not taken."),
        ] {
            let refused = get(&world, &pool, &json!({ name: "PHNhbWw+" })).unwrap_err();
            let said = format!("{}: {}", refused.code, refused.message);
            assert_eq!(said, format!("NotAuthorizedException: {message}"));
        }
    }
}
