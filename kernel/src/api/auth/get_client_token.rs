//! `GetClientToken`: gives an app client an access token of its own, for the scopes of resource
//! servers.
//!
//! The client is one that may use `client_credentials`. AWS's prose asks for a flow
//! `ALLOW_CLIENT_TOKEN_AUTH` instead, which its model does not let a client have. A signature may be
//! there and is not looked at: the secret is what proves the caller.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetClientToken.html>

use crate::{access::client_secret, directory, prelude::*, token};

operation!(GetClientToken, Public, reach Client, asks, adds [Forbidden]);

shape! { Input {
    ClientId client_id: ClientId,
    Secret secret: ClientSecret,
    Scopes scopes: Option<Scopes>,
    ClientMetadata client_metadata: Option<ClientMetadata>,
} }

shape! { Output {
    ClientAuthenticationResult client_authentication_result: Option<ClientAuthenticationResultType>,
} }

shape! {
    /// An app client's own token.
    #[derive(Default)]
    pub(crate) ClientAuthenticationResultType {
        AccessToken access_token: Option<Token>,
        ExpiresIn expires_in: Option<i32>,
        TokenType token_type: Option<String>,
    }
}

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    check(cx, &input)?;
    token::ready(cx).await?;
    let scopes = check(cx, &input)?;
    let (pool, client) = cx.client(&input.client_id)?;
    let (token, lives_s) = token::machine::access(cx, &pool, &client, &scopes)?;
    let result = ClientAuthenticationResultType {
        access_token: Some(token.into()),
        expires_in: i32::try_from(lives_s).ok(),
        token_type: Some("Bearer".into()),
    };
    Ok(Output { client_authentication_result: Some(result) })
}

/// The scopes that are granted: those that are asked for, or all that the client has.
fn check(cx: &Cx, input: &Input) -> Result<Vec<String>, Error> {
    let (_, client) = cx.client(&input.client_id)?;
    if !client.has_secret() {
        return Err(Error::saying(Code::NotAuthorized, "The client has no secret."));
    }
    client_secret::secret(cx, &client, Some(input.secret.as_str()))?;
    let flows = client.description.allowed_oauth_flows.iter().flat_map(|flows| flows.iter());
    if !flows.into_iter().any(|flow| *flow == OAuthFlow::ClientCredentials) {
        let message = "The client_credentials flow is not enabled for this client.";
        return Err(Error::saying(Code::NotAuthorized, message));
    }
    let mut allowed = Vec::new();
    for scope in client.description.allowed_oauth_scopes.iter().flat_map(|scopes| scopes.iter()) {
        // A scope may have gone with its resource server.
        if directory::is_custom(cx, scope)? {
            allowed.push(scope);
        }
    }
    let asked = input.scopes.iter().flat_map(|scopes| scopes.iter()).collect::<Vec<_>>();
    if let Some(more) = asked.iter().find(|scope| !allowed.contains(*scope)) {
        let message = alloc::format!("Invalid scope requested: {}", more.as_str());
        return Err(Error::saying(Code::InvalidParameter, message));
    }
    if allowed.is_empty() {
        return Err(Error::saying(Code::InvalidParameter, "The client has no custom scope."));
    }
    let is_granted = |scope: &&&Scope| asked.is_empty() || asked.contains(*scope);
    Ok(allowed.iter().filter(is_granted).map(|scope| scope.as_str().into()).collect())
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use serde_json::json;

    use crate::{
        shape::Json,
        testing::{Failure, TestPool, World, claims},
    };

    /// A pool with a machine that may do two things of three.
    fn world() -> (World, TestPool, String) {
        let world = World::new();
        let pool = world.pool(json!({}));
        let scopes = ["read", "write", "drop"]
            .map(|name| json!({ "ScopeName": name, "ScopeDescription": "A scope" }));
        let _ = world.ok(
            "CreateResourceServer",
            json!({
                "UserPoolId": pool.id, "Identifier": "https://shop.example/v1", "Name": "shop",
                "Scopes": scopes,
            }),
        );
        let client = world.client(
            &pool.id,
            json!({
                "ClientSecret": SECRET, "AllowedOAuthFlows": ["client_credentials"],
                "AllowedOAuthScopes": [READ, WRITE], "AllowedOAuthFlowsUserPoolClient": true,
                "AccessTokenValidity": 10, "TokenValidityUnits": { "AccessToken": "minutes" },
            }),
        );
        (world, pool, client)
    }

    const SECRET: &str = "my1own2secret3of4sufficient5length";
    const READ: &str = "https://shop.example/v1/read";
    const WRITE: &str = "https://shop.example/v1/write";

    fn ask(world: &World, client: &str, secret: &str, scopes: Json) -> Result<Json, Failure> {
        let input = json!({ "ClientId": client, "Secret": secret, "Scopes": scopes });
        let mut answer = world.call("GetClientToken", input)?;
        Ok(answer["ClientAuthenticationResult"].take())
    }

    #[test]
    fn a_machine_gets_a_token_of_its_own() {
        let (world, pool, client) = world();
        let result = ask(&world, &client, SECRET, json!(null)).unwrap();
        assert_eq!(result["TokenType"], "Bearer");
        assert_eq!(result["ExpiresIn"], 600);
        let mut claims = claims(&result["AccessToken"]);
        assert!(claims["jti"].take().is_string());
        let (now_s, scope) = (world.now_ms() / 1000, [READ, WRITE].join(" "));
        let expected = json!({
            "sub": client, "client_id": client, "token_use": "access", "version": 2, "jti": null,
            "scope": scope, "auth_time": now_s, "iat": now_s, "exp": now_s + 600,
            "iss": alloc::format!("http://localhost:8787/{}", pool.id),
        });
        assert_eq!(claims, expected);
        let kid = |token: &Json| {
            jsonwebtoken::decode_header(token.as_str().unwrap()).unwrap().kid.unwrap()
        };
        world.user(&pool, "ann", json!([]));
        let of_a_user = world.sign_in(&pool, "ann");
        assert_eq!(kid(&result["AccessToken"]), kid(&of_a_user["AccessToken"]));
    }

    #[test]
    fn it_gets_what_it_asks_for_of_what_it_may_have() {
        let (world, pool, client) = world();
        let scope = |scopes| {
            let result = ask(&world, &client, SECRET, scopes);
            result.map(|result| claims(&result["AccessToken"])["scope"].take())
        };
        assert_eq!(scope(json!([WRITE])).unwrap(), WRITE);
        assert_eq!(scope(json!([])).unwrap(), [READ, WRITE].join(" "));
        for more in ["https://shop.example/v1/drop", "openid", "aws.cognito.signin.user.admin"] {
            let failure = scope(json!([READ, more])).unwrap_err();
            assert_eq!(failure.code, "InvalidParameterException");
            assert_eq!(failure.message, alloc::format!("Invalid scope requested: {more}"));
        }
        let server = json!({ "UserPoolId": pool.id, "Identifier": "https://shop.example/v1" });
        let _ = world.ok("DeleteResourceServer", server);
        assert_eq!(scope(json!([READ])).unwrap_err().code, "InvalidParameterException");
        assert_eq!(scope(json!(null)).unwrap_err().code, "InvalidParameterException");
    }

    #[test]
    fn either_of_two_secrets_will_do_and_no_other() {
        let (world, pool, client) = world();
        let named = json!({ "UserPoolId": pool.id, "ClientId": client });
        let added = world.ok("AddUserPoolClientSecret", named);
        let second = added["ClientSecretDescriptor"]["ClientSecretValue"].as_str().unwrap();
        let _ = ask(&world, &client, SECRET, json!(null)).unwrap();
        let _ = ask(&world, &client, second, json!(null)).unwrap();
        let failure = ask(&world, &client, &SECRET.replace('1', "2"), json!(null)).unwrap_err();
        assert_eq!(failure.code, "NotAuthorizedException");
    }

    #[test]
    fn a_client_of_people_gets_no_token_of_its_own() {
        let (world, pool, _) = world();
        let with_secret = world.client(&pool.id, json!({ "ClientSecret": SECRET }));
        for client in [&with_secret, &pool.client] {
            let failure = ask(&world, client, SECRET, json!(null)).unwrap_err();
            assert_eq!(failure.code, "NotAuthorizedException");
        }
    }

    #[test]
    fn a_machine_has_no_account_to_look_at() {
        let (world, _, client) = world();
        let token = ask(&world, &client, SECRET, json!(null)).unwrap()["AccessToken"].take();
        let failure = world.fails("GetUser", json!({ "AccessToken": token }));
        assert_eq!(failure.code, "NotAuthorizedException");
    }
}
