//! `DeleteOpenIDConnectProvider`: takes no token of a provider any more.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteOpenIDConnectProvider.html>

use crate::prelude::*;

operation!(iam DeleteOpenIDConnectProvider, now, adds [InvalidInput, NoSuchEntity]);

shape! { Input { OpenIDConnectProviderArn arn: IamArn } }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    cx.open_id_provider_of_arn(input.arn.as_str())?.delete();
    Ok(Output {})
}
