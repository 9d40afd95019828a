//! `DeleteUserPool`: removes a user pool and all that is in it.
//!
//! The pool goes first, then its entry at the account. If this is cut short between, the entry is
//! left, and goes when the pool is described or deleted once more.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPool.html>

use crate::{prelude::*, store::keys};

operation!(DeleteUserPool, Iam, reach Pool, asks, adds [UserImportInProgress]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
} }

shape! { Output {} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let found = cx.pool(&input.user_pool_id).map(|pool| {
        let is_protected = pool.description.deletion_protection == Some(DeletionProtection::Active);
        (pool.region.clone(), is_protected)
    });
    let (region, is_protected) = match found {
        Ok(found) => found,
        Err(error) => return Err(super::forget(cx, &input.user_pool_id, error).await),
    };
    if is_protected {
        return Err(Error::saying(
            Code::InvalidParameter,
            "The user pool cannot be deleted because deletion protection is activated. Deletion \
             protection must be inactivated first.",
        ));
    }
    cx.delete_range(keys::under(""));
    cx.commit()?;
    let entry = serde_json::json!({ "Region": region, "Id": input.user_pool_id.as_str() });
    super::tell_account(cx, "DelistPool", &entry).await?;
    Ok(Output {})
}
