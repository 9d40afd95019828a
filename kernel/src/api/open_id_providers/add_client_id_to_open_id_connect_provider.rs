//! `AddClientIDToOpenIDConnectProvider`: takes tokens of one more client of a provider.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddClientIDToOpenIDConnectProvider.html>

use crate::{iam::provider::CLIENT_IDS_MAX, prelude::*};

operation!(
    iam AddClientIDToOpenIDConnectProvider, now,
    adds [ConcurrentModification, InvalidInput, LimitExceeded, NoSuchEntity]
);

shape! { Input {
    OpenIDConnectProviderArn arn: IamArn,
    ClientID client_id: OpenIdClientId,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let mut provider = cx.open_id_provider_of_arn(input.arn.as_str())?;
    let id = input.client_id.into_string();
    // One that is there is no error.
    if provider.client_ids.contains(&id) {
        return Ok(Output {});
    }
    if provider.client_ids.len() >= CLIENT_IDS_MAX {
        let message = alloc::format!("A provider has {CLIENT_IDS_MAX} client ids at most.");
        return Err(Error::saying(Code::LimitExceeded, message));
    }
    provider.client_ids.push(id);
    provider.save()?;
    Ok(Output {})
}
