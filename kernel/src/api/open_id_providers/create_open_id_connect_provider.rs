//! `CreateOpenIDConnectProvider`: takes tokens of an OpenID Connect provider from now on.
//!
//! Thumbprints are kept and shown; which certificate a provider has is the platform's to judge.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html>

use alloc::format;

use crate::{
    iam::{
        provider::{CLIENT_IDS_MAX, OpenIdProvider, name_in},
        tag,
    },
    prelude::*,
    store::keys,
};

operation!(
    iam CreateOpenIDConnectProvider, now,
    adds [
        ConcurrentModification, EntityAlreadyExists, InvalidInput, LimitExceeded,
        OpenIdIdpCommunicationError,
    ]
);

shape! { Input {
    Url url: OpenIdProviderUrl,
    ClientIDList client_id_list: Option<Vec<OpenIdClientId>>,
    ThumbprintList thumbprint_list: Option<Vec<Thumbprint>>,
    Tags tags: Option<IamTags>,
} }

shape! { Output {
    OpenIDConnectProviderArn arn: Option<IamArn>,
    Tags tags: Option<IamTags>,
} }

/// AWS's bounds of an account, and of one provider.
const PROVIDERS_MAX: usize = 100;
const THUMBPRINTS_MAX: usize = 5;

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let name = name_in(cx, input.url.as_str())?;
    if cx.open_id_provider(&name)?.is_some() {
        let message = format!("Provider with url {} already exists.", input.url.as_str());
        return Err(Error::saying(Code::EntityAlreadyExists, message));
    }
    let all = keys::under(keys::OPEN_ID_PROVIDERS);
    if cx.keys(&all.start..&all.end, PROVIDERS_MAX)?.len() >= PROVIDERS_MAX {
        let message =
            format!("Cannot exceed quota for OpenIdConnectProvidersPerAccount: {PROVIDERS_MAX}");
        return Err(Error::saying(Code::LimitExceeded, message));
    }
    let mut client_ids: Vec<String> = Vec::new();
    for id in input.client_id_list.unwrap_or_default() {
        if !client_ids.iter().any(|known| known == id.as_str()) {
            client_ids.push(id.into_string());
        }
    }
    let thumbprints = input.thumbprint_list.unwrap_or_default();
    if client_ids.len() > CLIENT_IDS_MAX || thumbprints.len() > THUMBPRINTS_MAX {
        let message = format!(
            "A provider has {CLIENT_IDS_MAX} client ids and {THUMBPRINTS_MAX} thumbprints at most."
        );
        return Err(Error::saying(Code::LimitExceeded, message));
    }
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !thumbprints.iter().all(|thumbprint| is_hex(thumbprint.as_str())) {
        return Err(Error::saying(Code::InvalidInput, "Thumbprint is invalid."));
    }
    let provider = OpenIdProvider {
        name,
        client_ids,
        thumbprints: thumbprints.into_iter().map(Thumbprint::into_string).collect(),
        tags: tag::read(input.tags.unwrap_or_default(), Code::InvalidInput)?,
        created_ms: cx.now_ms(),
    };
    cx.put(&keys::open_id_provider(&provider.name), &provider)?;
    let arn = provider.arn(&cx.deployment().account_id);
    Ok(Output { arn: Some(arn.into()), tags: tag::shown(&provider.tags) })
}
