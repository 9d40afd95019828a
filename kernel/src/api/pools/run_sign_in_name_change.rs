//! `RunSignInNameChange`: takes the change of names that is under way a step further.
//!
//! A step writes aliases, how far it came and what the pool has become in one batch, so that nothing
//! is lost or done twice, whenever it is cut short; then it has itself woken again, and other calls
//! come between.

use crate::{
    directory,
    model::pool::{Pool, names::NamesChange},
    prelude::*,
    store::keys,
};

operation!(RunSignInNameChange, Internal, now);

shape! { Input {} }

shape! { Output {} }

fn handle(cx: &Cx, _: Input) -> Result<Output, Error> {
    let change = cx.get::<NamesChange>(keys::NAMES_CHANGE)?.filter(|change| !change.is_over);
    let Some(mut change) = change else {
        cx.wake_no_more(OPERATION.name);
        return Ok(Output {});
    };
    let mut pool = Pool::clone(&*cx.pool_here()?);
    directory::rename(cx, &mut pool, &mut change)?;
    cx.put(keys::POOL, &pool)?;
    change.save()?;
    match change.is_over {
        true => cx.wake_no_more(OPERATION.name),
        false => cx.wake_at(OPERATION.name, cx.now_ms())?,
    }
    Ok(Output {})
}
