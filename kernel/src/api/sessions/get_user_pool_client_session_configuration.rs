//! `GetUserPoolClientSessionConfiguration`: tells for how long a client takes up a sign-in of managed login in silence.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolClientSessionConfiguration.html>

use crate::{api::clients, prelude::*};

operation!(GetUserPoolClientSessionConfiguration, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    ClientId client_id: ClientId,
} }

shape! { Output {
    UserPoolId user_pool_id: Option<UserPoolId>,
    ClientId client_id: Option<ClientId>,
    SSOSession sso_session: Option<ClientSSOSessionConfigType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let client = clients::known(cx, &input.user_pool_id, &input.client_id)?;
    Ok(Output {
        user_pool_id: Some(input.user_pool_id),
        client_id: Some(input.client_id),
        sso_session: Some(client.sso_session()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn what_was_set_is_told_and_before_that_an_hour() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let client = json!({ "UserPoolId": pool.id, "ClientId": pool.client });
        let told = |minutes: u32| {
            json!({
                "UserPoolId": pool.id, "ClientId": pool.client,
                "SSOSession": { "MaxValidityMinutes": minutes },
            })
        };
        let get = || world.ok("GetUserPoolClientSessionConfiguration", client.clone());
        let track = |tracking: &str| {
            let sessions = json!({
                "UserPoolId": pool.id, "UserSessionTracking": tracking,
                "TokenSession": { "MaxPerUser": 20 },
            });
            let _ = world.ok("SetUserPoolSessionConfiguration", sessions);
        };
        assert_eq!(get(), told(60));
        track("ENABLED");
        let set = world.ok("SetUserPoolClientSessionConfiguration", told(0));
        assert_eq!((set, get()), (told(0), told(0)));
        track("DISABLED");
        let _ = world.ok("UpdateUserPoolClient", client.clone());
        assert_eq!(get(), told(0));
    }

    #[test]
    fn an_unknown_client_is_not_found() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let input = json!({ "UserPoolId": pool.id, "ClientId": "nobody" });
        let failure = world.fails("GetUserPoolClientSessionConfiguration", input);
        assert_eq!(failure.code, "ResourceNotFoundException");
    }
}
