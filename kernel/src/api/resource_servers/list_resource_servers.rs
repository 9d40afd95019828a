//! `ListResourceServers`: lists the resource servers of a user pool, each in full.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListResourceServers.html>

use crate::{
    model::resource_server::ResourceServer,
    prelude::*,
    store::{keys, page},
};

operation!(ListResourceServers, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    MaxResults max_results: Option<ListResourceServersLimit>,
    NextToken next_token: Option<PaginationToken>,
} }

shape! { Output {
    ResourceServers resource_servers: Vec<ResourceServerType>,
    NextToken next_token: Option<PaginationToken>,
} }

/// How many are on a page unless told otherwise: the most that can be asked for.
const PAGE_MAX: usize = 50;

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    let asked = input.max_results.and_then(|asked| usize::try_from(asked.get()).ok());
    let token = input.next_token.as_ref().map(Text::as_str);
    let limit = asked.unwrap_or(PAGE_MAX);
    let (servers, next_token) = page::<ResourceServer>(cx, keys::RESOURCE_SERVERS, token, limit)?;
    let resource_servers = servers.into_iter().map(|server| server.into_inner().description);
    let resource_servers = resource_servers.collect();
    Ok(Output { resource_servers, next_token: next_token.map(PaginationToken::from) })
}

#[cfg(test)]
mod tests {
    use alloc::{format, vec::Vec};

    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn every_server_is_on_one_page() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let made: Vec<_> = (0..7)
            .map(|n| {
                let server = json!({
                    "UserPoolId": pool.id, "Identifier": format!("https://a/{n}"), "Name": "n",
                });
                world.ok("CreateResourceServer", server)["ResourceServer"].take()
            })
            .collect();
        let mut seen = Vec::new();
        let mut token = json!(null);
        loop {
            let input = json!({ "UserPoolId": pool.id, "MaxResults": 3, "NextToken": token });
            let page = world.ok("ListResourceServers", input);
            let servers = page["ResourceServers"].as_array().unwrap();
            assert!((1..=3).contains(&servers.len()));
            seen.extend(servers.iter().cloned());
            token = page["NextToken"].clone();
            if token.is_null() {
                break;
            }
        }
        assert_eq!(seen, made);
        let all = world.ok("ListResourceServers", json!({ "UserPoolId": pool.id }));
        assert_eq!(all, json!({ "ResourceServers": made }));
    }

    #[test]
    fn a_pool_without_servers_lists_none() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let none = world.ok("ListResourceServers", json!({ "UserPoolId": pool.id }));
        assert_eq!(none, json!({ "ResourceServers": [] }));
        for (member, value) in
            [("NextToken", json!("Zm9yZ2Vk")), ("MaxResults", json!(0)), ("MaxResults", json!(51))]
        {
            let input = json!({ "UserPoolId": pool.id, member: value });
            let failure = world.fails("ListResourceServers", input);
            assert_eq!(failure.code, "InvalidParameterException", "{member}");
        }
    }
}
