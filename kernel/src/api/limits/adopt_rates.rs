//! Takes over the rates that the account tells a pool.

use alloc::collections::BTreeMap;

use crate::{limit, prelude::*, store::keys};

operation!(AdoptRates, Internal, now);

shape! { Input {
    Rates rates: BTreeMap<String, i32>,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    // A pool that is gone, or not there yet, keeps nothing.
    if cx.has(keys::POOL)? {
        limit::adopt(cx, input.rates)?;
    }
    Ok(Output {})
}
