//! `GetOpenIdToken`: gives a token that says which identity somebody is, for the basic flow.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html>

use crate::{
    federation::{identities, issuer, prove, tags},
    prelude::*,
};

operation!(
    identity GetOpenIdToken, Public, reach Identity, asks,
    adds [ExternalService, ResourceConflict]
);

shape! { Input {
    IdentityId identity_id: IdentityId,
    Logins logins: Option<Logins>,
} }

shape! { Output {
    IdentityId identity_id: Option<IdentityId>,
    Token token: Option<OidcToken>,
} }

/// For how many seconds the token is good.
const LIFE_S: u64 = 600;

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool_of_identity(&input.identity_id)?.into_inner();
    cx.identity(&input.identity_id)?;
    if pool.description.allow_classic_flow != Some(true) {
        return Err(Error::saying(
            Code::InvalidParameter,
            "Basic (classic) flow is not enabled, please use enhanced flow.",
        ));
    }
    let logins = prove(cx, &pool, &input.logins.unwrap_or_default()).await?;
    issuer::ready(cx).await?;
    let pool = cx.pool_of_identity(&input.identity_id)?;
    let identity = identities::admitted(cx, &pool, &input.identity_id, &logins)?;
    let tags = tags::of(cx, &logins)?;
    let methods = issuer::methods(&logins);
    // A token that came from a token does not outlive it.
    let left_s = logins
        .iter()
        .filter(|login| login.identity.is_some())
        .filter_map(|login| Some(login.claims.get("exp")?.as_u64()?.saturating_sub(cx.now_s())));
    let (pool_id, lives_s) = (pool.id.as_str(), left_s.min().unwrap_or(LIFE_S).min(LIFE_S));
    let statement =
        issuer::Statement { pool_id, identity: &identity.id, methods, tags: &tags, lives_s };
    let token = issuer::sign(cx, statement)?;
    Ok(Output { identity_id: Some(identity.id.into()), token: Some(token.into()) })
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use serde_json::json;

    use crate::{
        shape::Json,
        testing::{World, claims, federated},
    };

    #[test]
    fn a_token_says_who_a_guest_is() {
        let world = World::new();
        let pool = world.identity_pool(json!({ "AllowClassicFlow": true }));
        let guest = world.ok("GetId", json!({ "IdentityPoolId": pool }));
        let given = world.ok("GetOpenIdToken", guest.clone());
        assert_eq!(given["IdentityId"], guest["IdentityId"]);
        let now_s = world.now_ms() / 1000;
        let uuid = pool.split_once(':').unwrap().1;
        assert_eq!(
            claims(&given["Token"]),
            json!({
                "sub": guest["IdentityId"], "aud": pool, "amr": ["unauthenticated"],
                "iss": format!("http://localhost:8787/identity/{uuid}"),
                "exp": now_s + 600, "iat": now_s,
            })
        );
    }

    #[test]
    fn a_token_says_who_vouches_for_somebody() {
        let (world, users, pool) = federated(json!({}));
        let tokens = world.sign_in(&users, "ann");
        let logins = world.logins(&users, &tokens);
        let id = world.ok("GetId", json!({ "IdentityPoolId": pool, "Logins": logins }));
        let input = json!({ "IdentityId": id["IdentityId"], "Logins": logins });
        let token = world.ok("GetOpenIdToken", input)["Token"].take();
        let provider = format!("cognito-idp.eu-west-1.amazonaws.com/{}", users.id);
        let sub = claims(&tokens["IdToken"])["sub"].as_str().unwrap().to_string();
        assert_eq!(
            claims(&token)["amr"],
            json!(["authenticated", provider, format!("{provider}:CognitoSignIn:{sub}"),])
        );
    }

    use alloc::string::ToString;

    #[test]
    fn the_basic_flow_must_be_allowed() {
        let world = World::new();
        let pool = world.identity_pool(json!({}));
        let guest = world.ok("GetId", json!({ "IdentityPoolId": pool }));
        let refused = world.fails("GetOpenIdToken", guest);
        assert_eq!(refused.code, "InvalidParameterException");
        assert_eq!(
            refused.message,
            "Basic (classic) flow is not enabled, please use enhanced flow."
        );
    }

    #[test]
    fn nobody_is_another_by_the_id_alone() {
        let (world, users, pool) = federated(json!({}));
        world.user(&users, "bob", json!([]));
        let [ann, bob] =
            ["ann", "bob"].map(|name| world.logins(&users, &world.sign_in(&users, name)));
        let get = |logins: &Json| {
            let input = json!({ "IdentityPoolId": pool, "Logins": logins });
            world.ok("GetId", input)["IdentityId"].take()
        };
        let (of_ann, of_bob) = (get(&ann), get(&bob));
        let token = |id: &Json, logins: &Json| {
            world.call("GetOpenIdToken", json!({ "IdentityId": id, "Logins": logins }))
        };
        assert!(token(&of_ann, &ann).is_ok() && token(&of_bob, &bob).is_ok());
        let refused = token(&of_ann, &json!({})).unwrap_err();
        let id = of_ann.as_str().unwrap();
        assert_eq!(refused.message, format!("Access to Identity '{id}' is forbidden."));
        let refused = token(&of_ann, &bob).unwrap_err();
        assert_eq!((refused.status, &*refused.code), (400, "NotAuthorizedException"));
        assert!(refused.message.starts_with("Logins don't match."), "{refused:?}");
    }

    #[test]
    fn a_guest_who_signs_in_stays_or_becomes_who_that_is() {
        let (world, users, pool) = federated(json!({}));
        world.user(&users, "bob", json!([]));
        let [ann, bob] =
            ["ann", "bob"].map(|name| world.logins(&users, &world.sign_in(&users, name)));
        let guest = || world.ok("GetId", json!({ "IdentityPoolId": pool }))["IdentityId"].take();
        let token = |id: &Json, logins: &Json| {
            world.call("GetOpenIdToken", json!({ "IdentityId": id, "Logins": logins }))
        };
        let first = guest();
        assert_eq!(token(&first, &ann).unwrap()["IdentityId"], first);
        let second = guest();
        assert_eq!(token(&second, &ann).unwrap()["IdentityId"], first);
        // The second is no guest any more, and comes back as the first.
        assert!(token(&second, &json!({})).unwrap_err().message.ends_with("is forbidden."));
        assert_eq!(token(&second, &ann).unwrap()["IdentityId"], first);
        // Two users of one pool are two identities.
        let refused = token(&first, &bob).unwrap_err();
        assert!(refused.message.starts_with("Logins don't match."), "{refused:?}");
    }
}
