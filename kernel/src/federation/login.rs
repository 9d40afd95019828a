//! A login that was proved, and what is said of one that can't be.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    cx::Cx,
    error::{Code, Error},
    shape::{Json, Map},
};

/// That a provider vouches for the caller: only the modules beside this one make it.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    /// The provider by the name under which logins are kept.
    pub(crate) provider: String,
    /// Whom the provider knows the caller as.
    pub(crate) subject: String,
    /// The client that the token is for, by which role mappings name it.
    pub(crate) audience: String,
    /// How the caller signed in there, for `amr`.
    pub(crate) means: String,
    /// All that the provider says of the caller.
    pub(crate) claims: Map<String, Json>,
    /// The identity that the token itself names: one that we made for a developer's user.
    pub(crate) identity: Option<String>,
}

impl Login {
    /// What `amr` says of it.
    pub(crate) fn methods(&self) -> [String; 2] {
        let Self { provider, means, subject, .. } = self;
        [provider.clone(), format!("{provider}:{means}:{subject}")]
    }
}

/// What is said of a token whose provider the pool does not know.
pub(crate) fn unsupported() -> Error {
    Error::saying(
        Code::NotAuthorized,
        "Token is not from a supported provider of this identity pool.",
    )
}

/// What is said of a token that does not hold.
pub(super) fn invalid(why: &str) -> Error {
    Error::saying(Code::NotAuthorized, format!("Invalid login token. {why}"))
}

/// What is said of a provider that does not answer, the reason being for the log.
pub(super) fn silent(reason: impl Into<String>) -> Error {
    Error::from(Code::ExternalService).because(reason.into())
}

/// Whether a token is good now.
///
/// # Errors
/// `NotAuthorizedException` if it has expired, or is to become good later.
pub(super) fn check_time(cx: &Cx, claims: &Map<String, Json>) -> Result<(), Error> {
    // Clocks of providers differ.
    const SKEW_S: f64 = 300.0;
    let seconds = |name: &str| claims.get(name).and_then(Json::as_f64);
    let now_s = cx.now_s();
    let now = cx.now_ms() as f64 / 1000.0;
    let Some(expires) = seconds("exp") else {
        return Err(invalid("Not a valid OpenId Connect identity token."));
    };
    if now >= expires {
        return Err(invalid(&format!("Token expired: {now_s} >= {expires}")));
    }
    let begins = [seconds("nbf"), seconds("iat")].into_iter().flatten().fold(0.0, f64::max);
    match begins > now + SKEW_S {
        true => Err(invalid("Token is not yet valid.")),
        false => Ok(()),
    }
}

/// For whom a token is: one or several.
pub(super) fn audiences(claims: &Map<String, Json>) -> Vec<String> {
    match claims.get("aud") {
        Some(Json::String(one)) => [one.clone()].into(),
        Some(Json::Array(several)) => {
            several.iter().filter_map(Json::as_str).map(ToString::to_string).collect()
        }
        _ => Vec::new(),
    }
}
