//! `AddUserPoolClientSecret`: gives an app client a second secret; from now on either will do.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddUserPoolClientSecret.html>

use crate::{access::client_secret, prelude::*};

operation!(
    AddUserPoolClientSecret, Iam, reach Pool, now,
    adds [AccessDenied, InternalServer, LimitExceeded],
    lacks [Internal, NotAuthorized, OperationNotEnabled]
);

/// Cognito's own bound.
const SECRETS_MAX: usize = 2;

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    ClientId client_id: ClientId,
    ClientSecret client_secret: Option<ClientSecret>,
} }

shape! { Output {
    ClientSecretDescriptor client_secret_descriptor: Option<ClientSecretDescriptorType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let mut client = super::known(cx, &input.user_pool_id, &input.client_id)?;
    if !client.has_secret() {
        return Err(Error::saying(
            Code::InvalidParameter,
            "A secret can only be added to a client that was made with one.",
        ));
    }
    if client.secrets.len() >= SECRETS_MAX {
        let message = "Client secrets cannot exceed limit of 2 secrets.";
        return Err(Error::saying(Code::LimitExceeded, message));
    }
    let (secret, told) = match input.client_secret {
        Some(given) => (given, None),
        None => {
            let made = client_secret::generate(cx);
            (made.clone(), Some(made))
        }
    };
    let secret = client_secret::seal(cx, &client.id, &secret, &client.secrets)?;
    let descriptor =
        ClientSecretDescriptorType { client_secret_value: told, ..super::listed(&secret) };
    client.secrets.push(secret);
    client.save()?;
    Ok(Output { client_secret_descriptor: Some(descriptor) })
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use base64::{Engine, prelude::BASE64_STANDARD};
    use serde_json::json;

    use crate::{
        crypto::hmac_sha256,
        shape::Json,
        testing::{PASSWORD, World},
    };

    const OWN: &str = "my1own2secret3of4sufficient5length";

    /// A pool with a user, and the name of a client that has a secret.
    fn world() -> (World, Json) {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let client = world.client(&pool.id, json!({ "GenerateSecret": true }));
        (world, json!({ "UserPoolId": pool.id, "ClientId": client }))
    }

    fn shown_secret(world: &World, client: &Json) -> String {
        let shown = world.ok("DescribeUserPoolClient", client.clone());
        shown["UserPoolClient"]["ClientSecret"].as_str().unwrap().into()
    }

    fn signs_in(world: &World, client: &Json, secret: &str) -> bool {
        let id = client["ClientId"].as_str().unwrap();
        let hash = hmac_sha256(secret.as_bytes(), &[b"ann", id.as_bytes()]);
        let hash = BASE64_STANDARD.encode(hash);
        let input = json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client["ClientId"],
            "AuthParameters": { "USERNAME": "ann", "PASSWORD": PASSWORD, "SECRET_HASH": hash },
        });
        world.call("InitiateAuth", input).is_ok()
    }

    #[test]
    fn both_secrets_are_good_until_one_is_deleted() {
        let (world, client) = world();
        let first = shown_secret(&world, &client);
        world.advance_s(60);
        let added = world.ok("AddUserPoolClientSecret", client.clone());
        let descriptor = &added["ClientSecretDescriptor"];
        let second = descriptor["ClientSecretValue"].as_str().unwrap();
        assert_eq!(second.len(), first.len());
        let id = format!("{}--{}", client["ClientId"].as_str().unwrap(), world.now_ms());
        assert_eq!(descriptor["ClientSecretId"], id);
        assert_eq!(descriptor["ClientSecretCreateDate"], world.now_ms() as f64 / 1000.0);
        assert!(signs_in(&world, &client, &first) && signs_in(&world, &client, second));
        assert!(!signs_in(&world, &client, OWN));
        assert_eq!(shown_secret(&world, &client), second);

        let listed = world.ok("ListUserPoolClientSecrets", client.clone());
        let mut old = client.clone();
        old["ClientSecretId"] = listed["ClientSecrets"][0]["ClientSecretId"].clone();
        let _ = world.ok("DeleteUserPoolClientSecret", old);
        assert!(!signs_in(&world, &client, &first) && signs_in(&world, &client, second));
    }

    #[test]
    fn a_secret_of_ones_own_is_not_told_back() {
        let (world, client) = world();
        let mut own = client.clone();
        own["ClientSecret"] = json!(OWN);
        let added = world.ok("AddUserPoolClientSecret", own);
        assert_eq!(added["ClientSecretDescriptor"].get("ClientSecretValue"), None);
        assert!(signs_in(&world, &client, OWN));
    }

    #[test]
    fn two_that_come_in_one_moment_have_ids_of_their_own() {
        let (world, client) = world();
        let _ = world.ok("AddUserPoolClientSecret", client.clone());
        let listed = world.ok("ListUserPoolClientSecrets", client);
        let id = |at: usize| listed["ClientSecrets"][at]["ClientSecretId"].as_str().unwrap();
        assert_ne!(id(0), id(1));
    }

    #[test]
    fn a_third_secret_is_one_too_many() {
        let (world, client) = world();
        let _ = world.ok("AddUserPoolClientSecret", client.clone());
        let failure = world.fails("AddUserPoolClientSecret", client);
        assert_eq!(failure.code, "LimitExceededException");
        assert_eq!(failure.message, "Client secrets cannot exceed limit of 2 secrets.");
    }

    #[test]
    fn a_client_without_a_secret_gets_none_and_an_unknown_one_is_not_found() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let client = json!({ "UserPoolId": pool.id, "ClientId": pool.client });
        let failure = world.fails("AddUserPoolClientSecret", client);
        assert_eq!(failure.code, "InvalidParameterException");
        let unknown = json!({ "UserPoolId": pool.id, "ClientId": "nobody" });
        let failure = world.fails("AddUserPoolClientSecret", unknown);
        assert_eq!(failure.code, "ResourceNotFoundException");
    }
}
