//! Takes an identity pool off the account's list.

use crate::{iam::revocation, model::identity_pool::IdentityPoolEntry, prelude::*, store::keys};

operation!(DelistIdentityPool, Internal, now);

/// How long a pool may take to be made. A younger entry may be of a pool to come.
const CREATION_MS_MAX: u64 = 60_000;

shape! { Input {
    Region region: String,
    Id id: String,
    /// The pool was not found, and may not have been made yet.
    IsMissing is_missing: Option<bool>,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let key = keys::identity_pool_entry(&input.region, &input.id);
    if let Some(entry) = cx.get::<IdentityPoolEntry>(key)? {
        let is_young = entry.made_ms.saturating_add(CREATION_MS_MAX) > cx.now_ms();
        if input.is_missing != Some(true) || !is_young {
            entry.delete();
            revocation::forget(cx, &input.id);
        }
    }
    Ok(Output {})
}
