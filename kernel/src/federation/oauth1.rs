//! Requests that are signed as OAuth 1.0a wants it (RFC 5849 §3.4), which one provider still does.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::crypto::hmac_sha1;

/// All but what RFC 5849 §3.6 leaves as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A name and its secret: those of an application or those of somebody's token.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) name: &'a str,
    secret: &'a str,
}

impl<'a> Pair<'a> {
    /// From the form in which callers give them: `name;secret`.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let (name, secret) = text.split_once(';')?;
        (!name.is_empty() && !secret.is_empty()).then_some(Self { name, secret })
    }
}

/// What is requested, and when: a nonce is good once in its second.
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    pub(super) url: &'a str,
    pub(super) parameters: &'a [(&'a str, &'a str)],
    pub(super) now_s: u64,
    pub(super) nonce: &'a str,
}

/// The header `authorization` by which an application asks on behalf of a token's owner.
pub(super) fn authorization(asked: &Asked<'_>, application: Pair<'_>, token: Pair<'_>) -> String {
    let now_s = asked.now_s.to_string();
    let ours = [
        ("oauth_consumer_key", application.name),
        ("oauth_nonce", asked.nonce),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", &now_s),
        ("oauth_token", token.name),
        ("oauth_version", "1.0"),
    ];
    let mut parameters: Vec<(String, String)> = ours
        .iter()
        .chain(asked.parameters)
        .map(|(name, value)| (encoded(name), encoded(value)))
        .collect();
    parameters.sort();
    let parameters: Vec<String> =
        parameters.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let base =
        [asked.method.to_string(), encoded(asked.url), encoded(&parameters.join("&"))].join("&");
    let key = format!("{}&{}", encoded(application.secret), encoded(token.secret));
    let signature = BASE64_STANDARD.encode(hmac_sha1(key.as_bytes(), base.as_bytes()));
    let signature = [("oauth_signature", signature.as_str())];
    let signed = ours.iter().chain(&signature);
    let signed: Vec<String> =
        signed.map(|(name, value)| format!("{name}=\"{}\"", encoded(value))).collect();
    format!("OAuth {}", signed.join(", "))
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_providers_own_example_is_signed_as_it_says() {
        let asked = Asked {
            method: "POST",
            url: "https://api.twitter.com/1/statuses/update.json",
            parameters: &[
                ("status", "Hello Ladies + Gentlemen, a signed OAuth request!"),
                ("include_entities", "true"),
            ],
            now_s: 1_318_622_958,
            nonce: "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
        };
        let application = "xvz1evFS4wEEPTGEFPHBog;kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw";
        let token = "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb;\
                     LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE";
        let [application, token] = [application, token].map(|pair| Pair::read(pair).unwrap());
        let header = authorization(&asked, application, token);
        assert!(header.starts_with("OAuth oauth_consumer_key=\"xvz1evFS4wEEPTGEFPHBog\", "));
        assert!(
            header.ends_with("oauth_signature=\"tnnArxj06cWHq44gCs1OSKk%2FjLY%3D\""),
            "{header}"
        );
    }

    #[test]
    fn what_lacks_a_secret_is_no_pair() {
        for text in ["", "a", "a;", ";b"] {
            assert!(Pair::read(text).is_none(), "{text}");
        }
    }
}
