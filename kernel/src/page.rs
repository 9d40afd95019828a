//! Pages that people see: plain HTML, without scripts, whole in one response.

use alloc::{format, string::String};

use crate::{
    error::{Code, Error},
    http::Response,
};

/// What a page says: its title is its heading too.
pub(crate) struct Page<'a> {
    pub(crate) title: &'a str,
    /// HTML.
    pub(crate) body: &'a str,
}

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;margin:15vh auto;max-width:26rem;\
    padding:0 1.5rem;color:#1a1a1a;background:#fff}h1{font-size:1.4rem}\
    button{font:inherit;padding:.6rem 1.4rem;border:0;border-radius:.4rem;background:#1a56db;\
    color:#fff;cursor:pointer}\
    @media(prefers-color-scheme:dark){body{color:#eee;background:#161616}}";

impl Page<'_> {
    /// The page as a response. It is no other site's to frame, to keep, or to hear of.
    pub(crate) fn response(&self, status: u16) -> Response {
        let title = escaped(self.title);
        let html = format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
             <style>{STYLE}</style></head><body><main><h1>{title}</h1>{}</main></body></html>\n",
            self.body
        );
        Response::new(status)
            .with("cache-control", "no-store")
            .with(
                "content-security-policy",
                "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; \
                 base-uri 'none'; frame-ancestors 'none'",
            )
            .with("referrer-policy", "no-referrer")
            .with("x-content-type-options", "nosniff")
            .body("text/html; charset=utf-8", html)
    }

    /// What a person is told who is confirmed.
    pub(crate) fn of_confirmation() -> Response {
        let body = "<p>Your registration has been confirmed. You can sign in now.</p>";
        Page { title: "Confirmed", body }.response(200)
    }

    /// What a person is told who followed a link in vain. A link that is used up, too old or
    /// spoiled is one thing here: what became of it is its owner's to know.
    pub(crate) fn of_error(error: &Error) -> Response {
        let (title, body) = match error.code {
            Code::CodeMismatch
            | Code::ExpiredCode
            | Code::NotAuthorized
            | Code::UserNotFound
            | Code::ResourceNotFound => (
                "This link does not work any more",
                "It was used before, or it is too old. If you have confirmed already, just sign \
                 in; otherwise ask for another message where you signed up.",
            ),
            Code::AliasExists => {
                ("This address belongs to another account", "Sign in with the account that has it.")
            }
            Code::LimitExceeded | Code::TooManyRequests => {
                ("Too many attempts", "Please try again later.")
            }
            _ => ("Something went wrong", "Please try again later."),
        };
        let body = format!("<p>{body}</p>");
        Page { title, body: &body }.response(error.code.status())
    }
}

/// Text as HTML.
pub(crate) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}
