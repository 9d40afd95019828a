//! How is a request made to a service of AWS?

use kernel::{Delivery, Request, Signer};

use super::{Outgoing, Way};

/// An access key, and where it is used.
pub(super) struct Account {
    pub(super) access_key_id: String,
    pub(super) secret_access_key: String,
    /// In the place of AWS's own.
    pub(super) url: Option<String>,
    /// In the place of the pool's.
    pub(super) region: Option<String>,
}

impl Account {
    /// Where the service is, without a path; its host begins with that name.
    pub(super) fn origin(&self, name: &str, delivery: &Delivery) -> String {
        let region = self.region(delivery);
        self.url.clone().unwrap_or_else(|| format!("https://{name}.{region}.amazonaws.com"))
    }

    /// Signs what goes to `path` below [`Account::origin`].
    pub(super) fn sign(
        &self,
        mut outgoing: Outgoing,
        (service, path): (&str, &str),
        (delivery, now_ms): (&Delivery, u64),
    ) -> Outgoing {
        let Way::Url(url) = &outgoing.way else { return outgoing };
        let host = url.split('/').nth(2).unwrap_or_default().to_owned();
        let of_type = |(name, _): &&(&str, String)| *name == "content-type";
        let of_type = outgoing.headers.iter().find(of_type).cloned().into_iter();
        let signed = of_type.map(|(name, value)| (name.to_owned(), value));
        let request = Request {
            method: "POST".into(),
            path: path.into(),
            headers: signed.chain([("host".to_owned(), host)]).collect(),
            body: std::mem::take(&mut outgoing.body),
            ..Request::default()
        };
        let signer = Signer {
            access_key_id: &self.access_key_id,
            secret_access_key: &self.secret_access_key,
            region: self.region(delivery),
            service,
        };
        outgoing.headers.extend(signer.sign(&request, now_ms));
        outgoing.body = request.body;
        outgoing
    }

    fn region<'a>(&'a self, delivery: &'a Delivery) -> &'a str {
        self.region.as_deref().unwrap_or(&delivery.sender.region)
    }
}
