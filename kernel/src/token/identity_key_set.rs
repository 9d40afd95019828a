//! `/identity/{uuid}/.well-known/jwks.json`: the keys that verify an identity pool's tokens.

use crate::{
    federation::issuer, model::signing_key::SigningKeys, prelude::*, shape::Json, store::keys,
};

operation!(IdentityKeySet, Internal, asks);

shape! { Input { Uuid uuid: String } }
shape! { Output { keys keys: Vec<Json> } }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    cx.identity_pool_of_uuid(&input.uuid)?;
    issuer::ready(cx).await?;
    cx.identity_pool_of_uuid(&input.uuid)?;
    let signing = cx.shared::<SigningKeys>(keys::SIGNING_KEYS)?;
    let bug = |_| Error::bug("a key does not serialise");
    let keys = signing.iter().flat_map(|signing| &signing.keys);
    let keys = keys.map(|key| serde_json::to_value(&key.public).map_err(bug));
    Ok(Output { keys: keys.collect::<Result<_, Error>>()? })
}
