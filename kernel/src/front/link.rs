//! The page behind a link that confirms a new user: `/confirmUser`, with Cognito's parameters.
//!
//! Cognito confirms whoever the link is fetched for. Here the link shows a button, and only the
//! button confirms: scanners of mail fetch every link, and would prove addresses that nobody reads.

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
};

use super::{Forward, Front, Received, caller_of};
use crate::{
    error::{Code, Error},
    http::{Request, Response},
    message::{Head, Message, Principal, Protocol},
    operation::Service,
    page::{Page, escaped},
    place::PoolKey,
    wire::query,
};

/// No link of ours is longer.
const FORM_BYTES_MAX: usize = 8 << 10;

/// What a link says.
struct Link {
    client: String,
    user: String,
    code: String,
}

impl Link {
    fn read(form: &str) -> Option<Self> {
        if form.len() > FORM_BYTES_MAX {
            return None;
        }
        let mut form: BTreeMap<String, String> = query::form(form)?;
        let mut member = |name| form.remove(name).filter(|value| !value.is_empty());
        Some(Self {
            client: member("client_id")?,
            user: member("user_name")?,
            code: member("confirmation_code")?,
        })
    }

    /// The page with the button.
    fn page(&self) -> Response {
        let fields = [
            ("client_id", &self.client),
            ("user_name", &self.user),
            ("confirmation_code", &self.code),
        ];
        let fields: String = fields
            .iter()
            .map(|(name, value)| {
                let value = escaped(value);
                format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")
            })
            .collect();
        let body = format!(
            "<form method=\"post\" action=\"/confirmUser\">{fields}\
             <p><button>Confirm</button></p></form>"
        );
        Page { title: "Confirm your registration", body: &body }.response(200)
    }
}

impl Front {
    /// Shows the button, or does what it says.
    pub(super) fn confirm(&self, request: &Request, request_id: &str) -> Received {
        let form = match request.method.as_str() {
            "POST" => core::str::from_utf8(&request.body).ok().and_then(Link::read),
            _ => Link::read(&request.query),
        };
        let Some(link) = form else {
            let body = "<p>Please open the whole link of the message.</p>";
            let page = Page { title: "This link is not complete", body };
            return Received::Answer(page.response(400));
        };
        if request.method != "POST" {
            return Received::Answer(link.page());
        }
        let forward = self.confirmation(request, request_id, link);
        forward.unwrap_or_else(|error| Received::Answer(Page::of_error(&error)))
    }

    fn confirmation(
        &self,
        request: &Request,
        request_id: &str,
        link: Link,
    ) -> Result<Received, Error> {
        let key = PoolKey::of_client_id(&link.client).ok_or(Code::ResourceNotFound)?;
        let place = key.home(&link.user);
        let head = Head {
            place: place.clone(),
            service: Service::Internal,
            operation: "ConfirmByLink".into(),
            protocol: Protocol::Page,
            caller: caller_of(request, request_id, Principal::Anyone, String::new()),
            resolved: None,
        };
        let input = serde_json::json!({
            "ClientId": link.client, "Username": link.user, "ConfirmationCode": link.code,
        });
        let message = Message { head, body: input.to_string().into_bytes() }.encode()?;
        Ok(Received::Forward(Forward { place, message, cache: None }))
    }
}
