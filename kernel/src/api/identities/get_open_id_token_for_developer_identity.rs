//! `GetOpenIdTokenForDeveloperIdentity`: gives a token for a user of a developer's own system.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html>

use crate::{
    federation::{Login, identities, issuer, prove, unsupported},
    model::identity_pool::{
        IdentityPool,
        identity::{Identity, forbidden},
    },
    prelude::*,
};

operation!(
    identity GetOpenIdTokenForDeveloperIdentity, Iam, reach IdentityPool, asks,
    adds [DeveloperUserAlreadyRegistered, ResourceConflict]
);

shape! { Input {
    IdentityPoolId identity_pool_id: IdentityPoolId,
    IdentityId identity_id: Option<IdentityId>,
    Logins logins: Logins,
    PrincipalTags principal_tags: Option<PrincipalTags>,
    TokenDuration token_duration: Option<TokenDuration>,
} }

shape! { Output {
    IdentityId identity_id: Option<IdentityId>,
    Token token: Option<OidcToken>,
} }

/// For how many seconds the token is good unless the developer says otherwise.
const LIFE_S: u64 = 900;

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.identity_pool(&input.identity_pool_id)?.into_inner();
    let (user, others) = split(&pool, input.logins)?;
    // What a provider fails to say is not declared here.
    let logins = prove(cx, &pool, &others).await.map_err(|error| match error.code {
        Code::ExternalService => Error { code: Code::NotAuthorized, ..error },
        _ => error,
    })?;
    issuer::ready(cx).await?;
    let pool = cx.identity_pool(&input.identity_pool_id)?;
    let identity = of_user(cx, &pool, (&user, input.identity_id.as_ref()), &logins)?;
    let developer = pool.description.developer_provider_name.as_ref().map_or("", Text::as_str);
    let by_user = alloc::format!("{developer}:{}:{user}", pool.id);
    let methods = issuer::methods(&logins).into_iter().filter(|method| method.contains(['.', ':']));
    let named = ["authenticated".to_string(), developer.to_string(), by_user];
    let methods = named.into_iter().chain(methods).collect();
    let tags = issuer::plain(&input.principal_tags.unwrap_or_default());
    let lives_s = input.token_duration.and_then(|life| u64::try_from(life.0).ok());
    let lives_s = lives_s.unwrap_or(LIFE_S);
    let (pool_id, identity) = (pool.id.as_str(), identity.id);
    let statement =
        issuer::Statement { pool_id, identity: &identity, methods, tags: &tags, lives_s };
    let token = issuer::sign(cx, statement)?;
    Ok(Output { identity_id: Some(identity.into()), token: Some(token.into()) })
}

/// The user of the developer's own system, and the logins that come with it.
fn split(pool: &IdentityPool, mut logins: Logins) -> Result<(String, Logins), Error> {
    let developer = pool.description.developer_provider_name.as_ref();
    let developer = developer.ok_or_else(unsupported)?;
    let user = logins.remove(&developer.as_str().into()).ok_or_else(unsupported)?;
    Ok((user.into_string(), logins))
}

/// The identity of that user, made if there is none, or the one that the caller names.
fn of_user(
    cx: &Cx,
    pool: &IdentityPool,
    (user, named): (&str, Option<&IdentityId>),
    logins: &[Login],
) -> Result<Identity, Error> {
    let owner = identities::owner_of_user(cx, user)?;
    let mut identity = match (&owner, named) {
        (Some(owner), Some(named)) if owner != named.as_str() => {
            return Err(Code::DeveloperUserAlreadyRegistered.into());
        }
        (Some(owner), _) => cx.identity(&owner.as_str().into())?.into_inner(),
        (None, Some(named)) => {
            let identity = cx.identity(named)?.into_inner();
            if identity.is_disabled {
                return Err(forbidden(&identity.id));
            }
            identity
        }
        (None, None) if logins.is_empty() => identities::create(cx, pool)?,
        (None, None) => identities::of_logins(cx, pool, logins)?,
    };
    if owner.is_none() {
        identities::link_user(cx, &mut identity, user)?;
    }
    if logins.is_empty() {
        return Ok(identity);
    }
    identities::with_logins(cx, identity, logins)
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use serde_json::json;

    use crate::{
        shape::Json,
        testing::{Failure, World, claims, federated},
    };

    fn token(world: &World, pool: &str, user: &str, more: Json) -> Result<Json, Failure> {
        let mut input = json!({ "IdentityPoolId": pool, "Logins": { "login.shop": user } });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        world.call("GetOpenIdTokenForDeveloperIdentity", input)
    }

    #[test]
    fn a_user_of_ones_own_is_the_same_identity_again() {
        let (world, _, pool) = federated(json!({}));
        let first = token(&world, &pool, "ann", json!({})).unwrap();
        let again = token(&world, &pool, "ann", json!({ "TokenDuration": 60 })).unwrap();
        assert_eq!(first["IdentityId"], again["IdentityId"]);
        let other = token(&world, &pool, "bob", json!({})).unwrap();
        assert_ne!(first["IdentityId"], other["IdentityId"]);
        let said = claims(&first["Token"]);
        assert_eq!(
            said["amr"],
            json!(["authenticated", "login.shop", format!("login.shop:{pool}:ann"),])
        );
        let life =
            |claims: &Json| claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap();
        assert_eq!((life(&said), life(&claims(&again["Token"]))), (900, 60));
    }

    #[test]
    fn the_token_opens_its_identity_and_no_other() {
        let (world, _, pool) = federated(json!({}));
        let ann = token(&world, &pool, "ann", json!({})).unwrap();
        let bob = token(&world, &pool, "bob", json!({})).unwrap();
        let open = |id: &Json, token: &Json| {
            let logins = json!({ "cognito-identity.amazonaws.com": token });
            world.call("GetOpenIdToken", json!({ "IdentityId": id, "Logins": logins }))
        };
        let opened = open(&ann["IdentityId"], &ann["Token"]).unwrap();
        assert_eq!(claims(&opened["Token"])["amr"], claims(&ann["Token"])["amr"]);
        let refused = open(&bob["IdentityId"], &ann["Token"]).unwrap_err();
        assert!(refused.message.starts_with("Logins don't match."), "{refused:?}");
        // Who was let in for a while is not let in for longer.
        world.advance_s(800);
        let opened = open(&ann["IdentityId"], &ann["Token"]).unwrap();
        assert_eq!(claims(&opened["Token"])["exp"], claims(&ann["Token"])["exp"]);
        world.advance_s(100);
        let refused = open(&ann["IdentityId"], &ann["Token"]).unwrap_err();
        assert!(refused.message.contains("Token expired"), "{refused:?}");
    }

    #[test]
    fn a_user_is_registered_once() {
        let (world, _, pool) = federated(json!({}));
        let ann = token(&world, &pool, "ann", json!({})).unwrap();
        let guest = world.ok("GetId", json!({ "IdentityPoolId": pool }));
        let refused = token(&world, &pool, "ann", guest.clone()).unwrap_err();
        assert_eq!(refused.code, "DeveloperUserAlreadyRegisteredException");
        let bob = token(&world, &pool, "bob", guest.clone()).unwrap();
        assert_eq!(bob["IdentityId"], guest["IdentityId"]);
        let same = json!({ "IdentityId": ann["IdentityId"] });
        assert_eq!(token(&world, &pool, "ann", same).unwrap()["IdentityId"], ann["IdentityId"]);
    }

    #[test]
    fn a_guests_word_for_a_developer_is_nothing() {
        let (world, _, pool) = federated(json!({}));
        let logins = json!({ "login.shop": "ann" });
        let input = json!({ "IdentityPoolId": pool, "Logins": logins });
        assert_eq!(
            world.fails("GetId", input).message,
            "Token is not from a supported provider of this identity pool."
        );
        let input = json!({ "IdentityPoolId": pool, "Logins": { "login.other": "ann" } });
        let refused = world.fails("GetOpenIdTokenForDeveloperIdentity", input);
        assert_eq!(refused.code, "NotAuthorizedException");
    }
}
