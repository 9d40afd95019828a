//! Which scopes does a pool know? Those that every pool has, and those of its resource servers.

use alloc::format;

use crate::{
    cx::Cx,
    error::{Code, Error},
    model::{client::rules, resource_server::ResourceServer},
    shape::Text,
    shapes::{OAuthFlow, Scope, UserPoolClientType},
    store::{Row, keys},
};

impl Cx {
    /// The resource server of that identifier.
    ///
    /// # Errors
    /// `ResourceNotFoundException` if it does not exist.
    pub(crate) fn resource_server(
        &self,
        identifier: &str,
    ) -> Result<Row<'_, ResourceServer>, Error> {
        self.get(keys::resource_server(identifier))?.ok_or_else(|| {
            let message = format!("Resource server {identifier} does not exist.");
            Error::saying(Code::ResourceNotFound, message)
        })
    }
}

/// Whether a scope is one of a resource server of this pool.
pub(crate) fn is_custom(cx: &Cx, scope: &Scope) -> Result<bool, Error> {
    // Names of scopes have no slash, identifiers may.
    let Some((identifier, name)) = scope.as_str().rsplit_once('/') else { return Ok(false) };
    let server = cx.shared::<ResourceServer>(&keys::resource_server(identifier))?;
    Ok(server.is_some_and(|server| server.has_scope(name)))
}

/// Whether the scopes that a client is to have exist, and are for its kind.
///
/// # Errors
/// `ScopeDoesNotExistException`; `InvalidOAuthFlowException` for a machine that is to speak for a
/// user.
pub(crate) fn check_scopes(cx: &Cx, asked: &UserPoolClientType) -> Result<(), Error> {
    let flows = asked.allowed_oauth_flows.iter().flat_map(|flows| flows.iter());
    let is_machine = flows.into_iter().any(|flow| *flow == OAuthFlow::ClientCredentials);
    for scope in asked.allowed_oauth_scopes.iter().flat_map(|scopes| scopes.iter()) {
        let is_of_users = rules::SCOPES.contains(&scope.as_str());
        if is_of_users && is_machine {
            let message =
                format!("{} is not supported with client_credentials flow", scope.as_str());
            return Err(Error::saying(Code::InvalidOAuthFlow, message));
        }
        if !is_of_users && !is_custom(cx, scope)? {
            let message = format!("Invalid scope requested: {}", scope.as_str());
            return Err(Error::saying(Code::ScopeDoesNotExist, message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        shape::Json,
        testing::{Failure, World},
    };

    /// Makes a client in a pool that has the scope `https://shop.example/v1/read`.
    fn client(flow: &str, scopes: &[&str]) -> Result<Json, Failure> {
        let world = World::new();
        let pool = world.pool(json!({}));
        let scope = json!({ "ScopeName": "read", "ScopeDescription": "Look" });
        let _ = world.ok(
            "CreateResourceServer",
            json!({
                "UserPoolId": pool.id, "Identifier": "https://shop.example/v1", "Name": "shop",
                "Scopes": [scope],
            }),
        );
        let mut input = json!({
            "UserPoolId": pool.id, "ClientName": "web", "GenerateSecret": true,
            "AllowedOAuthFlows": [flow], "AllowedOAuthScopes": scopes,
            "AllowedOAuthFlowsUserPoolClient": true,
        });
        let made = world.call("CreateUserPoolClient", input.clone());
        // A change is judged as the making is.
        input.as_object_mut().unwrap().remove("GenerateSecret");
        input["ClientId"] = json!(world.client(&pool.id, json!({ "GenerateSecret": true })));
        let changed = world.call("UpdateUserPoolClient", input);
        assert_eq!(made.is_ok(), changed.is_ok(), "{scopes:?}");
        made
    }

    #[test]
    fn a_client_has_the_scopes_of_every_pool_and_those_of_resource_servers() {
        let all = [
            "phone",
            "email",
            "openid",
            "profile",
            "aws.cognito.signin.user.admin",
            "https://shop.example/v1/read",
        ];
        let made = client("code", &all).unwrap();
        assert_eq!(made["UserPoolClient"]["AllowedOAuthScopes"], json!(all));
        for unknown in
            ["shop/read", "https://shop.example/v1/write", "https://shop.example/v1", "read"]
        {
            let refused = client("code", &["openid", unknown]).unwrap_err();
            assert_eq!(refused.code, "ScopeDoesNotExistException");
            let message = alloc::format!("Invalid scope requested: {unknown}");
            assert_eq!(refused.message, message);
        }
    }

    #[test]
    fn a_machine_has_no_scope_of_a_users() {
        let _ = client("client_credentials", &["https://shop.example/v1/read"]).unwrap();
        let refused = client("client_credentials", &["openid"]).unwrap_err();
        assert_eq!(refused.code, "InvalidOAuthFlowException");
        assert_eq!(refused.message, "openid is not supported with client_credentials flow");
    }
}
