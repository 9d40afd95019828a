//! What must an identity pool's configuration keep to?

use alloc::{
    format,
    string::{String, ToString},
};

use super::provider::{PUBLIC, UserPoolName};
use crate::{
    error::{Code, Error},
    shape::Text,
    shapes::{
        IdentityPoolDescription, IdentityPoolTags, PlainArn, RoleMapping, RoleMappingKind, TagKey,
    },
};

/// Tags that begin so are not for callers to write.
const RESERVED_PREFIX: &str = "aws:";
const TAGS_MAX: usize = 50;
const USER_POOLS_MAX: usize = 50;

/// Whether a configuration makes sense.
///
/// # Errors
/// `InvalidParameterException`.
pub(crate) fn check(pool: &IdentityPoolDescription) -> Result<(), Error> {
    let user_pools = pool.cognito_identity_providers.as_deref().unwrap_or_default();
    if user_pools.len() > USER_POOLS_MAX {
        return Err(invalid(format!("An identity pool has {USER_POOLS_MAX} user pools at most.")));
    }
    for provider in user_pools {
        let name = provider.provider_name.as_ref().map_or("", Text::as_str);
        let is_pool = UserPoolName::read(name).is_some();
        if !is_pool || provider.client_id.is_none() {
            return Err(invalid("Invalid Cognito Identity Provider".to_string()));
        }
    }
    for name in pool.supported_login_providers.iter().flat_map(|providers| providers.keys()) {
        if !PUBLIC.contains(&name.as_str()) {
            return Err(invalid(format!("{} is not a supported login provider.", name.as_str())));
        }
    }
    for arn in pool.open_id_connect_provider_arns.iter().flatten() {
        check_arn(arn, ":oidc-provider/")?;
    }
    for arn in pool.saml_provider_arns.iter().flatten() {
        check_arn(arn, ":saml-provider/")?;
    }
    pool.identity_pool_tags.as_ref().map_or(Ok(()), check_tags)
}

fn check_arn(arn: &PlainArn, kind: &str) -> Result<(), Error> {
    let is_one = arn.as_str().starts_with("arn:aws:iam::") && arn.as_str().contains(kind);
    match is_one {
        true => Ok(()),
        false => Err(invalid(format!("{} is not the ARN of a provider.", arn.as_str()))),
    }
}

/// Whether those are tags that a pool may have.
///
/// # Errors
/// `InvalidParameterException`.
pub(crate) fn check_tags(tags: &IdentityPoolTags) -> Result<(), Error> {
    if tags.len() > TAGS_MAX {
        return Err(invalid(format!("An identity pool has {TAGS_MAX} tags at most.")));
    }
    let is_reserved = |key: &&TagKey| {
        let start = key.as_str().get(..RESERVED_PREFIX.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(RESERVED_PREFIX))
    };
    match tags.keys().find(is_reserved) {
        Some(key) => {
            Err(invalid(format!("The tag {} begins with a reserved prefix.", key.as_str())))
        }
        None => Ok(()),
    }
}

/// Whether that can be the ARN of a role.
///
/// # Errors
/// `InvalidParameterException`.
pub(crate) fn check_role(arn: &PlainArn) -> Result<(), Error> {
    match arn.as_str().strip_prefix("arn:aws:iam::").is_some_and(|rest| rest.contains(":role/")) {
        true => Ok(()),
        false => Err(invalid(format!("{} is not the ARN of a role.", arn.as_str()))),
    }
}

/// Whether a mapping leads to a role or says what to do where it doesn't.
///
/// # Errors
/// `InvalidParameterException`.
pub(crate) fn check_mapping(provider: &str, mapping: &RoleMapping) -> Result<(), Error> {
    if mapping.ambiguous_role_resolution.is_none() {
        return Err(invalid(format!("The mapping of {provider} needs AmbiguousRoleResolution.")));
    }
    let rules = mapping.rules_configuration.as_ref();
    if (mapping.kind == RoleMappingKind::Rules) != rules.is_some() {
        return Err(invalid(format!("The mapping of {provider} has rules if its type is Rules.")));
    }
    rules
        .iter()
        .flat_map(|rules| rules.rules.iter())
        .try_for_each(|rule| check_role(&rule.role_arn))
}

fn invalid(message: String) -> Error {
    Error::saying(Code::InvalidParameter, message)
}
