//! Tags, as IAM and STS take and show them.

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};

use crate::{
    error::{Code, Error},
    shape::Text,
    shapes::{IamTag, IamTags},
};

/// Reads tags, each key of which is there once; AWS compares keys without regard to case.
///
/// # Errors
/// An error of that code.
pub(crate) fn read(tags: IamTags, code: Code) -> Result<BTreeMap<String, String>, Error> {
    let mut read = BTreeMap::new();
    for IamTag { key, value } in tags.0 {
        if read.keys().any(|known: &String| known.eq_ignore_ascii_case(key.as_str())) {
            let message = format!("Duplicate tag keys found: {}", key.as_str());
            return Err(Error::saying(code, message));
        }
        if key.as_str().to_ascii_lowercase().starts_with("aws:") {
            let message = "Tag keys that begin with aws: are reserved.";
            return Err(Error::saying(code, message));
        }
        read.insert(key.into_string(), value.into_string());
    }
    Ok(read)
}

/// Tags as they are shown; nothing if there are none.
pub(crate) fn shown(tags: &BTreeMap<String, String>) -> Option<IamTags> {
    let shown = tags
        .iter()
        .map(|(key, value)| IamTag { key: key.as_str().into(), value: value.as_str().into() });
    let shown: Vec<IamTag> = shown.collect();
    (!shown.is_empty()).then_some(IamTags(shown))
}
