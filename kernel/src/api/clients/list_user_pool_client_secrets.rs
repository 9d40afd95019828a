//! `ListUserPoolClientSecrets`: lists the secrets of an app client, without their values.
//!
//! There are two at most, so there is no second page.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClientSecrets.html>

use crate::prelude::*;

operation!(
    ListUserPoolClientSecrets, Iam, reach Pool, now,
    adds [InternalServer, LimitExceeded],
    lacks [Internal, NotAuthorized, OperationNotEnabled]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    ClientId client_id: ClientId,
    NextToken next_token: Option<PaginationKey>,
} }

shape! { Output {
    ClientSecrets client_secrets: Option<Vec<ClientSecretDescriptorType>>,
    NextToken next_token: Option<PaginationKey>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    if input.next_token.is_some() {
        return Err(Error::saying(Code::InvalidParameter, "Invalid pagination token"));
    }
    let client = super::known(cx, &input.user_pool_id, &input.client_id)?;
    let client_secrets = Some(client.secrets.iter().map(super::listed).collect());
    Ok(Output { client_secrets, next_token: None })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn secrets_are_listed_oldest_first_and_never_told() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let client = world.client(&pool.id, json!({ "GenerateSecret": true }));
        let client = json!({ "UserPoolId": pool.id, "ClientId": client });
        let made_s = world.now_ms() as f64 / 1000.0;
        world.advance_s(60);
        let added = world.ok("AddUserPoolClientSecret", client.clone());
        let listed = world.ok("ListUserPoolClientSecrets", client);
        let secrets = listed["ClientSecrets"].as_array().unwrap();
        assert_eq!(secrets.len(), 2);
        assert_eq!(secrets[0]["ClientSecretCreateDate"], made_s);
        let mut expected = added["ClientSecretDescriptor"].clone();
        expected.as_object_mut().unwrap().remove("ClientSecretValue");
        assert_eq!(secrets[1], expected);
        assert_eq!(secrets[0].get("ClientSecretValue"), None);
    }

    #[test]
    fn a_client_without_a_secret_lists_none() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let mut client = json!({ "UserPoolId": pool.id, "ClientId": pool.client });
        let listed = world.ok("ListUserPoolClientSecrets", client.clone());
        assert_eq!(listed, json!({ "ClientSecrets": [] }));
        client["NextToken"] = json!("Zm9yZ2Vk");
        let failure = world.fails("ListUserPoolClientSecrets", client);
        assert_eq!(failure.code, "InvalidParameterException");
    }
}
