//! Makes the keys that all places of the pool sign with.

use crate::{prelude::*, store::keys, token};

operation!(MakeKeys, Internal, asks);

shape! { Input {} }
shape! { Output {} }

async fn handle(cx: &mut Cx, _: Input) -> Result<Output, Error> {
    let algorithm = cx.pool_here()?.token_algorithm;
    if !cx.has(keys::SIGNING_KEYS)? {
        token::make(cx, algorithm).await?;
    }
    Ok(Output {})
}
