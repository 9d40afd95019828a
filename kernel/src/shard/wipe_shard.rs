//! Removes every record of a place whose pool is to go.

use crate::{prelude::*, store::keys};

operation!(WipeShard, Internal, now);

shape! { Input {} }
shape! { Output {} }

fn handle(cx: &Cx, _: Input) -> Result<Output, Error> {
    cx.delete_range(keys::under(""));
    Ok(Output {})
}
