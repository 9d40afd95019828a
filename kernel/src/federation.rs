//! Who vouches for a caller? Tokens of user pools, of public providers and of any OpenID Connect
//! provider, each verified against the keys of whoever signed it.

pub(crate) mod exchange;
pub(crate) mod identities;
pub(crate) mod issuer;
mod keys;
mod login;
mod oauth1;
mod open_id;
mod social;
pub(crate) mod tags;
mod user_pool;
pub(crate) mod web_identity;

pub(crate) use self::{
    keys::ProviderKeys,
    login::{Login, unsupported},
};

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    cx::Cx,
    error::{Code, Error},
    model::identity_pool::{
        IdentityPool,
        provider::{AMAZON, APPLE, FACEBOOK, GOOGLE, OURSELVES, TWITTER, UserPoolName},
    },
    shape::{Json, Map, Text},
    shapes::Logins,
};

/// Verifies all logins of a call to the identity pool that lives here. It may ask, so it comes
/// before all reads that count.
///
/// # Errors
/// `NotAuthorizedException` if one of them is not good, `ExternalServiceException` if its provider
/// does not say what its keys are.
pub(crate) async fn prove(
    cx: &mut Cx,
    pool: &IdentityPool,
    logins: &Logins,
) -> Result<Vec<Login>, Error> {
    let mut proven: Vec<Login> = Vec::new();
    for (name, token) in logins.iter() {
        let login = prove_one(cx, pool, (name.as_str(), token.as_str())).await?;
        if proven.iter().any(|known| known.provider == login.provider) {
            let message = "Two logins are of the same provider.";
            return Err(Error::saying(Code::InvalidParameter, message));
        }
        proven.push(login);
    }
    Ok(proven)
}

async fn prove_one(
    cx: &mut Cx,
    pool: &IdentityPool,
    (name, token): (&str, &str),
) -> Result<Login, Error> {
    let user_pool = UserPoolName::read(name);
    let user_pool = user_pool.filter(|name| name.is_ours(cx.deployment(), &cx.caller.origin));
    if name == OURSELVES {
        return issuer::developer_login(cx, pool, token);
    }
    if let Some(user_pool) = user_pool {
        return user_pool::prove(cx, pool, (&user_pool, token)).await;
    }
    if let Some(application) = pool.application(cx, name)? {
        return match name {
            GOOGLE | APPLE => open_id::prove(cx, name, (&[application], "openid"), token).await,
            FACEBOOK => social::facebook(cx, Some(&application), token).await,
            AMAZON => social::amazon(cx, Some(&application), token).await,
            TWITTER => social::twitter(cx, &application, token).await,
            _ => Err(unsupported()),
        };
    }
    if let Some(arn) = pool.open_id_provider(name) {
        let arn = arn.to_string();
        let audiences = open_id::audiences(cx, &arn).await?;
        return open_id::prove(cx, name, (&audiences, &arn), token).await;
    }
    match pool.takes_saml(name) {
        true => Err(login::invalid("SAML assertions are not taken.")),
        false => Err(unsupported()),
    }
}

/// A text among claims.
fn text<'a>(claims: &'a Map<String, Json>, name: &str) -> &'a str {
    claims.get(name).and_then(Json::as_str).unwrap_or_default()
}
