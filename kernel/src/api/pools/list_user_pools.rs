//! `ListUserPools`: lists the user pools of the region that the call is signed for.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPools.html>

use crate::{
    model::pool::entry::PoolEntry,
    prelude::*,
    store::{keys, page},
};

operation!(
    ListUserPools, Iam, reach Account, now,
    adds [],
    lacks [OperationNotEnabled, ResourceNotFound]
);

shape! { Input {
    NextToken next_token: Option<PaginationToken>,
    MaxResults max_results: PageLimit,
} }

shape! { Output {
    UserPools user_pools: Option<Vec<UserPoolDescriptionType>>,
    NextToken next_token: Option<PaginationToken>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let prefix = keys::pool_entry(&cx.caller.region, "");
    let limit = usize::try_from(input.max_results.get()).unwrap_or(1);
    let token = input.next_token.as_ref().map(Text::as_str);
    let (entries, next_token) = page::<PoolEntry>(cx, &prefix, token, limit)?;
    let pools = entries.into_iter().map(|entry| entry.into_inner().description).collect();
    Ok(Output { user_pools: Some(pools), next_token: next_token.map(PaginationToken::from) })
}
