//! What is this deployment? What JavaScript says, with development's own for what it leaves out.

use kernel::{Deployment, IssuerForm, RootCredentials, RootKey};
use serde::Deserialize;

/// What may be said, as JSON.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Options {
    access_key_id: Option<String>,
    /// The header that says who is at the other end.
    pub(crate) address_header: Option<String>,
    /// Whether somebody hands messages over; otherwise they land in the outbox.
    pub(crate) delivers: bool,
    issuer: Option<String>,
    public_url: Option<String>,
    root_key: Option<String>,
    secret_access_key: Option<String>,
}

/// The root key that the repository shows to everybody.
const DEVELOPMENT_ROOT_KEY: &str =
    "c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0";

impl Options {
    /// The deployment, or what is wrong, in a sentence that repeats no value.
    pub(crate) fn deployment(&self) -> Result<Deployment, &'static str> {
        let is_development = self.access_key_id.is_none();
        let root_credentials = match (&self.access_key_id, &self.secret_access_key) {
            (Some(id), Some(secret)) => {
                RootCredentials { access_key_id: id.clone(), secret_access_key: secret.clone() }
            }
            (None, None) => RootCredentials::development(),
            _ => return Err("Credentials are an accessKeyId and a secretAccessKey."),
        };
        let root_key = self.root_key.as_deref().unwrap_or(DEVELOPMENT_ROOT_KEY);
        let root_key = RootKey::from_hex(root_key);
        Ok(Deployment {
            is_development,
            issuer: match self.issuer.as_deref() {
                None => IssuerForm::Own,
                Some("aws") => IssuerForm::Aws,
                Some(_) => return Err("The issuer is either left out or 'aws'."),
            },
            public_url: self.public_url.clone(),
            root_credentials: Some(root_credentials),
            root_key: Some(root_key.ok_or("The rootKey is not 64 hexadecimal digits.")?),
            ..Deployment::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Deployment, &'static str> {
        serde_json::from_str::<Options>(json).unwrap().deployment()
    }

    #[test]
    fn without_credentials_it_is_a_development() {
        let deployment = read("{}").unwrap();
        assert!(deployment.is_development && deployment.root_credentials.is_some());
        let own = read(r#"{"accessKeyId":"AKIAEXAMPLE","secretAccessKey":"s"}"#).unwrap();
        assert!(!own.is_development && own.root_credentials.is_some());
    }

    #[test]
    fn what_is_wrong_is_told_without_the_value() {
        for json in [
            r#"{"accessKeyId":"hunter2"}"#,
            r#"{"secretAccessKey":"hunter2"}"#,
            r#"{"rootKey":"hunter2"}"#,
            r#"{"issuer":"hunter2"}"#,
        ] {
            assert!(!read(json).unwrap_err().contains("hunter2"), "{json}");
        }
    }
}
