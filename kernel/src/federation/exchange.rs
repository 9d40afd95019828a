//! Roles that are had elsewhere: our OpenID token is brought to another STS, which gives the role
//! of its own account for it. That account must know our issuer as a provider.
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>

use alloc::{
    format,
    string::{String, ToString},
};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::login::silent;
use crate::{
    call::{Answer, Effect},
    cx::Cx,
    error::{Code, Error},
    http::Response,
    iam::guest,
    shape::{Json, Timestamp},
    shapes::IdentityCredentials,
};

/// What is asked for.
pub(crate) struct Exchange<'a> {
    /// Where the other STS is.
    pub(crate) endpoint: String,
    pub(crate) role_arn: &'a str,
    pub(crate) session_name: &'a str,
    /// The token that says whose the role is to be.
    pub(crate) token: &'a str,
    /// Whether it is a guest's, who may use few services whatever the role says.
    pub(crate) is_scoped_down: bool,
}

impl Exchange<'_> {
    fn form(&self) -> String {
        let policy = if self.is_scoped_down { guest::policy() } else { String::new() };
        let members = [
            ("Action", "AssumeRoleWithWebIdentity"),
            ("Version", "2011-06-15"),
            ("DurationSeconds", "3600"),
            ("RoleArn", self.role_arn),
            ("RoleSessionName", self.session_name),
            ("WebIdentityToken", self.token),
            ("Policy", &policy),
        ];
        let said = members.iter().filter(|(_, value)| !value.is_empty());
        let pairs = said.map(|(name, value)| {
            format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))
        });
        pairs.collect::<alloc::vec::Vec<_>>().join("&")
    }

    /// Has the token exchanged. Nothing may be pending.
    ///
    /// # Errors
    /// `InvalidIdentityPoolConfigurationException` if the role is not given,
    /// `ExternalServiceException` if nobody says so.
    pub(crate) async fn made(self, cx: &mut Cx) -> Result<IdentityCredentials, Error> {
        let (url, form) = (self.endpoint.clone(), Some(self.form()));
        match cx.ask(Effect::Fetch { url, authorization: None, form }).await {
            Answer::Response(response) => told(&response),
            Answer::Failed(reason) => Err(silent(reason)),
            _ => Err(silent("a role was asked for and something else came")),
        }
    }
}

fn told(response: &Response) -> Result<IdentityCredentials, Error> {
    let body = core::str::from_utf8(&response.body).unwrap_or_default();
    match response.status {
        200 => read(body).ok_or_else(|| silent("an STS answered in a form that is not known")),
        status @ 400..500 => {
            let code = element(body, "Code").unwrap_or("no code");
            let why = format!("the STS refused a role: {status} {code}");
            Err(Error::from(Code::InvalidIdentityPoolConfiguration).because(why))
        }
        status => Err(silent(format!("an STS answered {status}"))),
    }
}

/// The credentials in an answer: AWS's own STS writes JSON where that is accepted, others XML.
fn read(body: &str) -> Option<IdentityCredentials> {
    let json: Json = serde_json::from_str(body).unwrap_or_default();
    let action = "AssumeRoleWithWebIdentity";
    let credentials = json
        .get(format!("{action}Response"))
        .and_then(|response| response.get(format!("{action}Result"))?.get("Credentials"));
    let member = |name: &str| match credentials {
        Some(credentials) => credentials.get(name).and_then(Json::as_str),
        None => element(body, name),
    };
    let seconds = credentials.and_then(|credentials| credentials.get("Expiration")?.as_f64());
    let moment = || OffsetDateTime::parse(member("Expiration")?, &Rfc3339).ok();
    let expires_s = match seconds {
        // As in the answer that this one becomes.
        Some(seconds) => format!("{seconds:.0}").parse().ok()?,
        None => u64::try_from(moment()?.unix_timestamp()).ok()?,
    };
    let text = |name: &str| member(name).filter(|text| !text.is_empty()).map(ToString::to_string);
    Some(IdentityCredentials {
        access_key_id: Some(text("AccessKeyId")?.into()),
        secret_key: Some(text("SecretAccessKey")?.into()),
        session_token: Some(text("SessionToken")?.into()),
        expiration: Some(Timestamp(expires_s.saturating_mul(1_000))),
    })
}

/// The text of the first element of that name. What is looked for holds nothing that XML escapes.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    Some(text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Result<IdentityCredentials, Code> {
        let response = Response::new(status).body("text/xml", body);
        told(&response).map_err(|error| error.code)
    }

    #[test]
    fn credentials_are_read_from_xml_and_from_json() {
        let xml = "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>\
            <Credentials><SessionToken>AQ+/=</SessionToken><SecretAccessKey>s/+</SecretAccessKey>\
            <Expiration>2026-11-25T12:00:00Z</Expiration><AccessKeyId>ASIA1</AccessKeyId>\
            </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";
        let json = r#"{"AssumeRoleWithWebIdentityResponse":{"AssumeRoleWithWebIdentityResult":
            {"Credentials":{"SessionToken":"AQ+/=","SecretAccessKey":"s/+",
            "Expiration":1.7956080E9,"AccessKeyId":"ASIA1"}}}}"#;
        let read = answer(200, xml).unwrap();
        assert_eq!(read, answer(200, json).unwrap());
        assert_eq!(read.expiration, Some(Timestamp(1_795_608_000_000)));
        assert_eq!(read.secret_key, Some("s/+".into()));
    }

    #[test]
    fn what_gives_no_credentials_is_told_apart() {
        let refused = "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>";
        assert_eq!(answer(403, refused), Err(Code::InvalidIdentityPoolConfiguration));
        assert_eq!(answer(500, refused), Err(Code::ExternalService));
        assert_eq!(answer(302, ""), Err(Code::ExternalService));
        for body in ["", "{}", "<AccessKeyId>A</AccessKeyId>", "\u{0}"] {
            assert_eq!(answer(200, body), Err(Code::ExternalService), "{body}");
        }
    }
}
