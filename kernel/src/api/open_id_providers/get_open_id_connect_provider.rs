//! `GetOpenIDConnectProvider`: tells all about a provider.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html>

use crate::{iam::tag, prelude::*};

operation!(iam GetOpenIDConnectProvider, now, adds [InvalidInput, NoSuchEntity]);

shape! { Input { OpenIDConnectProviderArn arn: IamArn } }

shape! { Output {
    Url url: Option<OpenIdProviderUrl>,
    ClientIDList client_id_list: Option<Vec<OpenIdClientId>>,
    ThumbprintList thumbprint_list: Option<Vec<Thumbprint>>,
    CreateDate create_date: Option<Timestamp>,
    Tags tags: Option<IamTags>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let provider = cx.open_id_provider_of_arn(input.arn.as_str())?.into_inner();
    Ok(Output {
        url: Some(provider.name.into()),
        client_id_list: Some(provider.client_ids.into_iter().map(Into::into).collect()),
        thumbprint_list: Some(provider.thumbprints.into_iter().map(Into::into).collect()),
        create_date: Some(Timestamp(provider.created_ms)),
        tags: tag::shown(&provider.tags),
    })
}
