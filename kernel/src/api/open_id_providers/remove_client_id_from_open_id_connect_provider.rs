//! `RemoveClientIDFromOpenIDConnectProvider`: takes no token of one client of a provider any more.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveClientIDFromOpenIDConnectProvider.html>

use crate::prelude::*;

operation!(
    iam RemoveClientIDFromOpenIDConnectProvider, now,
    adds [ConcurrentModification, InvalidInput, NoSuchEntity]
);

shape! { Input {
    OpenIDConnectProviderArn arn: IamArn,
    ClientID client_id: OpenIdClientId,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let mut provider = cx.open_id_provider_of_arn(input.arn.as_str())?;
    // One that is not there is no error.
    provider.client_ids.retain(|id| id != input.client_id.as_str());
    provider.save()?;
    Ok(Output {})
}
