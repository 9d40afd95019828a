//! Which role does an identity get? By its token, by rules, or the default.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{IdentityPool, provider::UserPoolName};
use crate::{
    error::{Code, Error},
    federation::Login,
    shape::{Json, Map, Text},
    shapes::{
        AmbiguousRoleResolution, MappingRule, MappingRuleMatch, RoleMapping, RoleMappingKind,
    },
};

/// The ARN of the role for somebody for whom these logins vouch; `asked` is what the caller wants.
///
/// # Errors
/// `InvalidIdentityPoolConfigurationException` if the pool names no role, `NotAuthorizedException`
/// if its mappings deny one or the caller may not have the one that it asks for.
pub(crate) fn choose(
    pool: &IdentityPool,
    logins: &[Login],
    asked: Option<&str>,
) -> Result<String, Error> {
    if logins.is_empty() {
        return match asked {
            None => default_role(pool, "unauthenticated"),
            Some(_) => Err(not_for_asking()),
        };
    }
    let mapped = logins.iter().find_map(|login| Some((login, mapping_of(pool, login)?)));
    let Some((login, mapping)) = mapped else {
        return match asked {
            None => default_role(pool, "authenticated"),
            Some(_) => Err(not_for_asking()),
        };
    };
    let found = match mapping.kind {
        RoleMappingKind::Token => by_token(&login.claims, asked)?,
        RoleMappingKind::Rules if asked.is_some() => return Err(not_for_asking()),
        RoleMappingKind::Rules => {
            let rules = mapping.rules_configuration.iter().flat_map(|rules| rules.rules.iter());
            let mut rules = rules.filter(|rule| is_met(rule, &login.claims));
            rules.next().map(|rule| rule.role_arn.as_str().to_string())
        }
    };
    match (found, mapping.ambiguous_role_resolution) {
        (Some(role), _) => Ok(role),
        (None, Some(AmbiguousRoleResolution::AuthenticatedRole)) => {
            default_role(pool, "authenticated")
        }
        (None, _) => Err(Error::saying(Code::NotAuthorized, "No role is mapped to this identity.")),
    }
}

fn default_role(pool: &IdentityPool, kind: &str) -> Result<String, Error> {
    let role = pool.roles.get(&kind.into()).map(|role| role.as_str().to_string());
    role.ok_or_else(|| Code::InvalidIdentityPoolConfiguration.into())
}

fn not_for_asking() -> Error {
    Error::saying(Code::NotAuthorized, "The requested role is not one of this identity.")
}

/// How the pool maps the claims of that login, if it does.
fn mapping_of<'a>(pool: &'a IdentityPool, login: &Login) -> Option<&'a RoleMapping> {
    let is_of = |name: &str| {
        let user_pool = name
            .rsplit_once(':')
            .and_then(|(name, client)| Some((UserPoolName::read(name)?.canonical(), client)));
        match user_pool {
            Some((provider, client)) => provider == login.provider && client == login.audience,
            None => name == login.provider,
        }
    };
    pool.role_mappings.iter().find(|(name, _)| is_of(name.as_str())).map(|(_, mapping)| mapping)
}

fn by_token(claims: &Map<String, Json>, asked: Option<&str>) -> Result<Option<String>, Error> {
    let roles = claims.get("cognito:roles").map(values).unwrap_or_default();
    match asked {
        Some(asked) if roles.iter().any(|role| role == asked) => Ok(Some(asked.to_string())),
        Some(_) => Err(not_for_asking()),
        None => {
            let preferred = claims.get("cognito:preferred_role").and_then(Json::as_str);
            Ok(preferred.map(ToString::to_string))
        }
    }
}

fn is_met(rule: &MappingRule, claims: &Map<String, Json>) -> bool {
    let Some(claim) = claims.get(rule.claim.as_str()) else { return false };
    let (wanted, values) = (rule.value.as_str(), values(claim));
    match rule.match_type {
        MappingRuleMatch::Equals => values.iter().any(|value| value == wanted),
        // A list contains what is one of its items, not what is a part of one.
        MappingRuleMatch::Contains if claim.is_array() => {
            values.iter().any(|value| value == wanted)
        }
        MappingRuleMatch::Contains => values.iter().any(|value| value.contains(wanted)),
        MappingRuleMatch::StartsWith => values.iter().any(|value| value.starts_with(wanted)),
        MappingRuleMatch::NotEqual => values.iter().all(|value| value != wanted),
    }
}

/// What a claim says, as texts.
pub(crate) fn values(claim: &Json) -> Vec<String> {
    match claim {
        Json::Array(items) => items.iter().flat_map(values).collect(),
        Json::Bool(value) => [format!("{value}")].into(),
        Json::Number(value) => [format!("{value}")].into(),
        Json::String(value) => [value.clone()].into(),
        Json::Null | Json::Object(_) => Vec::new(),
    }
}
