//! `MergeDeveloperIdentities`: makes one identity of those of two users of a developer's own
//! system; that of the source can't be used any more.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_MergeDeveloperIdentities.html>

use crate::{federation::identities, prelude::*};

operation!(
    identity MergeDeveloperIdentities, Iam, reach IdentityPool, now,
    adds [ResourceConflict]
);

shape! { Input {
    SourceUserIdentifier source_user_identifier: DeveloperUserIdentifier,
    DestinationUserIdentifier destination_user_identifier: DeveloperUserIdentifier,
    DeveloperProviderName developer_provider_name: DeveloperProviderName,
    IdentityPoolId identity_pool_id: IdentityPoolId,
} }

shape! { Output {
    IdentityId identity_id: Option<IdentityId>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.identity_pool(&input.identity_pool_id)?;
    super::check_developer(&pool, &input.developer_provider_name)?;
    let owner = |user: &DeveloperUserIdentifier| {
        identities::owner_of_user(cx, user.as_str())?
            .ok_or_else(|| Error::saying(Code::ResourceNotFound, "Developer user not found."))
    };
    let source = owner(&input.source_user_identifier)?;
    let destination = owner(&input.destination_user_identifier)?;
    if source == destination {
        let message = "Both developer users are the same identity.";
        return Err(Error::saying(Code::InvalidParameter, message));
    }
    let source = cx.identity(&source.as_str().into())?.into_inner();
    let mut into = cx.identity(&destination.as_str().into())?.into_inner();
    identities::merge(cx, &mut into, source)?;
    Ok(Output { identity_id: Some(destination.into()) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        shape::Json,
        testing::{Failure, World, federated},
    };

    fn made(world: &World, pool: &str, user: &str) -> Json {
        let input = json!({ "IdentityPoolId": pool, "Logins": { "login.shop": user } });
        world.ok("GetOpenIdTokenForDeveloperIdentity", input)["IdentityId"].take()
    }

    fn merge(world: &World, pool: &str, from: &str, into: &str) -> Result<Json, Failure> {
        world.call(
            "MergeDeveloperIdentities",
            json!({
                "IdentityPoolId": pool, "DeveloperProviderName": "login.shop",
                "SourceUserIdentifier": from, "DestinationUserIdentifier": into,
            }),
        )
    }

    fn look_up(world: &World, pool: &str, more: Json) -> Result<Json, Failure> {
        let mut input = json!({ "IdentityPoolId": pool });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        world.call("LookupDeveloperIdentity", input)
    }

    #[test]
    fn two_users_become_one_identity() {
        let (world, _, pool) = federated(json!({}));
        let (ann, bob) = (made(&world, &pool, "ann"), made(&world, &pool, "bob"));
        assert_eq!(merge(&world, &pool, "ann", "bob").unwrap(), json!({ "IdentityId": bob }));
        assert_eq!(made(&world, &pool, "ann"), bob);
        let users = look_up(&world, &pool, json!({ "IdentityId": bob })).unwrap();
        assert_eq!(users["DeveloperUserIdentifierList"], json!(["ann", "bob"]));
        let none = look_up(&world, &pool, json!({ "IdentityId": ann })).unwrap();
        assert_eq!(none["DeveloperUserIdentifierList"], json!([]));
        let again = merge(&world, &pool, "ann", "bob").unwrap_err();
        assert_eq!(again.code, "InvalidParameterException");
        let missing = merge(&world, &pool, "ann", "zoe").unwrap_err();
        assert_eq!(missing.code, "ResourceNotFoundException");
    }

    #[test]
    fn users_are_looked_up_by_either_side() {
        let (world, _, pool) = federated(json!({}));
        let (ann, bob) = (made(&world, &pool, "ann"), made(&world, &pool, "bob"));
        let by_user = json!({ "DeveloperUserIdentifier": "ann" });
        let expected = json!({ "IdentityId": ann, "DeveloperUserIdentifierList": ["ann"] });
        assert_eq!(look_up(&world, &pool, by_user).unwrap(), expected);
        let both = json!({ "IdentityId": bob, "DeveloperUserIdentifier": "ann" });
        let conflict = look_up(&world, &pool, both).unwrap_err();
        assert_eq!(conflict.code, "ResourceConflictException");
        let nobody = look_up(&world, &pool, json!({ "DeveloperUserIdentifier": "zoe" }));
        assert_eq!(nobody.unwrap_err().code, "ResourceNotFoundException");
        let nothing = look_up(&world, &pool, json!({})).unwrap_err();
        assert_eq!(nothing.code, "InvalidParameterException");
    }

    #[test]
    fn a_user_who_was_taken_away_is_somebody_new() {
        let (world, _, pool) = federated(json!({}));
        let ann = made(&world, &pool, "ann");
        let unlink = |user: &str| {
            world.call(
                "UnlinkDeveloperIdentity",
                json!({
                    "IdentityId": ann, "IdentityPoolId": pool,
                    "DeveloperProviderName": "login.shop", "DeveloperUserIdentifier": user,
                }),
            )
        };
        assert_eq!(unlink("bob").unwrap_err().code, "ResourceNotFoundException");
        assert_eq!(unlink("ann").unwrap(), json!({}));
        assert_ne!(made(&world, &pool, "ann"), ann);
        // Nobody is left to be that identity, a guest least of all.
        let refused = world.fails("GetOpenIdToken", json!({ "IdentityId": ann }));
        assert!(refused.message.ends_with("is forbidden."), "{refused:?}");
    }
}
