//! Puts a new pool into the account's list.

use crate::{model::pool::entry::PoolEntry, prelude::*, store::keys};

operation!(EnlistPool, Internal, now);

shape! { Input {
    Region region: String,
    Pool pool: UserPoolDescriptionType,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let id = input.pool.id.as_ref().map_or("", Text::as_str);
    let key = keys::pool_entry(&input.region, id);
    if cx.has(&key)? {
        return Err(Error::bug("a pool of that id exists"));
    }
    cx.put(&key, &PoolEntry { description: input.pool })?;
    Ok(Output {})
}
