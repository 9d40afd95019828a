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
