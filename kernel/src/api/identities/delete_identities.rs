//! `DeleteIdentities`: removes identities of any pools; those that do not exist are passed over.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DeleteIdentities.html>

use alloc::collections::BTreeMap;

use crate::{
    place::{IdentityPoolKey, Place},
    prelude::*,
};

operation!(
    identity DeleteIdentities, Iam, reach Account, asks,
    adds [],
    lacks [NotAuthorized, ResourceNotFound]
);

shape! { Input {
    IdentityIdsToDelete identity_ids_to_delete: IdentityIdList,
} }

shape! { Output {
    UnprocessedIdentityIds unprocessed_identity_ids: Option<UnprocessedIdentityIdList>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let mut by_pool: BTreeMap<IdentityPoolKey, Vec<IdentityId>> = BTreeMap::new();
    for id in input.identity_ids_to_delete.0 {
        if let Some(key) = IdentityPoolKey::of_id(id.as_str()) {
            by_pool.entry(key).or_default().push(id);
        }
    }
    let mut unprocessed = UnprocessedIdentityIdList::default();
    for (key, ids) in by_pool {
        let names: Vec<&str> = ids.iter().map(Text::as_str).collect();
        let input = serde_json::json!({ "IdentityIds": names });
        let answer = cx.call(Place::IdentityPool(key), "DropIdentities", &input).await;
        if !answer.is_ok_and(|response| response.status == 200) {
            unprocessed.extend(ids.into_iter().map(|id| UnprocessedIdentityId {
                identity_id: Some(id),
                error_code: Some(IdentityErrorCode::InternalServerError),
            }));
        }
    }
    Ok(Output { unprocessed_identity_ids: Some(unprocessed) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        IdentityPoolKey, Place,
        testing::{World, federated},
    };

    #[test]
    fn nothing_is_left_of_a_deleted_identity_and_its_user_is_somebody_new() {
        let (world, users, pool) = federated(json!({}));
        let logins = world.logins(&users, &world.sign_in(&users, "ann"));
        let get = || {
            let input = json!({ "IdentityPoolId": pool, "Logins": logins });
            world.ok("GetId", input)["IdentityId"].take()
        };
        let place = Place::IdentityPool(IdentityPoolKey::of_id(&pool).unwrap());
        let before = world.records(&place).len();
        let first = get();
        let developer = json!({ "IdentityPoolId": pool, "Logins": { "login.shop": "ann" } });
        let other = world.ok("GetOpenIdTokenForDeveloperIdentity", developer);
        let both = json!({ "IdentityIdsToDelete": [first, other["IdentityId"], "eu-west-1:0"] });
        let answer = world.ok("DeleteIdentities", both);
        assert_eq!(answer, json!({ "UnprocessedIdentityIds": [] }));
        // The pool's key was made meanwhile.
        assert_eq!(world.records(&place).len(), before + 1);
        assert_ne!(get(), first);
    }

    #[test]
    fn what_could_not_be_deleted_is_told() {
        let world = World::new();
        let pool = world.identity_pool(json!({}));
        let id = world.ok("GetId", json!({ "IdentityPoolId": pool }))["IdentityId"].take();
        world.calls_fail(true);
        let answer = world.ok("DeleteIdentities", json!({ "IdentityIdsToDelete": [id] }));
        assert_eq!(
            answer,
            json!({ "UnprocessedIdentityIds": [
            { "IdentityId": id, "ErrorCode": "InternalServerError" },
        ] })
        );
        world.calls_fail(false);
        let _ = world.ok("DescribeIdentity", json!({ "IdentityId": id }));
    }
}
