//! Which buckets are there, and where are they bound?

use std::collections::BTreeMap;

use kernel::s3::Buckets;

use super::set;

/// The buckets of the deployment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bound {
    /// Where each is bound, by its name.
    pub(crate) bindings: BTreeMap<String, String>,
    pub(crate) host: Option<String>,
    pub(crate) origins: Vec<String>,
}

impl Bound {
    pub(super) fn read(
        pairs: Option<String>,
        host: Option<String>,
        origins: Option<String>,
        faults: &mut Vec<String>,
    ) -> Self {
        let origins = set(origins).unwrap_or_default();
        Self {
            bindings: bindings(set(pairs), faults),
            host: set(host),
            origins: origins.split_whitespace().map(str::to_owned).collect(),
        }
    }

    /// What the kernel knows of them.
    pub(crate) fn named(&self) -> Buckets {
        Buckets {
            names: self.bindings.keys().cloned().collect(),
            host: self.host.clone(),
            origins: self.origins.clone(),
        }
    }
}

/// Where buckets are bound, by their names: `files=FILES orders=ORDERS`.
fn bindings(pairs: Option<String>, faults: &mut Vec<String>) -> BTreeMap<String, String> {
    let pairs = pairs.unwrap_or_default();
    let is_known = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
    let pairs = pairs.split_whitespace().map(|pair| {
        let (name, binding) = pair.split_once('=')?;
        let is_name = (3..=63).contains(&name.len()) && name.bytes().all(is_known);
        (is_name && !binding.is_empty()).then(|| (name.to_owned(), binding.to_owned()))
    });
    pairs.collect::<Option<_>>().unwrap_or_else(|| {
        faults.push(
            "S3_BUCKETS does not consist of bucket names (3 to 63 lower-case letters, digits, dots \
             and hyphens) and R2 bindings such as `files=FILES orders=ORDERS`."
                .into(),
        );
        BTreeMap::new()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_have_names_that_clients_take() {
        let read = |pairs: &str| {
            let mut faults = Vec::new();
            (Bound::read(Some(pairs.into()), None, None, &mut faults), faults)
        };
        let (bound, faults) = read("my-files=FILES  a.b=OTHER");
        assert_eq!(bound.named().names, ["a.b", "my-files"]);
        assert_eq!(bound.bindings["my-files"], "FILES");
        assert!(faults.is_empty());
        for pairs in ["files", "files=", "_cognate=A", "ab=A", "files=A Files=B"] {
            assert!(read(pairs).1[0].contains("S3_BUCKETS"), "{pairs}");
        }
    }

    #[test]
    fn origins_stand_one_after_the_other() {
        let origins = Some("https://a.example.com https://b.example.com".into());
        let bound = Bound::read(None, Some(String::new()), origins, &mut Vec::new());
        assert_eq!(bound.origins, ["https://a.example.com", "https://b.example.com"]);
        assert_eq!((bound.host, bound.bindings.len()), (None, 0));
    }
}
