//! `InitiateAuth`: begins to sign a user in.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html>

use crate::{
    flow::{self, Door},
    prelude::*,
    token,
    trigger::{self, Said},
};

operation!(
    InitiateAuth, Public, reach Client, asks,
    adds [
        FeatureUnavailableInTier, Forbidden, InvalidEmailRoleAccessPolicy, InvalidLambdaResponse,
        InvalidSmsRoleAccessPolicy, InvalidSmsRoleTrustRelationship, InvalidUserPoolConfiguration,
        PasswordResetRequired, UnexpectedLambda, UnsupportedOperation, UserLambdaValidation,
        UserNotConfirmed, UserNotFound,
    ]
);

shape! { Input {
    AuthFlow auth_flow: AuthFlow,
    AuthParameters auth_parameters: Option<AuthParameters>,
    ClientMetadata client_metadata: Option<ClientMetadata>,
    ClientId client_id: ClientId,
    AnalyticsMetadata analytics_metadata: Option<AnalyticsMetadataType>,
    UserContextData user_context_data: Option<UserContextDataType>,
    Session session: Option<ChallengeSession>,
} }

shape! { Output {
    ChallengeName challenge_name: Option<ChallengeName>,
    Session session: Option<ChallengeSession>,
    ChallengeParameters challenge_parameters: Option<ChallengeParameters>,
    AuthenticationResult authentication_result: Option<AuthenticationResultType>,
    AvailableChallenges available_challenges: Option<Vec<ChallengeName>>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    cx.client(&input.client_id)?;
    cx.steering.say(Said::at_first(input.client_metadata.as_ref()));
    token::ready(cx).await?;
    let parameters = input.auth_parameters.unwrap_or_default();
    let begun = (&*parameters, input.session.as_ref().map(Text::as_str));
    let outcome = trigger::steered(cx, |cx| {
        let (pool, client) = cx.client(&input.client_id)?;
        let door = Door { pool: &pool, client: &client, is_admin: false };
        flow::initiate::initiate(cx, &door, input.auth_flow, begun)
    })
    .await?;
    Ok(flow::output!(outcome.sent(cx).await?))
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    use crate::testing::{Failure, ORIGIN, PASSWORD, TestPool, World};

    fn with_password(
        world: &World,
        client: &str,
        name: &str,
        password: &str,
    ) -> Result<Value, Failure> {
        world.call(
            "InitiateAuth",
            json!({
                "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client,
                "AuthParameters": { "USERNAME": name, "PASSWORD": password },
            }),
        )
    }

    fn refused(world: &World, client: &str, name: &str, password: &str) -> (String, String) {
        let failure = with_password(world, client, name, password).unwrap_err();
        (failure.code, failure.message)
    }

    fn claims(token: &Value) -> Value {
        let part = token.as_str().unwrap().split('.').nth(1).unwrap();
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    fn pool_of_ann(world: &World) -> TestPool {
        let pool = world.pool(json!({}));
        world.user(
            &pool,
            "ann",
            json!([
                { "Name": "email", "Value": "ann@example.com" },
                { "Name": "email_verified", "Value": "true" },
            ]),
        );
        pool
    }

    #[test]
    fn the_tokens_say_what_cognitos_say() {
        let world = World::new();
        let pool = pool_of_ann(&world);
        let result = world.sign_in(&pool, "ann");
        let (id, access) = (claims(&result["IdToken"]), claims(&result["AccessToken"]));
        let now_s = world.now_ms() / 1000;
        let issuer = alloc::format!("{ORIGIN}/{}", pool.id);
        for (claim, value) in [
            ("iss", json!(issuer)),
            ("aud", json!(pool.client)),
            ("token_use", json!("id")),
            ("cognito:username", json!("ann")),
            ("email", json!("ann@example.com")),
            ("email_verified", json!(true)),
            ("auth_time", json!(now_s)),
            ("iat", json!(now_s)),
            ("exp", json!(now_s + 3600)),
        ] {
            assert_eq!(id[claim], value, "{claim}");
        }
        for (claim, value) in [
            ("iss", json!(issuer)),
            ("client_id", json!(pool.client)),
            ("token_use", json!("access")),
            ("scope", json!("aws.cognito.signin.user.admin")),
            ("username", json!("ann")),
            ("sub", id["sub"].clone()),
            ("origin_jti", id["origin_jti"].clone()),
            ("event_id", id["event_id"].clone()),
        ] {
            assert_eq!(access[claim], value, "{claim}");
        }
        assert_ne!(access["jti"], id["jti"]);
        assert!(access.get("aud").is_none() && id.get("cognito:groups").is_none());
        assert_eq!((&result["TokenType"], &result["ExpiresIn"]), (&json!("Bearer"), &json!(3600)));
    }

    #[test]
    fn a_client_without_revocation_gets_tokens_without_jti_and_its_own_lifetimes() {
        let world = World::new();
        let mut pool = pool_of_ann(&world);
        pool.client = world.client(
            &pool.id,
            json!({
                "EnableTokenRevocation": false,
                "AccessTokenValidity": 10, "IdTokenValidity": 20,
                "TokenValidityUnits": { "AccessToken": "minutes", "IdToken": "minutes" },
            }),
        );
        let result = world.sign_in(&pool, "ann");
        let (id, access) = (claims(&result["IdToken"]), claims(&result["AccessToken"]));
        for claim in ["jti", "origin_jti"] {
            assert!(id.get(claim).is_none() && access.get(claim).is_none(), "{claim}");
        }
        let lives =
            |claims: &Value| claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap();
        assert_eq!((lives(&access), lives(&id)), (600, 1200));
    }

    #[test]
    fn a_wrong_password_and_an_unknown_user_are_told_apart_only_by_a_client_that_may() {
        let world = World::new();
        let pool = pool_of_ann(&world);
        let wrong = ("NotAuthorizedException".into(), "Incorrect username or password.".into());
        assert_eq!(refused(&world, &pool.client, "ann", "Wrong-1!"), wrong);
        let unknown = ("UserNotFoundException".into(), "User does not exist.".into());
        assert_eq!(refused(&world, &pool.client, "bob", PASSWORD), unknown);
        let hiding = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "ENABLED" }));
        assert_eq!(refused(&world, &hiding, "bob", PASSWORD), wrong);
    }

    #[test]
    fn five_failures_lock_for_a_while_that_doubles_and_a_sign_in_forgets_them() {
        let world = World::new();
        let pool = pool_of_ann(&world);
        let try_ = |password| with_password(&world, &pool.client, "ann", password);
        for _ in 0..5 {
            assert_eq!(try_("Wrong-1!").unwrap_err().message, "Incorrect username or password.");
        }
        assert_eq!(try_(PASSWORD).unwrap_err().message, "Password attempts exceeded");
        world.advance_s(1);
        assert_eq!(try_("Wrong-1!").unwrap_err().message, "Incorrect username or password.");
        world.advance_s(1);
        assert_eq!(try_(PASSWORD).unwrap_err().message, "Password attempts exceeded");
        world.advance_s(1);
        assert!(try_(PASSWORD).is_ok());
        assert_eq!(try_("Wrong-1!").unwrap_err().message, "Incorrect username or password.");
        assert!(try_(PASSWORD).is_ok());
    }

    #[test]
    fn names_that_stand_for_nobody_are_locked_as_well_where_users_are_hidden() {
        let world = World::new();
        let pool = pool_of_ann(&world);
        let hiding = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "ENABLED" }));
        for name in ["ann", "bob"] {
            for _ in 0..5 {
                let (_, message) = refused(&world, &hiding, name, "Wrong-1!");
                assert_eq!(message, "Incorrect username or password.");
            }
            let (_, message) = refused(&world, &hiding, name, "Wrong-1!");
            assert_eq!(message, "Password attempts exceeded", "{name}");
        }
    }

    #[test]
    fn an_unconfirmed_user_is_told_so_before_the_password_is_looked_at() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let _ = world.ok(
            "SignUp",
            json!({ "ClientId": pool.client, "Username": "ann", "Password": PASSWORD }),
        );
        let unconfirmed = ("UserNotConfirmedException".into(), "User is not confirmed.".into());
        assert_eq!(refused(&world, &pool.client, "ann", "Wrong-1!"), unconfirmed);
    }

    #[test]
    fn a_flow_that_the_client_does_not_have_is_refused() {
        let world = World::new();
        let pool = pool_of_ann(&world);
        let client = world.client(
            &pool.id,
            json!({ "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] }),
        );
        assert_eq!(
            refused(&world, &client, "ann", PASSWORD),
            (
                "InvalidParameterException".into(),
                "USER_PASSWORD_AUTH flow not enabled for this client".into()
            )
        );
    }

    #[test]
    fn missing_parameters_are_named() {
        let world = World::new();
        let pool = pool_of_ann(&world);
        for (flow, parameters, missing) in [
            ("USER_PASSWORD_AUTH", json!({}), "USERNAME"),
            ("USER_PASSWORD_AUTH", json!({ "USERNAME": "ann" }), "PASSWORD"),
            ("USER_SRP_AUTH", json!({ "USERNAME": "ann" }), "SRP_A"),
            ("REFRESH_TOKEN_AUTH", json!({}), "REFRESH_TOKEN"),
        ] {
            let failure = world.fails(
                "InitiateAuth",
                json!({ "AuthFlow": flow, "ClientId": pool.client, "AuthParameters": parameters }),
            );
            assert_eq!(failure.code, "InvalidParameterException");
            assert_eq!(failure.message, alloc::format!("Missing required parameter {missing}"));
        }
    }

    #[test]
    fn a_client_with_a_secret_wants_its_hash() {
        let world = World::new();
        let pool = pool_of_ann(&world);
        let made = world.ok(
            "CreateUserPoolClient",
            json!({
                "UserPoolId": pool.id, "ClientName": "confidential", "GenerateSecret": true,
                "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            }),
        );
        let client = made["UserPoolClient"]["ClientId"].as_str().unwrap();
        let secret = made["UserPoolClient"]["ClientSecret"].as_str().unwrap();
        let sign_in = |hash: Value| {
            world.call(
                "InitiateAuth",
                json!({
                    "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client,
                    "AuthParameters": {
                        "USERNAME": "ann", "PASSWORD": PASSWORD, "SECRET_HASH": hash,
                    },
                }),
            )
        };
        let mac = crate::crypto::hmac_sha256(secret.as_bytes(), &[b"ann", client.as_bytes()]);
        let right = base64::prelude::BASE64_STANDARD.encode(mac);
        assert!(sign_in(json!(right)).is_ok());
        let missing = sign_in(Value::Null).unwrap_err().message;
        assert_eq!(
            missing,
            alloc::format!("Client {client} is configured for secret but secret was not received")
        );
        let wrong = sign_in(json!("AAAA")).unwrap_err().message;
        assert_eq!(wrong, alloc::format!("Unable to verify secret hash for client {client}"));
    }
}
