//! Gives a name to a pool, if nobody has it; else tells who does.

use crate::{model::domain::Claim, prelude::*, store::keys};

operation!(ClaimDomain, Internal, now);

shape! { Input {
    Name name: String,
    PoolId pool_id: String,
} }

shape! { Output {
    /// Whose it is, if not the caller's.
    HolderId holder_id: Option<String>,
    /// When the holder claimed it.
    ClaimedMs claimed_ms: Option<i64>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let key = keys::domain_claim(&input.name);
    if let Some(claim) = cx.get::<Claim>(&*key)?.filter(|claim| claim.pool_id != input.pool_id) {
        return Ok(Output {
            holder_id: Some(claim.pool_id.clone()),
            claimed_ms: i64::try_from(claim.claimed_ms).ok(),
        });
    }
    cx.put(&key, &Claim { pool_id: input.pool_id, claimed_ms: cx.now_ms() })?;
    Ok(Output { holder_id: None, claimed_ms: None })
}
