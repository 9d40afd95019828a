//! Which settings of an app client contradict each other, its pool, or themselves?

use alloc::{
    borrow::Cow,
    format,
    string::{String, ToString},
};

use super::Validity;
use crate::{
    error::{Code, Error},
    model::{
        client::{DAY_S, HOUR_S},
        pool::Pool,
    },
    shape::Text,
    shapes::{ClientPermission, ExplicitAuthFlow, Feature, OAuthFlow, UserPoolClientType},
};

/// The scopes that every pool has; all others belong to resource servers.
const SCOPES: [&str; 6] = [
    "phone",
    "email",
    "openid",
    "profile",
    "aws.cognito.signin.user.admin",
    "aws.cognito/dcr/register",
];

/// The identity provider that every pool has: its own users.
const OWN_PROVIDER: &str = "COGNITO";

const ACCESS_MIN_S: u64 = 5 * 60;
const ACCESS_MAX_S: u64 = DAY_S;
const REFRESH_MIN_S: u64 = HOUR_S;
const REFRESH_MAX_S: u64 = 3_650 * DAY_S;

/// What attributes a client never writes, whatever its list says.
const UNWRITABLE: [&str; 4] = ["email_verified", "identities", "phone_number_verified", "sub"];

/// Checks settings as they were asked for, before defaults are filled in. `doing` is `creating` or
/// `updating`.
///
/// # Errors
/// `InvalidParameterException`, `InvalidOAuthFlowException` or `ScopeDoesNotExistException`, with
/// AWS's sentence where that is known.
pub(crate) fn check(
    asked: &UserPoolClientType,
    pool: &Pool,
    has_secret: bool,
    doing: &str,
) -> Result<(), Error> {
    explicit_flows(asked)?;
    validity(asked)?;
    attributes(asked, pool, doing)?;
    providers(asked, pool)?;
    oauth(asked, has_secret)?;
    scopes(asked)?;
    urls(asked)?;
    if asked.enable_propagate_additional_user_context_data == Some(true) && !has_secret {
        return refused(
            "EnablePropagateAdditionalUserContextData can only be set for a client with a secret.",
        );
    }
    Ok(())
}

fn refused<T>(message: impl Into<Cow<'static, str>>) -> Result<T, Error> {
    Err(Error::saying(Code::InvalidParameter, message))
}

fn explicit_flows(asked: &UserPoolClientType) -> Result<(), Error> {
    use ExplicitAuthFlow::{AdminNoSrpAuth, CustomAuthFlowOnly, UserPasswordAuth};
    let flows = asked.explicit_auth_flows.as_deref().unwrap_or_default();
    let is_legacy = |flow: &ExplicitAuthFlow| {
        matches!(flow, AdminNoSrpAuth | CustomAuthFlowOnly | UserPasswordAuth)
    };
    if flows.iter().any(is_legacy) && !flows.iter().all(is_legacy) {
        return refused(
            "ADMIN_NO_SRP_AUTH, CUSTOM_AUTH_FLOW_ONLY and USER_PASSWORD_AUTH can not be set along \
             with values that begin with ALLOW_ in ExplicitAuthFlows.",
        );
    }
    let rotation = asked.refresh_token_rotation.as_ref().map(|rotation| rotation.feature);
    if rotation == Some(Feature::Enabled)
        && flows.contains(&ExplicitAuthFlow::AllowRefreshTokenAuth)
    {
        return refused(
            "ALLOW_REFRESH_TOKEN_AUTH can not be set in ExplicitAuthFlows when refresh token \
             rotation is enabled.",
        );
    }
    Ok(())
}

fn validity(asked: &UserPoolClientType) -> Result<(), Error> {
    let validity = Validity::of(asked);
    let short = ACCESS_MIN_S..=ACCESS_MAX_S;
    let long = REFRESH_MIN_S..=REFRESH_MAX_S;
    if !short.contains(&validity.access_s)
        || !short.contains(&validity.id_s)
        || !long.contains(&validity.refresh_s)
    {
        return refused("Invalid range for token validity.");
    }
    if validity.access_s.max(validity.id_s) > validity.refresh_s {
        return refused(
            "Access and ID token validity can not be longer than refresh token validity.",
        );
    }
    Ok(())
}

fn attributes(asked: &UserPoolClientType, pool: &Pool, doing: &str) -> Result<(), Error> {
    let all = |listed: &Option<alloc::vec::Vec<ClientPermission>>, good: &dyn Fn(&str) -> bool| {
        listed.iter().flatten().all(|name| good(name.as_str()))
    };
    if !all(&asked.read_attributes, &|name| pool.schema(name).is_some()) {
        return refused(format!("Invalid read attributes specified while {doing} a client"));
    }
    let is_writable = |name: &str| {
        let known = pool.schema(name);
        known.is_some_and(|known| known.developer_only_attribute != Some(true))
            && !UNWRITABLE.contains(&name)
    };
    if !all(&asked.write_attributes, &is_writable) {
        return refused(format!("Invalid write attributes specified while {doing} a client"));
    }
    Ok(())
}

fn providers(asked: &UserPoolClientType, pool: &Pool) -> Result<(), Error> {
    let mut listed = asked.supported_identity_providers.iter().flatten();
    match listed.find(|provider| provider.as_str() != OWN_PROVIDER) {
        None => Ok(()),
        Some(unknown) => refused(format!(
            "The provider {} does not exist for User Pool {}.",
            unknown.as_str(),
            pool.id
        )),
    }
}

fn oauth(asked: &UserPoolClientType, has_secret: bool) -> Result<(), Error> {
    let flows = asked.allowed_oauth_flows.as_ref().map(|flows| flows.as_slice());
    let flows = flows.unwrap_or_default();
    let has_scopes = asked.allowed_oauth_scopes.as_ref().is_some_and(|scopes| !scopes.is_empty());
    let is_machine = flows.contains(&OAuthFlow::ClientCredentials);
    if is_machine && flows.iter().any(|flow| *flow != OAuthFlow::ClientCredentials) {
        return Err(Error::saying(
            Code::InvalidOAuthFlow,
            "client_credentials flow can not be selected along with code flow or implicit flow.",
        ));
    }
    if is_machine && !has_secret {
        return Err(Error::saying(
            Code::InvalidOAuthFlow,
            "client_credentials flow can not be selected if client does not have a client secret.",
        ));
    }
    let is_on = asked.allowed_oauth_flows_user_pool_client == Some(true);
    if is_on && (flows.is_empty() || !has_scopes) {
        return refused(
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed \
             to use OAuth flows.",
        );
    }
    if !is_on && (!flows.is_empty() || has_scopes) {
        return refused(
            "AllowedOAuthFlowsUserPoolClient must be true for AllowedOAuthFlows and \
             AllowedOAuthScopes.",
        );
    }
    Ok(())
}

fn scopes(asked: &UserPoolClientType) -> Result<(), Error> {
    let Some(scopes) = &asked.allowed_oauth_scopes else { return Ok(()) };
    match scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str())) {
        None => Ok(()),
        Some(unknown) => Err(Error::saying(
            Code::ScopeDoesNotExist,
            format!("Invalid scope requested: {}", unknown.as_str()),
        )),
    }
}

fn urls(asked: &UserPoolClientType) -> Result<(), Error> {
    let callbacks = asked.callback_urls.as_ref().map(|urls| urls.as_slice()).unwrap_or_default();
    let logouts = asked.logout_urls.as_ref().map(|urls| urls.as_slice()).unwrap_or_default();
    for url in callbacks.iter().chain(logouts) {
        redirect(url.as_str())?;
    }
    match &asked.default_redirect_uri {
        Some(default) if !callbacks.contains(default) => refused(format!(
            "The default redirect URI {default} is not in the list of callback URLs."
        )),
        _ => Ok(()),
    }
}

/// An absolute URI without a fragment (RFC 6749 §3.1.2); `http` only to the same machine.
fn redirect(url: &str) -> Result<(), Error> {
    let (scheme, rest) = match url.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) && !rest.is_empty() => (scheme, rest),
        _ => return refused(format!("{url} is not an absolute URI.")),
    };
    if url.contains('#') {
        return refused(format!("{url} can not have a fragment."));
    }
    let scheme = scheme.to_ascii_lowercase();
    if scheme != "http" && scheme != "https" {
        return Ok(());
    }
    let host = rest.strip_prefix("//").map(host_of).filter(|host| !host.is_empty());
    let Some(host) = host else { return refused(format!("{url} is not an absolute URI.")) };
    if scheme == "http" && !matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]") {
        return refused(format!("{url} cannot use the HTTP protocol."));
    }
    Ok(())
}

/// RFC 3986 §3.1.
fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// The host of an authority and what follows it, without user information and port.
fn host_of(rest: &str) -> String {
    let authority = rest.split(['/', '?', '\\']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let end = match host.find(']') {
        Some(bracket) => bracket + 1,
        None => host.find(':').unwrap_or(host.len()),
    };
    host.get(..end).unwrap_or_default().to_ascii_lowercase().to_string()
}
