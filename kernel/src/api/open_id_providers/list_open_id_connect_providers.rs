//! `ListOpenIDConnectProviders`: lists all providers.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOpenIDConnectProviders.html>

use crate::{iam::provider::OpenIdProvider, prelude::*, store::keys};

operation!(iam ListOpenIDConnectProviders, now, adds []);

shape! { Input {} }

shape! { Output {
    OpenIDConnectProviderList list: Option<Vec<OpenIdProviderEntry>>,
} }

fn handle(cx: &Cx, _: Input) -> Result<Output, Error> {
    let all = keys::under(keys::OPEN_ID_PROVIDERS);
    let providers = cx.scan::<OpenIdProvider>(&all.start..&all.end, usize::MAX)?;
    let arns = providers.iter().map(|provider| provider.arn(&cx.deployment().account_id));
    let list = arns.map(|arn| OpenIdProviderEntry { arn: Some(arn.into()) }).collect();
    Ok(Output { list: Some(list) })
}
