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
