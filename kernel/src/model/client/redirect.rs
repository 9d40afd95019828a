//! Where may a browser be sent back to?

use alloc::{
    format,
    string::{String, ToString},
};

use crate::error::{Code, Error};

/// Checks a callback or logout URL: an absolute URI without a fragment (RFC 6749 §3.1.2), `http`
/// only to the user's own machine. Schemes of apps are fine.
///
/// # Errors
/// `InvalidParameterException`.
pub(super) fn check(url: &str) -> Result<(), Error> {
    let (scheme, rest) = match url.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) && !rest.is_empty() => (scheme, rest),
        _ => return refused(format!("{url} is not an absolute URI.")),
    };
    if url.contains('#') {
        return refused(format!("{url} can not have a fragment."));
    }
    let scheme = scheme.to_ascii_lowercase();
    if scheme != "http" && scheme != "https" {
        return Ok(());
    }
    let host = rest.strip_prefix("//").map(host_of).filter(|host| !host.is_empty());
    let Some(host) = host else { return refused(format!("{url} is not an absolute URI.")) };
    if scheme == "http" && !matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]") {
        return refused(format!("{url} cannot use the HTTP protocol."));
    }
    Ok(())
}

/// RFC 3986 §3.1.
fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// The host of an authority and what follows it, without user information and port.
fn host_of(rest: &str) -> String {
    let authority = rest.split(['/', '?', '\\']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let end = match host.find(']') {
        Some(bracket) => bracket + 1,
        None => host.find(':').unwrap_or(host.len()),
    };
    host.get(..end).unwrap_or_default().to_ascii_lowercase().to_string()
}

fn refused(message: String) -> Result<(), Error> {
    Err(Error::saying(Code::InvalidParameter, message))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn redirects_are_absolute_and_encrypted_unless_they_stay_on_the_machine() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let attempt = |member: &str, url: &str| {
            let input = json!({ "UserPoolId": pool.id, "ClientName": "web", member: [url] });
            world.call("CreateUserPoolClient", input)
        };
        for url in [
            "https://shop.example/in?a=b",
            "http://localhost",
            "http://localhost:3000/in",
            "http://127.0.0.1:8080/",
            "http://[::1]:8080/in",
            "shop://in",
            "com.example.shop:/in",
        ] {
            for member in ["CallbackURLs", "LogoutURLs"] {
                assert_eq!(attempt(member, url).unwrap()["UserPoolClient"][member], json!([url]));
            }
        }
        for url in [
            "http://shop.example",
            "HTTP://shop.example",
            "http://localhost.shop.example/",
            "http://localhost@shop.example/",
            "http://127.0.0.1.shop.example",
            "http:shop.example",
            "https://",
            "https:///in",
            "https://shop.example/in#top",
            "shop://in#top",
            "/in",
            "shop.example/in",
            "//shop.example/in",
            "1shop://in",
            "shop:",
        ] {
            for member in ["CallbackURLs", "LogoutURLs"] {
                let refused = attempt(member, url).unwrap_err();
                assert_eq!(refused.code, "InvalidParameterException", "{url}");
                assert!(refused.message.starts_with(url), "{url}");
            }
        }
    }
}
