//! Takes a pool off the account's list.

use crate::{model::pool::entry::PoolEntry, prelude::*, store::keys};

operation!(DelistPool, Internal, now);

shape! { Input {
    Region region: String,
    Id id: String,
    /// If it is there, an entry that was made later than this stays.
    MadeByMs made_by_ms: Option<i64>,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let Some(entry) = cx.get::<PoolEntry>(keys::pool_entry(&input.region, &input.id))? else {
        return Ok(Output {});
    };
    let made_ms = entry.description.creation_date.map_or(0, |made| made.0);
    let is_due = match input.made_by_ms {
        Some(latest_ms) => u64::try_from(latest_ms).is_ok_and(|latest_ms| made_ms <= latest_ms),
        None => true,
    };
    if is_due {
        entry.delete();
    }
    Ok(Output {})
}
