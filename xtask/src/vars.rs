//! Which settings does the Worker get, from which file and from the environment?

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Every setting that `edge/workerd.capnp` passes on, by name.
pub(crate) const NAMES: &[&str] = &[
    "ACCOUNT_ID",
    "COGNATE_ACCESS_KEY_ID",
    "COGNATE_DEVELOPMENT",
    "COGNATE_ROOT_KEY",
    "COGNATE_SECRET_ACCESS_KEY",
    "CREDENTIALS",
    "ISSUER",
    "LAMBDA_ENDPOINT",
    "MAIL_FROM",
    "MAIL_SENDER",
    "MAIL_SENDER_KEY",
    "MAIL_SENDER_URL",
    "MAIL_WEBHOOK_URL",
    "POOL_SHARDS",
    "PUBLIC_URL",
    "RATE_LIMITS",
    "S3_BUCKETS",
    "S3_HOST",
    "S3_ORIGINS",
    "SENDER_REGION",
    "SMS_FROM",
    "SMS_SENDER",
    "SMS_SENDER_KEY",
    "SMS_SENDER_URL",
    "SMS_WEBHOOK_URL",
    "STS_ENDPOINT",
    "TRIGGERS",
    "WEBHOOK_SECRET",
];

/// Reads a file of `NAME="value"` lines; the environment overrules it.
pub(crate) fn read(file: &Path) -> Result<BTreeMap<String, String>> {
    let text = fs::read_to_string(file)
        .with_context(|| format!("cannot read the settings in {}", file.display()))?;
    let mut vars = parse(&text).with_context(|| format!("in {}", file.display()))?;
    for name in NAMES {
        if let Ok(value) = std::env::var(name) {
            vars.insert((*name).to_owned(), value);
        }
    }
    Ok(vars)
}

fn parse(text: &str) -> Result<BTreeMap<String, String>> {
    let mut vars = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with('#') {
            continue;
        }
        let Some((name, value)) = line.split_once('=') else {
            bail!("not a NAME=\"value\" line: {line}");
        };
        vars.insert(name.trim().to_owned(), unquote(value.trim()).to_owned());
    }
    Ok(vars)
}

fn unquote(value: &str) -> &str {
    let inside = |quote| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn quotes_comments_and_blank_lines_are_not_part_of_values() {
        let vars = parse("# why\n\nA=\"one = 1\"\nB = 'two'\nC=three\n").unwrap();
        let pairs = vars.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        assert_eq!(pairs.collect::<Vec<_>>(), [("A", "one = 1"), ("B", "two"), ("C", "three")]);
    }

    #[test]
    fn a_line_without_an_equals_sign_is_refused() {
        assert!(parse("COGNATE_ROOT_KEY").is_err());
    }
}
