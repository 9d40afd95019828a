//! Takes a name from the pool that has it.

use crate::{model::domain::Claim, prelude::*, store::keys};

operation!(ReleaseDomain, Internal, now);

shape! { Input {
    Name name: String,
    PoolId pool_id: String,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let claim = cx.get::<Claim>(keys::domain_claim(&input.name))?;
    if let Some(claim) = claim.filter(|claim| claim.pool_id == input.pool_id) {
        claim.delete();
    }
    Ok(Output {})
}
