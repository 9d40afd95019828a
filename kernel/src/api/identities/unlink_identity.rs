//! `UnlinkIdentity`: takes logins from an identity; without any it can't be used any more.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnlinkIdentity.html>

use crate::{
    federation::{identities, prove},
    model::identity_pool::{identity::logins_do_not_match, provider::canonical},
    prelude::*,
};

operation!(
    identity UnlinkIdentity, Public, reach Identity, asks,
    adds [ExternalService, ResourceConflict]
);

shape! { Input {
    IdentityId identity_id: IdentityId,
    Logins logins: Logins,
    LoginsToRemove logins_to_remove: Vec<IdentityProviderName>,
} }

shape! { Output {} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool_of_identity(&input.identity_id)?.into_inner();
    cx.identity(&input.identity_id)?;
    let logins = prove(cx, &pool, &input.logins).await?;
    let identity = cx.identity(&input.identity_id)?.into_inner();
    let is_own = logins.iter().any(|login| {
        let known = identity.logins.get(&login.provider);
        known == Some(&login.subject) || login.identity.as_ref() == Some(&identity.id)
    });
    if !is_own || identity.is_disabled {
        return Err(logins_do_not_match());
    }
    let names = input.logins_to_remove.iter().map(|name| canonical(name.as_str()));
    identities::unlink(cx, identity, &names.collect::<Vec<_>>())?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::federated;

    #[test]
    fn an_identity_without_logins_can_not_be_used() {
        let (world, users, pool) = federated(json!({}));
        let logins = world.logins(&users, &world.sign_in(&users, "ann"));
        let get = || {
            let input = json!({ "IdentityPoolId": pool, "Logins": logins });
            world.ok("GetId", input)["IdentityId"].take()
        };
        let id = get();
        let names: alloc::vec::Vec<_> = logins.as_object().unwrap().keys().collect();
        let unlink = |logins: &serde_json::Value| {
            let input = json!({ "IdentityId": id, "Logins": logins, "LoginsToRemove": names });
            world.call("UnlinkIdentity", input)
        };
        assert!(unlink(&json!({})).unwrap_err().message.starts_with("Logins don't match."));
        world.user(&users, "bob", json!([]));
        let of_bob = world.logins(&users, &world.sign_in(&users, "bob"));
        assert!(unlink(&of_bob).unwrap_err().message.starts_with("Logins don't match."));
        assert_eq!(unlink(&logins).unwrap(), json!({}));
        let refused = world.fails("GetOpenIdToken", json!({ "IdentityId": id }));
        assert!(refused.message.ends_with("is forbidden."), "{refused:?}");
        assert_ne!(get(), id);
    }
}
