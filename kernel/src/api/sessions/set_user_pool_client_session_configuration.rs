//! `SetUserPoolClientSessionConfiguration`: says for how long a client takes up a sign-in of managed login in silence.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolClientSessionConfiguration.html>

use crate::{api::clients, prelude::*};

operation!(
    SetUserPoolClientSessionConfiguration, Iam, reach Pool, now,
    adds [ConcurrentModification, FeatureUnavailableInTier]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    ClientId client_id: ClientId,
    SSOSession sso_session: ClientSSOSessionConfigType,
} }

shape! { Output {
    UserPoolId user_pool_id: Option<UserPoolId>,
    ClientId client_id: Option<ClientId>,
    SSOSession sso_session: Option<ClientSSOSessionConfigType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let mut client = clients::known(cx, &input.user_pool_id, &input.client_id)?;
    cx.pool(&input.user_pool_id)?.sessions.require_tracking()?;
    client.sso_minutes = Some(input.sso_session.max_validity_minutes.get());
    client.save()?;
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
    fn sessions_must_be_tracked() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let input = json!({
            "UserPoolId": pool.id, "ClientId": pool.client,
            "SSOSession": { "MaxValidityMinutes": 5 },
        });
        let failure = world.fails("SetUserPoolClientSessionConfiguration", input);
        assert_eq!(failure.code, "OperationNotEnabledException");
    }
}
