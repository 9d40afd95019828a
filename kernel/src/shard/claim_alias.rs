//! Reserves an alias that lives here for a user, unless another user truly has it.

use crate::{directory, prelude::*, store::keys};

operation!(ClaimAlias, Internal, now);

shape! { Input {
    Attribute attribute: String,
    Value value: String,
    Owner owner: String,
    /// Whether another user is to give it up.
    IsForced is_forced: bool,
} }

shape! { Output { IsTaken is_taken: bool } }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    // Of a pool that is gone nothing is written; whoever asks finds that out.
    if !cx.has(keys::POOL)? {
        return Ok(Output { is_taken: false });
    }
    let named = (input.attribute.as_str(), input.value.as_str());
    let is_taken = !directory::reserve(cx, named, &input.owner, input.is_forced)?;
    Ok(Output { is_taken })
}
