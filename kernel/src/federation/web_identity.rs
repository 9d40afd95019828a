//! Who is somebody that brings a token of an identity provider to STS? Providers are those that IAM
//! knows, Google, and the issuers of our own identity pools; Amazon and Facebook are asked about
//! their access tokens.

use alloc::{
    collections::BTreeMap,
    format,
    rc::Rc,
    string::{String, ToString},
    vec::Vec,
};

use jsonwebtoken::{Algorithm, decode_header, jwk::Jwk};

use super::{issuer, keys, login::audiences, open_id, social, text, user_pool};
use crate::{
    IdentityPoolKey,
    access::credentials::Facts,
    cx::Cx,
    error::{Code, Error},
    iam::provider::OpenIdProvider,
    model::identity_pool::{
        provider::{AMAZON, FACEBOOK, GOOGLE, OURSELVES, UserPoolName},
        role::values,
    },
    place::Place,
    shape::{Json, Map},
};

/// Somebody for whom a provider vouches, as trust policies name them.
#[derive(Clone, Debug)]
pub(crate) struct WebIdentity {
    /// The issuer in the token's own words, or the provider that was named.
    pub(crate) provider: String,
    /// The provider as the principal of a trust policy.
    pub(crate) principal: String,
    pub(crate) subject: String,
    pub(crate) audience: String,
    pub(crate) facts: Facts,
    /// The identity of one of our pools, and when its token was issued, in seconds since 1970.
    pub(crate) identity: Option<(String, u64)>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) transitive_tags: Vec<String>,
    pub(crate) source_identity: Option<String>,
}

/// The algorithms that AWS takes, but for ES512, which nothing here verifies.
const ALGORITHMS: [Algorithm; 5] =
    [Algorithm::ES256, Algorithm::ES384, Algorithm::RS256, Algorithm::RS384, Algorithm::RS512];
/// The claim under which a token says who began the first session.
const SOURCE_IDENTITY_CLAIM: &str = "https://aws.amazon.com/source_identity";

/// Who issued a token.
enum Issuer {
    Google,
    /// An identity pool of ours, and the end of its id.
    IdentityPool(IdentityPoolKey, String),
    /// A provider that IAM knows; a user pool of ours is one too.
    Known(OpenIdProvider),
}

/// Verifies a token. It may ask, so it comes before all reads that count.
///
/// # Errors
/// `InvalidIdentityToken`, `ExpiredTokenException`, `IDPCommunicationError`, and `ValidationError`
/// for a provider that has no access tokens.
pub(crate) async fn prove(
    cx: &mut Cx,
    token: &str,
    provider: Option<&str>,
) -> Result<WebIdentity, Error> {
    match provider {
        None => by_id_token(cx, token).await,
        Some(provider @ (AMAZON | FACEBOOK)) => by_access_token(cx, provider, token).await,
        Some(_) => {
            let message = format!("ProviderId must be {AMAZON} or {FACEBOOK}.");
            Err(Error::saying(Code::Validation, message))
        }
    }
}

fn invalid(message: impl Into<alloc::borrow::Cow<'static, str>>) -> Error {
    Error::saying(Code::InvalidIdentityToken, message)
}

/// What the federation of identity pools says, in the words of STS.
fn in_words_of_sts(error: Error) -> Error {
    match error.code {
        Code::ExternalService => Error { code: Code::IdpCommunicationError, ..error },
        Code::NotAuthorized => Error { code: Code::InvalidIdentityToken, ..error },
        _ => error,
    }
}

async fn by_id_token(cx: &mut Cx, token: &str) -> Result<WebIdentity, Error> {
    let not_a_token = || {
        invalid(
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an \
             Access Token)",
        )
    };
    let header = decode_header(token).map_err(|_| not_a_token())?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(invalid("The algorithm of the token's signature is not supported."));
    }
    // Nothing is believed yet: it says whose keys to look for.
    let said = jsonwebtoken::dangerous::insecure_decode_claims::<Map<String, Json>>(token);
    let said = said.map_err(|_| not_a_token())?;
    for claim in ["iss", "sub", "aud", "exp", "iat"] {
        if said.get(claim).is_none_or(Json::is_null) {
            return Err(invalid(format!("Missing a required claim: {claim}")));
        }
    }
    let issuer = issuer(cx, &said)?;
    let signing_keys = signing_keys(cx, &issuer, (text(&said, "iss"), token)).await;
    let signing_keys = signing_keys.map_err(in_words_of_sts)?;
    let claims = keys::claims(cx, &signing_keys, token).map_err(|_| {
        invalid(
            "Couldn't retrieve verification key from your identity provider, please reference \
             AssumeRoleWithWebIdentity documentation for requirements",
        )
    })?;
    check_time(cx, &claims)?;
    vouched(cx, issuer, &claims)
}

/// Who says to have issued a token with those claims, if that is somebody whose tokens are taken.
fn issuer(cx: &Cx, claims: &Map<String, Json>) -> Result<Issuer, Error> {
    let named = text(claims, "iss");
    if let [pool_id] = audiences(claims).as_slice()
        && let Some((key, uuid)) = IdentityPoolKey::of_id(pool_id).zip(pool_id.split_once(':'))
        && issuer::is_of(named, uuid.1)
    {
        return Ok(Issuer::IdentityPool(key, uuid.1.to_string()));
    }
    let name = named.split_once("://").map_or(named, |(_, name)| name).trim_end_matches('/');
    if name == GOOGLE {
        return Ok(Issuer::Google);
    }
    // A user pool goes by several names.
    let canonical = user_pool_in(cx, name).map(|pool| pool.canonical());
    for name in [Some(name), canonical.as_deref()].into_iter().flatten() {
        if let Some(provider) = cx.open_id_provider(name)? {
            return Ok(Issuer::Known(provider.into_inner()));
        }
    }
    Err(invalid(format!("No OpenIDConnect provider found in your account for {named}")))
}

fn user_pool_in<'a>(cx: &Cx, name: &'a str) -> Option<UserPoolName<'a>> {
    UserPoolName::read(name).filter(|pool| pool.is_ours(cx.deployment(), &cx.caller.origin))
}

async fn signing_keys(
    cx: &mut Cx,
    issuer: &Issuer,
    (named, token): (&str, &str),
) -> Result<Rc<Vec<Jwk>>, Error> {
    match issuer {
        Issuer::Google => open_id::signing_keys(cx, GOOGLE, token).await,
        Issuer::IdentityPool(key, uuid) => {
            let place = Place::IdentityPool(*key);
            let input = serde_json::json!({ "Uuid": uuid });
            keys::of_place(cx, (place, "IdentityKeySet"), (uuid, &input), token).await
        }
        Issuer::Known(provider) => {
            let name = named.split_once("://").map_or(named, |(_, name)| name);
            match user_pool_in(cx, name) {
                Some(user_pool) => user_pool::signing_keys(cx, &user_pool, token).await,
                None => open_id::signing_keys(cx, &provider.name, token).await,
            }
        }
    }
}

/// Whether a token is good now; its times are whole seconds.
fn check_time(cx: &Cx, claims: &Map<String, Json>) -> Result<(), Error> {
    // Clocks of providers differ.
    const SKEW_S: u64 = 300;
    let now_s = cx.now_s();
    for claim in ["exp", "iat", "nbf"] {
        let Some(said) = claims.get(claim) else { continue };
        let seconds = said.as_u64();
        let seconds = seconds.ok_or_else(|| invalid(format!("{claim} is no whole number.")))?;
        if claim == "exp" && seconds <= now_s {
            let message = format!(
                "Token expired: current date/time {now_s} must be before the expiration \
                 date/time {seconds}"
            );
            return Err(Error::saying(Code::IdentityTokenExpired, message));
        }
        if claim != "exp" && seconds > now_s + SKEW_S {
            return Err(invalid("Token is not yet valid."));
        }
    }
    Ok(())
}

/// What the claims of a token that was verified say.
fn vouched(cx: &Cx, issuer: Issuer, claims: &Map<String, Json>) -> Result<WebIdentity, Error> {
    let named = audiences(claims);
    let first = named.first().cloned().unwrap_or_default();
    let (name, principal, audience) = match issuer {
        Issuer::IdentityPool(..) => (OURSELVES.to_string(), OURSELVES.to_string(), first.clone()),
        Issuer::Google => {
            let party = claims.get("azp").and_then(Json::as_str).map_or(first.clone(), Into::into);
            (GOOGLE.to_string(), GOOGLE.to_string(), party)
        }
        Issuer::Known(provider) => {
            let client = provider.client_ids.iter().find(|client| named.contains(client));
            let client = client.ok_or_else(|| invalid("Incorrect token audience"))?;
            let arn = provider.arn(&cx.deployment().account_id);
            let client = client.clone();
            (provider.name, arn, client)
        }
    };
    let subject = text(claims, "sub").to_string();
    let issued_s = claims.get("iat").and_then(Json::as_u64).unwrap_or_default();
    let identity = (name == OURSELVES).then(|| (subject.clone(), issued_s));
    if subject.is_empty() || audience.is_empty() {
        return Err(invalid("Missing a required claim: sub"));
    }
    let mut facts = Facts::new();
    let mut say = |key: &str, values: Vec<String>| {
        if !values.is_empty() {
            facts.insert(format!("{name}:{key}"), values);
        }
    };
    say("aud", [audience.clone()].into());
    say("sub", [subject.clone()].into());
    say("amr", claims.get("amr").map(values).unwrap_or_default());
    if name == GOOGLE {
        say("oaud", [first].into());
        say("email", claims.get("email").map(values).unwrap_or_default());
    }
    facts.insert("aws:FederatedProvider".into(), [principal.clone()].into());
    Ok(WebIdentity {
        provider: text(claims, "iss").to_string(),
        principal,
        subject,
        audience,
        facts,
        identity,
        tags: issuer::tags_in(claims),
        transitive_tags: issuer::transitive_tags_in(claims),
        source_identity: claims
            .get(SOURCE_IDENTITY_CLAIM)
            .map(values)
            .and_then(|mut all| all.pop()),
    })
}

/// Asks a provider whose access token that is.
async fn by_access_token(cx: &mut Cx, provider: &str, token: &str) -> Result<WebIdentity, Error> {
    let login = match provider {
        AMAZON => social::amazon(cx, None, token).await,
        _ => social::facebook(cx, None, token).await,
    };
    let login = login.map_err(in_words_of_sts)?;
    let person = if provider == AMAZON { "user_id" } else { "id" };
    let said = [("app_id", &login.audience), (person, &login.subject)];
    let mut facts: Facts =
        said.map(|(key, value)| (format!("{provider}:{key}"), [value.clone()].into())).into();
    facts.insert("aws:FederatedProvider".into(), [provider.to_string()].into());
    Ok(WebIdentity {
        provider: provider.into(),
        principal: provider.into(),
        subject: login.subject,
        audience: login.audience,
        facts,
        identity: None,
        tags: BTreeMap::new(),
        transitive_tags: Vec::new(),
        source_identity: None,
    })
}
