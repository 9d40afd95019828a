//! Who has an alias that lives here?

use crate::{directory, prelude::*};

operation!(OwnerOfAlias, Internal, now);

shape! { Input { Attribute attribute: String, Value value: String } }
shape! { Output { Owner owner: Option<String> } }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let owner = directory::owner_here(cx, (&input.attribute, &input.value))?;
    Ok(Output { owner })
}
