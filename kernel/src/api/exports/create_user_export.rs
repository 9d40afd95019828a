//! `CreateUserExport`: makes a file of all users of a pool ready to be fetched.
//!
//! It is written as it is fetched: groups, users with all that is known of them, and, sealed to the
//! public key of the caller's, their passwords' verifiers. `model/export.rs` describes it.

use super::{described, expire_user_exports};
use crate::{
    model::export::{Export, LIVES_MS},
    prelude::*,
    store::keys,
};

operation!(extension CreateUserExport, Iam, reach Pool, now, adds [LimitExceeded]);

/// More than anybody needs at once.
const EXPORTS_MAX: usize = 100;

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    PublicKey public_key: X25519Key,
} }

shape! { Output {
    UserExport user_export: UserExportType,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let range = keys::under(keys::EXPORTS);
    if cx.keys(range.start.as_str()..range.end.as_str(), EXPORTS_MAX)?.len() == EXPORTS_MAX {
        let message = "A user pool can have 100 exports at most within a day.";
        return Err(Error::saying(Code::LimitExceeded, message));
    }
    let export = Export::new(cx, input.public_key.as_str())?;
    cx.put(&keys::export(&export.id), &export)?;
    // Exports expire in the order in which they were made: an earlier one comes first.
    if !cx.has(&keys::wake(expire_user_exports::OPERATION.name))? {
        cx.wake_at(expire_user_exports::OPERATION.name, export.created_ms + LIVES_MS)?;
    }
    Ok(Output { user_export: described(cx, &pool, &export)? })
}
