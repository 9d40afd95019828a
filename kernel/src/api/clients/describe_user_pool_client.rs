//! `DescribeUserPoolClient`: tells all about an app client.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolClient.html>

use crate::prelude::*;

operation!(DescribeUserPoolClient, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    ClientId client_id: ClientId,
} }

shape! { Output {
    UserPoolClient user_pool_client: Option<UserPoolClientType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let client = super::known(cx, &input.user_pool_id, &input.client_id)?;
    Ok(Output { user_pool_client: Some(super::shown(cx, &client)?) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn a_client_is_shown_through_its_own_pool_only() {
        let world = World::new();
        let (pool, other) = (world.pool(json!({})), world.pool(json!({})));
        let mine = json!({ "UserPoolId": pool.id, "ClientId": pool.client });
        let shown = world.ok("DescribeUserPoolClient", mine);
        assert_eq!(shown["UserPoolClient"]["ClientId"], pool.client);
        let suffix = pool.id.strip_prefix("eu-west-1_").unwrap();
        for pool_id in [other.id, ["us-east-1_", suffix].concat()] {
            let input = json!({ "UserPoolId": pool_id, "ClientId": pool.client });
            let failure = world.fails("DescribeUserPoolClient", input);
            assert_eq!(failure.code, "ResourceNotFoundException");
        }
    }

    #[test]
    fn a_client_without_a_secret_shows_none() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let input = json!({ "UserPoolId": pool.id, "ClientId": pool.client });
        let shown = world.ok("DescribeUserPoolClient", input);
        assert_eq!(shown["UserPoolClient"].get("ClientSecret"), None);
    }
}
