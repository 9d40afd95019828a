//! Tells another place of which clients of a provider tokens are taken.

use crate::prelude::*;

operation!(ShowOpenIdProvider, Internal, now);

shape! { Input { Arn arn: String } }

shape! { Output { ClientIds client_ids: Option<Vec<String>> } }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let provider = cx.open_id_provider_of_arn(&input.arn).ok();
    Ok(Output { client_ids: provider.map(|provider| provider.into_inner().client_ids) })
}
