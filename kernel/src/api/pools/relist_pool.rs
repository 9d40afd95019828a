//! Renews what the account's list shows of a pool.

use crate::{model::pool::entry::PoolEntry, prelude::*, store::keys};

operation!(RelistPool, Internal, now);

shape! { Input {
    Region region: String,
    Pool pool: UserPoolDescriptionType,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let id = input.pool.id.as_ref().map_or("", Text::as_str);
    // A pool that was deleted meanwhile stays off the list.
    if let Some(mut entry) = cx.get::<PoolEntry>(keys::pool_entry(&input.region, id))?
        // Two changes may overtake each other on their way.
        && entry.description.last_modified_date <= input.pool.last_modified_date
    {
        entry.description = input.pool;
        entry.save()?;
    }
    Ok(Output {})
}
