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

#[cfg(test)]
mod tests {
    use alloc::{
        format,
        string::{String, ToString},
        vec::Vec,
    };

    use serde_json::json;

    use crate::testing::{Assumed, World, provider_key, provider_token};

    const ARN: &str = "arn:aws:iam::123456789012:oidc-provider/id.example.com";

    fn iam(world: &World, action: &str, members: &[(&str, &str)]) -> Result<Assumed, String> {
        Assumed::read(&world.query("iam", action, members))
    }

    fn create(world: &World, more: &[(&str, &str)]) -> Result<Assumed, String> {
        let mut members = [("Url", "https://id.example.com/")].to_vec();
        members.extend(more);
        iam(world, "CreateOpenIDConnectProvider", &members)
    }

    #[test]
    fn a_provider_is_shown_as_it_was_made_until_it_is_gone() {
        let world = World::new();
        let thumbprint = "0a".repeat(20);
        let made = create(
            &world,
            &[
                ("ClientIDList.member.1", "one"),
                ("ClientIDList.member.2", "one"),
                ("ThumbprintList.member.1", &thumbprint),
                ("Tags.member.1.Key", "team"),
                ("Tags.member.1.Value", "blue"),
            ],
        );
        assert_eq!(made.unwrap().member("OpenIDConnectProviderArn"), ARN);
        let named = [("OpenIDConnectProviderArn", ARN)];
        let shown = || iam(&world, "GetOpenIDConnectProvider", &named);
        assert_eq!(shown().unwrap().member("Url"), "id.example.com");
        assert_eq!(shown().unwrap().member("ClientIDList"), "<member>one</member>");
        assert_eq!(
            shown().unwrap().member("ThumbprintList"),
            format!("<member>{thumbprint}</member>")
        );
        assert!(shown().unwrap().member("Tags").contains("<Value>blue</Value>"));
        let twice = create(&world, &[]).unwrap_err();
        assert!(twice.starts_with("409 EntityAlreadyExists: Provider with url"), "{twice}");
        let two = [named[0], ("ClientID", "two")];
        for _ in 0..2 {
            assert!(iam(&world, "AddClientIDToOpenIDConnectProvider", &two).is_ok());
        }
        let both = "<member>one</member><member>two</member>";
        assert_eq!(shown().unwrap().member("ClientIDList"), both);
        assert!(iam(&world, "RemoveClientIDFromOpenIDConnectProvider", &two).is_ok());
        assert_eq!(shown().unwrap().member("ClientIDList"), "<member>one</member>");
        let listed = iam(&world, "ListOpenIDConnectProviders", &[]).unwrap();
        assert_eq!(listed.member("Arn"), ARN);
        assert!(iam(&world, "DeleteOpenIDConnectProvider", &named).is_ok());
        assert!(shown().unwrap_err().starts_with("404 NoSuchEntity"));
        let listed = iam(&world, "ListOpenIDConnectProviders", &[]).unwrap();
        assert_eq!(listed.member("Arn"), "");
    }

    #[test]
    fn what_is_no_provider_is_refused() {
        let world = World::new();
        for url in [
            "http://id.example.com",
            "id.example.com",
            "https://",
            "https:///a",
            "https://id.example.com?a=b",
            "https://user@id.example.com",
            "https://id.example.com/a b",
            "ftp://localhost",
        ] {
            let told = iam(&world, "CreateOpenIDConnectProvider", &[("Url", url)]).unwrap_err();
            assert!(told.starts_with("400 InvalidInput"), "{url}: {told}");
        }
        // Where it is for development, one may be on this very machine.
        let local = [("Url", "http://localhost:9000/a")];
        assert!(iam(&world, "CreateOpenIDConnectProvider", &local).is_ok());
        let print = "z".repeat(40);
        let told = create(&world, &[("ThumbprintList.member.1", &*print)]).unwrap_err();
        assert!(told.starts_with("400 InvalidInput: Thumbprint"), "{told}");
        let ids: Vec<(String, String)> =
            (1..=101).map(|n| (format!("ClientIDList.member.{n}"), n.to_string())).collect();
        let ids: Vec<_> = ids.iter().map(|(name, id)| (name.as_str(), id.as_str())).collect();
        assert!(create(&world, &ids).unwrap_err().starts_with("409 LimitExceeded"));
        assert!(create(&world, &ids[..100]).is_ok());
        let more = [("OpenIDConnectProviderArn", ARN), ("ClientID", "x")];
        let told = iam(&world, "AddClientIDToOpenIDConnectProvider", &more).unwrap_err();
        assert!(told.starts_with("409 LimitExceeded"), "{told}");
        for n in 0..98 {
            let url = format!("https://{n}.example.com");
            assert!(iam(&world, "CreateOpenIDConnectProvider", &[("Url", &url)]).is_ok());
        }
        let told = iam(&world, "CreateOpenIDConnectProvider", &[("Url", "https://z.example.com")]);
        assert!(told.unwrap_err().starts_with("409 LimitExceeded"));
    }

    #[test]
    fn an_identity_pool_takes_logins_of_a_provider_by_its_arn() {
        let world = World::new();
        let pool = world.identity_pool(json!({ "OpenIdConnectProviderARNs": [ARN] }));
        let key = provider_key("one");
        world.publish(
            "https://id.example.com/.well-known/openid-configuration",
            json!({ "issuer": "https://id.example.com", "jwks_uri": "https://id.example.com/k" }),
        );
        world.publish("https://id.example.com/k", json!({ "keys": [key.public] }));
        let now_s = world.now_ms() / 1000;
        let get = |audience: &str| {
            let token = provider_token(
                &key,
                &json!({
                    "iss": "https://id.example.com", "aud": audience, "sub": "1066",
                    "iat": now_s, "exp": now_s + 60,
                }),
            );
            let logins = json!({ "id.example.com": token });
            world.call("GetId", json!({ "IdentityPoolId": pool, "Logins": logins }))
        };
        assert_eq!(get("app").unwrap_err().code, "InvalidParameterException");
        assert!(create(&world, &[("ClientIDList.member.1", "app")]).is_ok());
        assert_eq!(get("app").unwrap(), get("app").unwrap());
        assert_eq!(
            get("other").unwrap_err().message,
            "Invalid login token. Incorrect token audience."
        );
    }
}
