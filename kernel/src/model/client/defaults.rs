//! What holds for an app client where nothing was said?

use alloc::{vec, vec::Vec};

use crate::{
    shape::Bounded,
    shapes::{
        ClientType, ExplicitAuthFlow, Feature, PreventUserExistenceErrors, UserPoolClientType,
    },
};

/// For how many days a refresh token lives.
const REFRESH_DAYS: i32 = 30;
/// For how many minutes a challenge may be answered.
const AUTH_SESSION_MINUTES: i32 = 3;

/// Fills in what the caller left open, as AWS describes it back. An empty list of flows or
/// attributes says as much as none.
pub(crate) fn fill(client: &mut UserPoolClientType) {
    flows(client);
    refresh_token_validity(client);
    for attributes in [&mut client.read_attributes, &mut client.write_attributes] {
        *attributes = attributes.take().filter(|listed| !listed.is_empty());
    }
    client.token_validity_units.get_or_insert_default();
    client.allowed_oauth_flows_user_pool_client.get_or_insert(false);
    client.prevent_user_existence_errors.get_or_insert(PreventUserExistenceErrors::Legacy);
    client.enable_token_revocation.get_or_insert(true);
    client.enable_propagate_additional_user_context_data.get_or_insert(false);
    client.auth_session_validity.get_or_insert(AUTH_SESSION_MINUTES.into());
    if let Some(rotation) = &mut client.refresh_token_rotation {
        rotation.retry_grace_period_seconds.get_or_insert(0.into());
    }
    client.client_type.get_or_insert(ClientType::Regular);
}

fn flows(client: &mut UserPoolClientType) {
    let given = client.explicit_auth_flows.take().filter(|listed| !listed.is_empty());
    let rotation = client.refresh_token_rotation.as_ref().map(|rotation| rotation.feature);
    let usual = || {
        let mut flows: Vec<_> =
            vec![ExplicitAuthFlow::AllowUserSrpAuth, ExplicitAuthFlow::AllowCustomAuth];
        if rotation != Some(Feature::Enabled) {
            flows.insert(0, ExplicitAuthFlow::AllowRefreshTokenAuth);
        }
        flows
    };
    client.explicit_auth_flows = Some(given.unwrap_or_else(usual));
}

/// Without a number, or with 0, it is 30 days, whatever unit was chosen.
fn refresh_token_validity(client: &mut UserPoolClientType) {
    if client.refresh_token_validity.is_some_and(|validity| validity.get() > 0) {
        return;
    }
    client.refresh_token_validity = Some(REFRESH_DAYS.into());
    if let Some(units) = &mut client.token_validity_units {
        units.refresh_token = None;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn no_flows_are_the_usual_flows() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let make = |flows| {
            let input =
                json!({ "UserPoolId": pool.id, "ClientName": "web", "ExplicitAuthFlows": flows });
            world.ok("CreateUserPoolClient", input)["UserPoolClient"]["ExplicitAuthFlows"].take()
        };
        let usual = json!(["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"]);
        assert_eq!(make(json!([])), usual);
        assert_eq!(make(json!(null)), usual);
        assert_eq!(make(json!(["ALLOW_USER_AUTH"])), json!(["ALLOW_USER_AUTH"]));
    }
}
