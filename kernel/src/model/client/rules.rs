//! Which settings of an app client contradict each other, its pool, or themselves?

use alloc::{borrow::Cow, format};

use super::{Validity, redirect};
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
pub(crate) const SCOPES: [&str; 6] = [
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
/// `InvalidParameterException` or `InvalidOAuthFlowException`, with AWS's sentence where that is
/// known.
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

fn urls(asked: &UserPoolClientType) -> Result<(), Error> {
    let callbacks = asked.callback_urls.as_ref().map(|urls| urls.as_slice()).unwrap_or_default();
    let logouts = asked.logout_urls.as_ref().map(|urls| urls.as_slice()).unwrap_or_default();
    for url in callbacks.iter().chain(logouts) {
        redirect::check(url.as_str())?;
    }
    match &asked.default_redirect_uri {
        Some(default) if !callbacks.contains(default) => refused(format!(
            "The default redirect URI {default} is not in the list of callback URLs."
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        shape::Json,
        testing::{Failure, World},
    };

    fn try_with(settings: &Json) -> Result<Json, Failure> {
        let world = World::new();
        let schema =
            json!([{ "Name": "team" }, { "Name": "note", "DeveloperOnlyAttribute": true }]);
        let pool = world.pool(json!({ "Schema": schema }));
        let mut input = settings.clone();
        input["UserPoolId"] = json!(pool.id);
        input["ClientName"] = json!("web");
        let made = world.call("CreateUserPoolClient", input.clone());
        if settings.get("GenerateSecret").is_none() {
            // A change is judged as the making is.
            input["ClientId"] = json!(pool.client);
            let changed = world.call("UpdateUserPoolClient", input);
            assert_eq!(made.is_ok(), changed.is_ok(), "{settings}");
        }
        made
    }

    fn taken(settings: &Json) -> Json {
        try_with(settings).unwrap()["UserPoolClient"].take()
    }

    fn refusal(settings: &Json) -> Failure {
        try_with(settings).unwrap_err()
    }

    fn invalid(settings: &Json) -> alloc::string::String {
        let refused = refusal(settings);
        assert_eq!(refused.code, "InvalidParameterException", "{settings}");
        refused.message
    }

    fn hosted(flows: &[&str], scopes: &[&str]) -> Json {
        json!({
            "AllowedOAuthFlows": flows, "AllowedOAuthScopes": scopes,
            "AllowedOAuthFlowsUserPoolClient": true,
        })
    }

    #[test]
    fn older_names_of_flows_do_not_mix_with_newer_ones() {
        for older in ["ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"] {
            let flows = json!({ "ExplicitAuthFlows": [older, "ALLOW_USER_SRP_AUTH"] });
            assert!(invalid(&flows).contains("ALLOW_"));
            let flows = json!({ "ExplicitAuthFlows": [older] });
            assert_eq!(taken(&flows)["ExplicitAuthFlows"], json!([older]));
        }
    }

    #[test]
    fn rotation_takes_the_place_of_the_refresh_flow() {
        let on = json!({ "Feature": "ENABLED" });
        let both = json!({
            "RefreshTokenRotation": on,
            "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
        });
        assert!(invalid(&both).contains("ALLOW_REFRESH_TOKEN_AUTH"));
        let client = taken(&json!({ "RefreshTokenRotation": on }));
        assert_eq!(
            client["ExplicitAuthFlows"],
            json!(["ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"])
        );
        assert_eq!(client["RefreshTokenRotation"]["RetryGracePeriodSeconds"], 0);
        let off = json!({
            "RefreshTokenRotation": { "Feature": "DISABLED" },
            "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
        });
        let _ = taken(&off);
    }

    #[test]
    fn tokens_live_as_long_as_their_bounds_allow() {
        let with = |member: &str, value: u32, unit: &str| {
            let token = member.strip_suffix("Validity").unwrap();
            json!({ member: value, "TokenValidityUnits": { token: unit } })
        };
        for member in ["AccessTokenValidity", "IdTokenValidity"] {
            for (value, unit) in
                [(5, "minutes"), (300, "seconds"), (24, "hours"), (1, "days"), (86_400, "seconds")]
            {
                let _ = taken(&with(member, value, unit));
            }
            for (value, unit) in [
                (4, "minutes"),
                (299, "seconds"),
                (25, "hours"),
                (2, "days"),
                (1_441, "minutes"),
                (86_400, "days"),
            ] {
                let message = invalid(&with(member, value, unit));
                assert_eq!(message, "Invalid range for token validity.", "{value} {unit}");
            }
        }
        for (value, unit) in
            [(60, "minutes"), (3_600, "seconds"), (1, "hours"), (3_650, "days"), (87_600, "hours")]
        {
            let _ = taken(&with("RefreshTokenValidity", value, unit));
        }
        for (value, unit) in
            [(59, "minutes"), (3_599, "seconds"), (3_651, "days"), (315_360_000, "minutes")]
        {
            let message = invalid(&with("RefreshTokenValidity", value, unit));
            assert_eq!(message, "Invalid range for token validity.", "{value} {unit}");
        }
    }

    #[test]
    fn without_units_access_counts_in_hours_and_refresh_in_days() {
        let _ = taken(&json!({ "AccessTokenValidity": 24, "RefreshTokenValidity": 3_650 }));
        let _ = invalid(&json!({ "AccessTokenValidity": 25 }));
        let _ = invalid(&json!({ "RefreshTokenValidity": 3_651 }));
    }

    #[test]
    fn a_refresh_token_of_zero_lives_for_thirty_days_whatever_the_unit() {
        let client = taken(&json!({
            "RefreshTokenValidity": 0, "TokenValidityUnits": { "RefreshToken": "minutes" },
        }));
        assert_eq!(client["RefreshTokenValidity"], 30);
        assert_eq!(client["TokenValidityUnits"], json!({}));
    }

    #[test]
    fn no_token_outlives_the_refresh_token() {
        let units = json!({ "RefreshToken": "hours" });
        for member in ["AccessTokenValidity", "IdTokenValidity"] {
            let equal =
                json!({ member: 2, "RefreshTokenValidity": 2, "TokenValidityUnits": units });
            let _ = taken(&equal);
            let longer =
                json!({ member: 3, "RefreshTokenValidity": 2, "TokenValidityUnits": units });
            assert!(invalid(&longer).contains("longer than refresh"));
        }
    }

    #[test]
    fn a_client_reads_and_writes_what_the_pool_has() {
        let all = json!({
            "ReadAttributes": ["sub", "email_verified", "custom:team", "dev:custom:note"],
            "WriteAttributes": ["email", "custom:team"],
        });
        assert_eq!(taken(&all)["ReadAttributes"], all["ReadAttributes"]);
        for name in ["team", "custom:nothing", "mail"] {
            assert_eq!(
                refusal(&json!({ "ReadAttributes": ["email", name] })).message,
                "Invalid read attributes specified while creating a client"
            );
        }
        for name in [
            "custom:nothing",
            "sub",
            "email_verified",
            "phone_number_verified",
            "identities",
            "dev:custom:note",
        ] {
            assert_eq!(
                refusal(&json!({ "WriteAttributes": ["email", name] })).message,
                "Invalid write attributes specified while creating a client"
            );
        }
        let none = taken(&json!({ "ReadAttributes": [], "WriteAttributes": [] }));
        assert_eq!((none.get("ReadAttributes"), none.get("WriteAttributes")), (None, None));
    }

    #[test]
    fn providers_must_exist() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let refused = world.fails(
            "CreateUserPoolClient",
            json!({
                "UserPoolId": pool.id, "ClientName": "web",
                "SupportedIdentityProviders": ["COGNITO", "Google"],
            }),
        );
        assert_eq!(refused.code, "InvalidParameterException");
        assert_eq!(
            refused.message,
            alloc::format!("The provider Google does not exist for User Pool {}.", pool.id)
        );
    }

    #[test]
    fn flows_and_scopes_come_together_and_with_the_switch() {
        let message = "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client \
                       is allowed to use OAuth flows.";
        assert_eq!(invalid(&hosted(&["code"], &[])), message);
        assert_eq!(invalid(&hosted(&[], &["openid"])), message);
        let mut off = hosted(&["code"], &["openid"]);
        let _ = taken(&off);
        off["AllowedOAuthFlowsUserPoolClient"] = json!(false);
        assert!(invalid(&off).contains("AllowedOAuthFlowsUserPoolClient"));
        let scopes = json!({ "AllowedOAuthScopes": ["openid"] });
        assert!(invalid(&scopes).contains("AllowedOAuthFlowsUserPoolClient"));
    }

    #[test]
    fn a_machine_has_a_secret_and_one_flow() {
        let machine = hosted(&["client_credentials"], &["shop/read"]);
        let refused = refusal(&machine);
        assert_eq!(refused.code, "InvalidOAuthFlowException");
        assert!(refused.message.contains("client secret"), "{}", refused.message);
        for other in ["code", "implicit"] {
            let mut mixed = hosted(&["client_credentials", other], &["openid"]);
            mixed["GenerateSecret"] = json!(true);
            assert_eq!(refusal(&mixed).code, "InvalidOAuthFlowException");
        }
    }

    #[test]
    fn the_default_redirect_is_one_of_the_callbacks() {
        let with =
            |uri: &str| json!({ "CallbackURLs": ["https://a.example"], "DefaultRedirectURI": uri });
        let _ = taken(&with("https://a.example"));
        assert!(invalid(&with("https://b.example")).contains("https://b.example"));
    }

    #[test]
    fn only_a_client_with_a_secret_passes_on_who_its_user_is() {
        let mut on = json!({ "EnablePropagateAdditionalUserContextData": true });
        assert!(invalid(&on).contains("secret"));
        on["GenerateSecret"] = json!(true);
        let _ = taken(&on);
    }
}
