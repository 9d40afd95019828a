//! Which strings must never be seen, and who looks for them.

/// Secrets by what they are, in every form in which they might be seen.
#[derive(Default)]
pub(super) struct Secrets(Vec<(String, Vec<String>)>);

impl Secrets {
    /// Adds a secret; of an empty one nothing could be found.
    pub(super) fn add(&mut self, what: &str, secret: &str) {
        assert!(secret.len() >= 6, "{what} is too short to be told from chance: {secret}");
        let bytes: Vec<String> = secret.bytes().map(|byte| byte.to_string()).collect();
        let escaped = serde_json::to_string(secret).unwrap();
        let escaped = escaped.trim_matches('"').to_string();
        self.0.push((what.into(), vec![secret.into(), bytes.join(", "), escaped]));
    }

    /// Looks for all of them in a text.
    ///
    /// # Panics
    /// If one is there.
    pub(super) fn assert_absent(&self, place: &str, text: &str) {
        for (what, forms) in &self.0 {
            let shows = forms.iter().any(|form| text.contains(form));
            assert!(!shows, "{place} shows {what}: {text}");
        }
    }
}
