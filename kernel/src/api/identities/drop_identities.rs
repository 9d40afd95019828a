//! Removes identities of the pool that lives here.

use crate::{federation::identities, prelude::*};

operation!(DropIdentities, Internal, now);

shape! { Input {
    IdentityIds identity_ids: IdentityIdList,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    for id in input.identity_ids.iter() {
        identities::remove(cx, id)?;
    }
    Ok(Output {})
}
