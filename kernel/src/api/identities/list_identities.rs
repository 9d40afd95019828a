//! `ListIdentities`: lists the identities of a pool.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_ListIdentities.html>

use crate::{
    model::identity_pool::identity::Identity,
    prelude::*,
    store::{keys, page},
};

operation!(identity ListIdentities, Iam, reach IdentityPool, now, adds []);

shape! { Input {
    IdentityPoolId identity_pool_id: IdentityPoolId,
    MaxResults max_results: IdentityQueryLimit,
    NextToken next_token: Option<IdentityPaginationKey>,
    HideDisabled hide_disabled: Option<bool>,
} }

shape! { Output {
    IdentityPoolId identity_pool_id: Option<IdentityPoolId>,
    Identities identities: Option<Vec<IdentityDescription>>,
    NextToken next_token: Option<IdentityPaginationKey>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.identity_pool(&input.identity_pool_id)?;
    let token = input.next_token.as_ref().map(Text::as_str);
    let limit = input.max_results.size();
    let (found, next_token) = page::<Identity>(cx, keys::IDENTITIES, token, limit)?;
    // A page may be shorter for that; the token says whether there are more.
    let hides = input.hide_disabled == Some(true);
    let shown = found.iter().filter(|identity| !(hides && identity.is_disabled));
    Ok(Output {
        identities: Some(shown.map(|identity| identity.described(&pool)).collect()),
        identity_pool_id: Some(input.identity_pool_id),
        next_token: next_token.map(Into::into),
    })
}

#[cfg(test)]
mod tests {
    use alloc::{collections::BTreeSet, string::ToString};

    use serde_json::json;

    use crate::testing::{World, federated};

    #[test]
    fn every_identity_is_on_one_page() {
        let world = World::new();
        let pool = world.identity_pool(json!({}));
        let id = |json: &serde_json::Value| json["IdentityId"].as_str().unwrap().to_string();
        let get = || id(&world.ok("GetId", json!({ "IdentityPoolId": pool })));
        let made: BTreeSet<_> = (0..5).map(|_| get()).collect();
        let (mut seen, mut token) = (BTreeSet::new(), json!(null));
        loop {
            let input = json!({ "IdentityPoolId": pool, "MaxResults": 2, "NextToken": token });
            let page = world.ok("ListIdentities", input);
            for identity in page["Identities"].as_array().unwrap() {
                assert!(seen.insert(id(identity)));
            }
            token = page["NextToken"].clone();
            if token.is_null() {
                break;
            }
        }
        assert_eq!(seen, made);
    }

    #[test]
    fn disabled_ones_are_hidden_where_that_is_asked() {
        let (world, users, pool) = federated(json!({}));
        let logins = world.logins(&users, &world.sign_in(&users, "ann"));
        let _ = world.ok("GetId", json!({ "IdentityPoolId": pool, "Logins": logins }));
        let guest = world.ok("GetId", json!({ "IdentityPoolId": pool }))["IdentityId"].take();
        let _ = world.ok("GetOpenIdToken", json!({ "IdentityId": guest, "Logins": logins }));
        let count = |hides: bool| {
            let input = json!({ "IdentityPoolId": pool, "MaxResults": 60, "HideDisabled": hides });
            world.ok("ListIdentities", input)["Identities"].as_array().unwrap().len()
        };
        assert_eq!((count(false), count(true)), (2, 1));
    }
}
