//! `DeleteUserPoolClientSecret`: takes one of its two secrets from an app client.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolClientSecret.html>

use crate::prelude::*;

operation!(
    DeleteUserPoolClientSecret, Iam, reach Pool, now,
    adds [InternalServer, LimitExceeded],
    lacks [Internal, NotAuthorized, OperationNotEnabled]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    ClientId client_id: ClientId,
    ClientSecretId client_secret_id: ClientSecretId,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let mut client = super::known(cx, &input.user_pool_id, &input.client_id)?;
    let id = input.client_secret_id.as_str();
    if client.secrets.iter().all(|secret| secret.id != id) {
        let message = alloc::format!("Client secret {id} does not exist.");
        return Err(Error::saying(Code::ResourceNotFound, message));
    }
    if client.secrets.len() == 1 {
        let message = "The last secret of a client can not be deleted.";
        return Err(Error::saying(Code::InvalidParameter, message));
    }
    client.secrets.retain(|secret| secret.id != id);
    client.save()?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{shape::Json, testing::World};

    fn ids(world: &World, client: &Json) -> [Json; 2] {
        let listed = world.ok("ListUserPoolClientSecrets", client.clone());
        [0, 1].map(|at| listed["ClientSecrets"][at]["ClientSecretId"].clone())
    }

    #[test]
    fn either_secret_can_go_but_the_last_one_stays() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let client = world.client(&pool.id, json!({ "GenerateSecret": true }));
        let client = json!({ "UserPoolId": pool.id, "ClientId": client });
        for kept in [0, 1] {
            let _ = world.ok("AddUserPoolClientSecret", client.clone());
            let both = ids(&world, &client);
            let mut input = client.clone();
            input["ClientSecretId"] = both[1 - kept].clone();
            assert_eq!(world.ok("DeleteUserPoolClientSecret", input.clone()), json!({}));
            assert_eq!(ids(&world, &client), [both[kept].clone(), json!(null)]);
            let failure = world.fails("DeleteUserPoolClientSecret", input.clone());
            assert_eq!(failure.code, "ResourceNotFoundException");
            input["ClientSecretId"] = both[kept].clone();
            let failure = world.fails("DeleteUserPoolClientSecret", input);
            assert_eq!(failure.code, "InvalidParameterException");
            world.advance_s(1);
        }
    }

    #[test]
    fn a_secret_of_another_client_is_not_found() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let [mine, other] = [(); 2].map(|()| {
            let client = world.client(&pool.id, json!({ "GenerateSecret": true }));
            let client = json!({ "UserPoolId": pool.id, "ClientId": client });
            let _ = world.ok("AddUserPoolClientSecret", client.clone());
            client
        });
        let mut input = mine;
        input["ClientSecretId"] = ids(&world, &other)[0].clone();
        let failure = world.fails("DeleteUserPoolClientSecret", input);
        assert_eq!(failure.code, "ResourceNotFoundException");
    }
}
