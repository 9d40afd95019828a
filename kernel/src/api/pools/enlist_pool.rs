//! Puts a new pool into the account's list, and tells it what limits stand.

use alloc::collections::BTreeMap;

use crate::{limit::Rates, model::pool::entry::PoolEntry, prelude::*, store::keys};

operation!(EnlistPool, Internal, now);

shape! { Input {
    Region region: String,
    Pool pool: UserPoolDescriptionType,
} }

shape! { Output {
    Rates rates: BTreeMap<String, i32>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let id = input.pool.id.as_ref().map_or("", Text::as_str);
    let key = keys::pool_entry(&input.region, id);
    if cx.has(&key)? {
        return Err(Error::bug("a pool of that id exists"));
    }
    cx.put(&key, &PoolEntry { description: input.pool })?;
    let rates = cx.get::<Rates>(keys::RATES)?.map(|rates| rates.into_inner().per_second);
    Ok(Output { rates: rates.unwrap_or_default() })
}
