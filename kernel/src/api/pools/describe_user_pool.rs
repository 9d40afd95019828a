//! `DescribeUserPool`: tells all about a user pool.
//!
//! If there is none, an entry that the account may have of it goes: its making or its deletion
//! was cut short.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html>

use crate::{model::pool::UserCount, prelude::*, store::keys};

operation!(DescribeUserPool, Iam, reach Pool, asks, adds [UserPoolTagging]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
} }

shape! { Output {
    UserPool user_pool: Option<UserPoolType>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let found = cx.pool(&input.user_pool_id).map(|pool| pool.description.clone());
    let description = match found {
        Ok(description) => description,
        Err(error) => return Err(super::forget(cx, &input.user_pool_id, error).await),
    };
    let count = cx.get::<UserCount>(keys::USER_COUNT)?.map_or(0, |count| count.users);
    let estimated_number_of_users = Some(i32::try_from(count).unwrap_or(i32::MAX));
    Ok(Output { user_pool: Some(UserPoolType { estimated_number_of_users, ..description }) })
}
