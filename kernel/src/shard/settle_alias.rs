//! Takes an alias that lives here away from a user who does not have it any more.

use crate::{directory, prelude::*, shape::Json, shard::about};

operation!(SettleAlias, Internal, now);

shape! { Input { Attribute attribute: String, Value value: String, Owner owner: String } }
shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    directory::unreserve(cx, (&input.attribute, &input.value), &input.owner)?;
    Ok(Output {})
}

/// Tells the home of an alias that a user of this place does not have it.
pub(crate) async fn tell(cx: &mut Cx, named: (&str, &str), owner: &str) -> Result<(), Error> {
    let place = cx.home(named.1).unwrap_or_else(|| cx.place.clone());
    cx.told(&place, "SettleAlias", &Json::Object(about(named, owner))).await?;
    Ok(())
}
