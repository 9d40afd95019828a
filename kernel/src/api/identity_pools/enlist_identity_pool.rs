//! Puts an identity pool into the account's list, or renews its name there.

use crate::{model::identity_pool::IdentityPoolEntry, prelude::*, store::keys};

operation!(EnlistIdentityPool, Internal, now);

shape! { Input {
    Region region: String,
    Id id: String,
    Name name: String,
    IsNew is_new: bool,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let key = keys::identity_pool_entry(&input.region, &input.id);
    let known = cx.get::<IdentityPoolEntry>(key.as_str())?.map(|entry| entry.made_ms);
    // A pool that was deleted meanwhile stays off the list.
    if input.is_new == known.is_none() {
        let made_ms = known.unwrap_or(cx.now_ms());
        cx.put(&key, &IdentityPoolEntry { id: input.id, name: input.name, made_ms })?;
    }
    Ok(Output {})
}
