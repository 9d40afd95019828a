//! Tells the account that the sessions of an identity are over.

use crate::{iam::revocation, prelude::*};

operation!(RevokeIdentityHere, Internal, now);

shape! { Input { IdentityId identity_id: String } }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    revocation::revoke(cx, &input.identity_id)?;
    Ok(Output {})
}
