//! What holds for an app client where nothing was said?

use alloc::vec;

use crate::{
    shape::Bounded,
    shapes::{
        ExplicitAuthFlow, PreventUserExistenceErrors, TokenValidityUnitsType, UserPoolClientType,
    },
};

/// For how many days a refresh token lives.
const REFRESH_DAYS: i32 = 30;
/// For how many minutes a challenge may be answered.
const AUTH_SESSION_MINUTES: i32 = 3;

/// Fills in what the caller left open, as AWS describes it back.
pub(crate) fn fill(client: &mut UserPoolClientType) {
    client.explicit_auth_flows.get_or_insert_with(|| {
        vec![
            ExplicitAuthFlow::AllowRefreshTokenAuth,
            ExplicitAuthFlow::AllowUserSrpAuth,
            ExplicitAuthFlow::AllowCustomAuth,
        ]
    });
    let given = client.refresh_token_validity.filter(|validity| validity.get() > 0);
    if given.is_none() {
        // 30 days, whatever unit was chosen for the number that is missing.
        client.refresh_token_validity = Some(REFRESH_DAYS.into());
        if let Some(units) = &mut client.token_validity_units {
            units.refresh_token = None;
        }
    }
    client.token_validity_units.get_or_insert_with(TokenValidityUnitsType::default);
    client.allowed_oauth_flows_user_pool_client.get_or_insert(false);
    client.prevent_user_existence_errors.get_or_insert(PreventUserExistenceErrors::Legacy);
    client.enable_token_revocation.get_or_insert(true);
    client.enable_propagate_additional_user_context_data.get_or_insert(false);
    client.auth_session_validity.get_or_insert(AUTH_SESSION_MINUTES.into());
}
