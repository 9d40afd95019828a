//! Does a user who lives here truly have an alias, or is about to?

use crate::{directory, prelude::*};

operation!(HoldsAlias, Internal, now);

shape! { Input {
    Attribute attribute: String,
    Value value: String,
    Owner owner: String,
    /// Whether the user is to give it up.
    Yields yields: bool,
    /// The reservation that is asked about: one that is made later is another question.
    Nonce nonce: String,
} }

shape! { Output { Holds holds: bool } }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let named = (input.attribute.as_str(), input.value.as_str());
    if input.yields {
        directory::give_up(cx, named, &input.owner)?;
    }
    Ok(Output { holds: directory::holds(cx, named, &input.owner)? })
}
