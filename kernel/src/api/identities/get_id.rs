//! `GetId`: tells which identity somebody is, and makes one of whoever is new.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html>

use crate::{
    federation::{identities, prove},
    prelude::*,
};

operation!(
    identity GetId, Public, reach IdentityPool, asks,
    adds [ExternalService, LimitExceeded, ResourceConflict]
);

shape! { Input {
    AccountId account_id: Option<AccountId>,
    IdentityPoolId identity_pool_id: IdentityPoolId,
    Logins logins: Option<Logins>,
} }

shape! { Output {
    IdentityId identity_id: Option<IdentityId>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.identity_pool(&input.identity_pool_id)?.into_inner();
    let logins = prove(cx, &pool, &input.logins.unwrap_or_default()).await?;
    let pool = cx.identity_pool(&input.identity_pool_id)?;
    let identity = identities::of_logins(cx, &pool, &logins)?;
    Ok(Output { identity_id: Some(identity.id.into()) })
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use serde_json::json;

    use crate::{
        shape::Json,
        testing::{World, federated},
    };

    #[test]
    fn every_guest_is_somebody_new() {
        let world = World::new();
        let pool = world.identity_pool(json!({}));
        let get = || world.ok("GetId", json!({ "IdentityPoolId": pool }))["IdentityId"].take();
        assert_ne!(get(), get());
    }

    #[test]
    fn where_guests_are_not_taken_nobody_is_made() {
        let world = World::new();
        let pool = world.identity_pool(json!({ "AllowUnauthenticatedIdentities": false }));
        let refused = world.fails("GetId", json!({ "IdentityPoolId": pool }));
        assert_eq!(refused.code, "NotAuthorizedException");
        assert_eq!(
            refused.message,
            "Unauthenticated access is not supported for this identity pool."
        );
        let list = json!({ "IdentityPoolId": pool, "MaxResults": 1 });
        assert_eq!(world.ok("ListIdentities", list)["Identities"], json!([]));
    }

    #[test]
    fn a_user_is_the_same_identity_by_either_form_of_the_issuer() {
        let (world, users, pool) = federated(json!({}));
        let tokens = world.sign_in(&users, "ann");
        let get = |name: &str| {
            let logins = json!({ name: tokens["IdToken"] });
            world.call("GetId", json!({ "IdentityPoolId": pool, "Logins": logins }))
        };
        let first = get(&format!("cognito-idp.eu-west-1.amazonaws.com/{}", users.id)).unwrap();
        let again = get(&format!("localhost:8787/{}", users.id)).unwrap();
        assert_eq!(first, again);
        let refused = get(&format!("localhost:9999/{}", users.id)).unwrap_err();
        assert_eq!(
            refused.message,
            "Token is not from a supported provider of this identity pool."
        );
        world.user(&users, "bob", json!([]));
        let logins = world.logins(&users, &world.sign_in(&users, "bob"));
        let other = world.ok("GetId", json!({ "IdentityPoolId": pool, "Logins": logins }));
        assert_ne!(first, other);
    }

    #[test]
    fn a_token_that_does_not_hold_is_refused() {
        let (world, users, pool) = federated(json!({}));
        let tokens = world.sign_in(&users, "ann");
        let provider = format!("cognito-idp.eu-west-1.amazonaws.com/{}", users.id);
        let refused = |token: &Json| {
            let logins = json!({ provider.as_str(): token });
            let input = json!({ "IdentityPoolId": pool, "Logins": logins });
            let refused = world.fails("GetId", input);
            assert_eq!(refused.code, "NotAuthorizedException");
            refused.message
        };
        let token = tokens["IdToken"].as_str().unwrap();
        let (head, signature) = token.rsplit_once('.').unwrap();
        let none = format!("eyJhbGciOiJub25lIn0.{}.", token.split('.').nth(1).unwrap());
        let (not, unverified) = (
            "Invalid login token. Not a valid OpenId Connect identity token.",
            "Invalid login token. Couldn't verify signed token.",
        );
        assert_eq!(refused(&json!("x")), not);
        assert_eq!(refused(&json!(none)), not);
        assert_eq!(refused(&json!(format!("{head}.AA{signature}"))), unverified);
        assert_eq!(
            refused(&tokens["AccessToken"]),
            "Invalid login token. Token was not used for id."
        );
        let stranger = world.client(&users.id, json!({}));
        let elsewhere = crate::testing::TestPool { id: users.id.clone(), client: stranger };
        let of_another_client = world.sign_in(&elsewhere, "ann");
        assert_eq!(
            refused(&of_another_client["IdToken"]),
            "Invalid login token. Incorrect token audience."
        );
        let others = world.pool(json!({}));
        world.user(&others, "ann", json!([]));
        assert_eq!(refused(&world.sign_in(&others, "ann")["IdToken"]), unverified);
        world.advance_s(3_600);
        let now_s = world.now_ms() / 1000;
        let expired = format!("Invalid login token. Token expired: {now_s} >= {now_s}");
        assert_eq!(refused(&tokens["IdToken"]), expired);
    }

    #[test]
    fn a_user_who_signed_out_is_refused_where_that_is_looked_at() {
        for checks in [false, true] {
            let (world, users, pool) = federated(json!({ "ServerSideTokenCheck": checks }));
            let tokens = world.sign_in(&users, "ann");
            let logins = world.logins(&users, &tokens);
            let input = json!({ "IdentityPoolId": pool, "Logins": logins });
            let _ = world.ok("GetId", input.clone());
            let _ = world.ok("GlobalSignOut", json!({ "AccessToken": tokens["AccessToken"] }));
            assert_eq!(world.call("GetId", input).is_err(), checks);
        }
    }

    #[test]
    fn a_key_that_is_new_at_the_provider_is_learnt() {
        let (world, users, pool) = federated(json!({}));
        let get = || {
            let logins = world.logins(&users, &world.sign_in(&users, "ann"));
            world.call("GetId", json!({ "IdentityPoolId": pool, "Logins": logins }))
        };
        let first = get().unwrap();
        let before = world.records(&world.home(&users.id, ""));
        let keys = crate::store::keys::SIGNING_KEYS;
        crate::Store::commit(&*before, [crate::Write::Delete(keys.into())].into()).unwrap();
        world.advance_s(11);
        assert_eq!(get().unwrap(), first);
    }
}
