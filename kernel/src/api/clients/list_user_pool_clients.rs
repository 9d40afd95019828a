//! `ListUserPoolClients`: lists the app clients of a user pool.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClients.html>

use crate::{
    model::client::Client,
    prelude::*,
    store::{keys, page, page_size},
};

operation!(ListUserPoolClients, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    MaxResults max_results: Option<PageLimit>,
    NextToken next_token: Option<PaginationKey>,
    ClientType client_type: Option<ClientType>,
} }

shape! { Output {
    UserPoolClients user_pool_clients: Option<Vec<UserPoolClientDescription>>,
    NextToken next_token: Option<PaginationKey>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    let limit = page_size(input.max_results.map(Bounded::get));
    let token = input.next_token.as_ref().map(Text::as_str);
    let (clients, next_token) = page::<Client>(cx, &keys::client(""), token, limit)?;
    // A page may hold fewer than were asked for, or none, and yet not be the last.
    let is_wanted = |client: &UserPoolClientType| {
        input.client_type.is_none() || client.client_type == input.client_type
    };
    let clients = clients.into_iter().map(|client| client.into_inner().description);
    let shown = clients.filter(is_wanted).map(|client| UserPoolClientDescription {
        client_id: client.client_id,
        user_pool_id: client.user_pool_id,
        client_name: client.client_name,
    });
    let user_pool_clients = Some(shown.collect());
    Ok(Output { user_pool_clients, next_token: next_token.map(PaginationKey::from) })
}

#[cfg(test)]
mod tests {
    use alloc::{
        collections::BTreeSet,
        string::{String, ToString},
    };

    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn every_client_is_on_one_page() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let mut all: BTreeSet<String> = (0..6).map(|_| world.client(&pool.id, json!({}))).collect();
        all.insert(pool.client.clone());
        let mut seen = BTreeSet::new();
        let mut token = json!(null);
        loop {
            let input = json!({ "UserPoolId": pool.id, "MaxResults": 3, "NextToken": token });
            let page = world.ok("ListUserPoolClients", input);
            let clients = page["UserPoolClients"].as_array().unwrap();
            assert!((1..=3).contains(&clients.len()));
            for client in clients {
                let id = client["ClientId"].as_str().unwrap().to_string();
                let expected =
                    json!({ "ClientId": id, "UserPoolId": pool.id, "ClientName": "test" });
                assert_eq!(*client, expected);
                assert!(seen.insert(id), "a client is on two pages");
            }
            token = page["NextToken"].clone();
            if token.is_null() {
                break;
            }
        }
        assert_eq!(seen, all);
    }

    #[test]
    fn clients_are_listed_by_type() {
        let world = World::new();
        let pool = world.pool(json!({}));
        for (client_type, expected) in [("REGULAR", 1), ("DCR", 0)] {
            let input = json!({ "UserPoolId": pool.id, "ClientType": client_type });
            let page = world.ok("ListUserPoolClients", input);
            assert_eq!(page["UserPoolClients"].as_array().unwrap().len(), expected);
        }
    }

    #[test]
    fn a_pool_that_is_not_there_and_a_token_that_is_not_ours_are_refused() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let input = json!({ "UserPoolId": "eu-west-1_AbCdEfGhI" });
        let failure = world.fails("ListUserPoolClients", input);
        assert_eq!(failure.code, "ResourceNotFoundException");
        for (member, value) in
            [("NextToken", json!("Zm9yZ2Vk")), ("MaxResults", json!(0)), ("MaxResults", json!(61))]
        {
            let input = json!({ "UserPoolId": pool.id, member: value });
            let failure = world.fails("ListUserPoolClients", input);
            assert_eq!(failure.code, "InvalidParameterException", "{member}");
        }
    }
}
