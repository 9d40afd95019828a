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
