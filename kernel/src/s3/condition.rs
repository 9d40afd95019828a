//! Under which condition is an object wanted? RFC 9110 §13.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use super::{asked::Asked, bucket::Object, fault::Fault};

/// The conditions of a request, by their headers' names.
#[derive(Clone, Debug, Default)]
pub(super) struct Conditions {
    pub(super) if_match: Option<String>,
    pub(super) if_modified_since: Option<String>,
    pub(super) if_none_match: Option<String>,
    pub(super) if_unmodified_since: Option<String>,
}

/// What became of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Failed(Fault),
    Met,
    NotModified,
}

impl Conditions {
    /// Those on the object that a request is about.
    pub(super) fn of(asked: &Asked) -> Self {
        let header = |name: &str| asked.header(name).map(ToString::to_string);
        Self {
            if_match: header("if-match"),
            if_modified_since: header("if-modified-since"),
            if_none_match: header("if-none-match"),
            if_unmodified_since: header("if-unmodified-since"),
        }
    }

    /// Those on the object that is copied.
    pub(super) fn of_source(asked: &Asked) -> Self {
        let header = |name: &str| asked.said(name).map(ToString::to_string);
        Self {
            if_match: header("x-amz-copy-source-if-match"),
            if_modified_since: header("x-amz-copy-source-if-modified-since"),
            if_none_match: header("x-amz-copy-source-if-none-match"),
            if_unmodified_since: header("x-amz-copy-source-if-unmodified-since"),
        }
    }

    /// The same for the bucket, which looks at them again at the very moment.
    pub(super) fn headers(&self) -> Vec<(String, String)> {
        let headers = [
            ("if-match", &self.if_match),
            ("if-modified-since", &self.if_modified_since),
            ("if-none-match", &self.if_none_match),
            ("if-unmodified-since", &self.if_unmodified_since),
        ];
        let set = headers.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
        set.map(|(name, value)| (name.to_string(), value)).collect()
    }

    /// Whether an object meets them (§13.2.2).
    pub(super) fn judge(&self, object: &Object) -> Verdict {
        let written_s = i64::try_from(object.uploaded_ms / 1000).unwrap_or(i64::MAX);
        let since = |date: &Option<String>| date.as_deref().and_then(seconds);
        if let Some(tags) = &self.if_match {
            if !names(tags, &object.etag, false) {
                return Verdict::Failed(Fault::precondition_failed("If-Match"));
            }
        } else if since(&self.if_unmodified_since).is_some_and(|date| written_s > date) {
            return Verdict::Failed(Fault::precondition_failed("If-Unmodified-Since"));
        }
        if let Some(tags) = &self.if_none_match {
            if names(tags, &object.etag, true) {
                return Verdict::NotModified;
            }
        } else if since(&self.if_modified_since).is_some_and(|date| written_s <= date) {
            return Verdict::NotModified;
        }
        Verdict::Met
    }

    /// What it means that the bucket sees them unmet.
    pub(super) fn unmet(&self, object: &Object) -> Verdict {
        match self.judge(object) {
            Verdict::Met if self.if_none_match.is_some() || self.if_modified_since.is_some() => {
                Verdict::NotModified
            }
            Verdict::Met => Verdict::Failed(Fault::precondition_failed("If-Match")),
            verdict => verdict,
        }
    }
}

/// Whether a list of tags, or `*`, names one. Weak tags count where the caller only wants to know
/// whether it has the same thing.
fn names(tags: &str, etag: &str, weakly: bool) -> bool {
    tags.split(',').map(str::trim).any(|tag| {
        let tag = if weakly { tag.strip_prefix("W/").unwrap_or(tag) } else { tag };
        // S3 takes tags without quotes as well.
        tag == "*" || tag.trim_matches('"') == etag
    })
}

fn seconds(date: &str) -> Option<i64> {
    OffsetDateTime::parse(date, &Rfc2822).ok().map(OffsetDateTime::unix_timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "Wed, 25 Nov 2026 11:59:59 GMT";
    const THEN: &str = "Wed, 25 Nov 2026 12:00:00 GMT";

    fn judge(conditions: [Option<&str>; 4]) -> &'static str {
        let [if_match, if_unmodified_since, if_none_match, if_modified_since] =
            conditions.map(|condition| condition.map(ToString::to_string));
        let conditions =
            Conditions { if_match, if_modified_since, if_none_match, if_unmodified_since };
        let uploaded_ms = 1_795_608_000_900;
        let object = Object { etag: "abc".into(), uploaded_ms, ..Object::default() };
        match conditions.judge(&object) {
            Verdict::Met => "met",
            Verdict::NotModified => "not modified",
            Verdict::Failed(fault) => fault.code,
        }
    }

    #[test]
    fn conditions_are_judged_in_the_order_of_http() {
        let failed = "PreconditionFailed";
        for (conditions, expected) in [
            ([None, None, None, None], "met"),
            ([Some("\"abc\""), None, None, None], "met"),
            ([Some("\"x\", \"abc\""), None, None, None], "met"),
            ([Some("abc"), None, None, None], "met"),
            ([Some("*"), None, None, None], "met"),
            ([Some("W/\"abc\""), None, None, None], failed),
            ([Some("\"x\""), None, None, None], failed),
            ([None, Some(THEN), None, None], "met"),
            ([None, Some(BEFORE), None, None], failed),
            ([Some("\"abc\""), Some(BEFORE), None, None], "met"),
            ([None, None, Some("\"abc\""), None], "not modified"),
            ([None, None, Some("W/\"abc\""), None], "not modified"),
            ([None, None, Some("\"x\""), None], "met"),
            ([None, None, None, Some(THEN)], "not modified"),
            ([None, None, None, Some(BEFORE)], "met"),
            ([None, None, Some("\"x\""), Some(THEN)], "met"),
            ([Some("\"x\""), None, Some("\"abc\""), None], failed),
            ([None, None, None, Some("yesterday")], "met"),
        ] {
            assert_eq!(judge(conditions), expected, "{conditions:?}");
        }
    }
}
