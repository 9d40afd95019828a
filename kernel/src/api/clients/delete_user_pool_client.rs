//! `DeleteUserPoolClient`: removes an app client.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolClient.html>

use crate::prelude::*;

operation!(DeleteUserPoolClient, Iam, reach Pool, now, adds [ConcurrentModification]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    ClientId client_id: ClientId,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    super::known(cx, &input.user_pool_id, &input.client_id)?.delete();
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn a_deleted_client_is_gone_and_others_are_not() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let other = world.client(&pool.id, json!({}));
        let client = json!({ "UserPoolId": pool.id, "ClientId": pool.client });
        assert_eq!(world.ok("DeleteUserPoolClient", client.clone()), json!({}));
        for operation in ["DescribeUserPoolClient", "UpdateUserPoolClient", "DeleteUserPoolClient"]
        {
            let failure = world.fails(operation, client.clone());
            assert_eq!(failure.code, "ResourceNotFoundException", "{operation}");
            let message = alloc::format!("User pool client {} does not exist.", pool.client);
            assert_eq!(failure.message, message);
        }
        let other = json!({ "UserPoolId": pool.id, "ClientId": other });
        let _ = world.ok("DescribeUserPoolClient", other);
    }

    #[test]
    fn nobody_signs_in_through_a_deleted_client() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let _ = world.sign_in(&pool, "ann");
        let client = json!({ "UserPoolId": pool.id, "ClientId": pool.client });
        let _ = world.ok("DeleteUserPoolClient", client);
        let failure = world.fails(
            "InitiateAuth",
            json!({
                "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
                "AuthParameters": { "USERNAME": "ann", "PASSWORD": crate::testing::PASSWORD },
            }),
        );
        assert_eq!(failure.code, "ResourceNotFoundException");
    }
}
