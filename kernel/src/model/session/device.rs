//! What does a user work with? As far as the `User-Agent` header tells.

use alloc::{format, string::String};

/// What to look for, and what it means; the first that is found counts, since browsers name those
/// whom they descend from, too.
type Known = &'static [(&'static str, &'static str)];

const SYSTEMS: Known = &[
    ("Windows", "Windows"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("macOS", "macOS"),
    ("os/macos", "macOS"),
    ("os/windows", "Windows"),
    ("os/ios", "iOS"),
    ("Linux", "Linux"),
    ("os/linux", "Linux"),
];

const PROGRAMS: Known = &[
    ("aws-cli/", "AWS CLI"),
    ("amplify-", "Amplify"),
    ("aws-amplify", "Amplify"),
    ("Boto3/", "AWS SDK for Python"),
    ("Botocore/", "AWS SDK for Python"),
    ("aws-sdk-", "AWS SDK"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("okhttp/", "okhttp"),
    ("CFNetwork/", "an app"),
    ("curl/", "curl"),
    ("node", "Node.js"),
];

/// A device in a few words, such as `Chrome on Windows`; `unknown` if nothing is known.
pub(super) fn described(agent: &str) -> String {
    match (first(agent, PROGRAMS), first(agent, SYSTEMS)) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(known), None) | (None, Some(known)) => known.into(),
        (None, None) => "unknown".into(),
    }
}

fn first(agent: &str, known: Known) -> Option<&'static str> {
    known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::described;

    #[test]
    fn usual_software_is_told_in_a_few_words() {
        for (agent, words) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/142.0.0.0 Safari/537.36",
                "Chrome on Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
                "Safari on iOS",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/142.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
                "Firefox on Linux",
            ),
            ("aws-sdk-js/3.940.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#22", "AWS SDK on Linux"),
            ("Boto3/1.41.0 md/Botocore#1.41.0 os/macos#25.1", "AWS SDK for Python on macOS"),
            ("curl/8.14.1", "curl"),
            ("something", "unknown"),
            ("", "unknown"),
        ] {
            assert_eq!(described(agent), words, "{agent}");
        }
    }
}
