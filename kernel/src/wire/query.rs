//! AWS's query protocol, which IAM and STS speak: forms in, XML out.
//!
//! <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};

use percent_encoding::percent_decode_str;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    error::{Code, Error},
    http::Response,
    operation::{Operation, Service},
    shape::{Json, Kind, Map, Shape},
};

/// The members of a form, by name.
pub(crate) type Form = BTreeMap<String, String>;

/// Reads `a=b&c=d`. What is said twice is said the first time.
pub(crate) fn form(body: &str) -> Option<Form> {
    let text = |part: &str| {
        let spaced = part.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8().ok().map(|text| text.to_string())
    };
    let mut form = Form::new();
    for pair in body.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        form.entry(text(name)?).or_insert(text(value)?);
    }
    Some(form)
}

/// The service of a form's `Version`.
pub(crate) fn service(form: &Form) -> Option<Service> {
    match form.get("Version")?.as_str() {
        "2010-05-08" => Some(Service::Iam),
        "2011-06-15" => Some(Service::Sts),
        _ => None,
    }
}

/// The input that a form stands for, in the structure that the operation takes; nothing if a list
/// in it counts otherwise than from 1.
pub(crate) fn input(shape: &Shape, form: &Form) -> Option<Json> {
    Some(read(shape, form, "")?.unwrap_or_else(|| Json::Object(Map::new())))
}

fn read(shape: &Shape, form: &Form, at: &str) -> Option<Option<Json>> {
    Some(match &shape.kind {
        Kind::Structure { fields } => {
            let mut members = Map::new();
            for field in *fields {
                let at = match at {
                    "" => field.name.to_string(),
                    at => format!("{at}.{}", field.name),
                };
                if let Some(value) = read(field.shape, form, &at)? {
                    members.insert(field.name.into(), value);
                }
            }
            (!members.is_empty()).then_some(Json::Object(members))
        }
        Kind::List { of, .. } => {
            let mut items = Vec::new();
            for number in numbers(form, &format!("{at}.member."))? {
                items.extend(read(of, form, &format!("{at}.member.{number}"))?);
            }
            (!items.is_empty()).then_some(Json::Array(items))
        }
        Kind::Integer { .. } | Kind::Long { .. } => form
            .get(at)
            .map(|text| text.parse::<i64>().map_or_else(|_| Json::from(text.as_str()), Json::from)),
        Kind::Boolean => form.get(at).map(|text| match text.as_str() {
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            other => Json::from(other),
        }),
        _ => form.get(at).map(|text| Json::from(text.as_str())),
    })
}

/// The numbers of the items of a list, in order.
fn numbers(form: &Form, prefix: &str) -> Option<BTreeSet<u32>> {
    let keys = form.range(prefix.to_string()..).map(|(key, _)| key);
    let rests = keys.map_while(|key| key.strip_prefix(prefix));
    rests
        .map(|rest| {
            let number = rest.split('.').next().unwrap_or_default();
            // One spelling alone, so that no item is there twice.
            let is_plain = !number.starts_with(['0', '+']);
            number.parse::<u32>().ok().filter(|_| is_plain)
        })
        .collect()
}

/// The answer of an operation that went well.
pub(crate) fn answer(operation: &Operation, output: &Json, request_id: &str) -> String {
    let name = operation.name;
    let mut body = String::new();
    write(operation.output, output, &mut body);
    let result = match body.as_str() {
        "" => String::new(),
        body => format!("<{name}Result>{body}</{name}Result>"),
    };
    format!(
        "<{name}Response xmlns=\"{}\">{result}<ResponseMetadata><RequestId>{request_id}</RequestId>\
         </ResponseMetadata></{name}Response>",
        namespace(operation.service)
    )
}

fn write(shape: &Shape, value: &Json, out: &mut String) {
    match (&shape.kind, value) {
        (Kind::Structure { fields }, Json::Object(members)) => {
            for field in *fields {
                if let Some(value) = members.get(field.name) {
                    element(field.name, field.shape, value, out);
                }
            }
        }
        (Kind::List { of, .. }, Json::Array(items)) => {
            items.iter().for_each(|item| element("member", of, item, out));
        }
        (Kind::Timestamp, value) => {
            let seconds = value.as_f64().map_or(0.0, |seconds| seconds.max(0.0));
            let seconds = format!("{seconds:.0}").parse().unwrap_or_default();
            let moment = OffsetDateTime::from_unix_timestamp(seconds);
            let moment = moment.unwrap_or(OffsetDateTime::UNIX_EPOCH);
            out.push_str(&moment.format(&Rfc3339).unwrap_or_default());
        }
        (_, Json::String(text)) => out.push_str(&escaped(text)),
        (_, value) => out.push_str(&value.to_string()),
    }
}

fn element(name: &str, shape: &Shape, value: &Json, out: &mut String) {
    out.push_str(&format!("<{name}>"));
    write(shape, value, out);
    out.push_str(&format!("</{name}>"));
}

/// The answer that tells an error.
pub(crate) fn fail(service: Service, error: &Error, request_id: &str) -> Response {
    let (status, code) = service.told(error.code);
    let kind = if status < 500 { "Sender" } else { "Receiver" };
    let body = format!(
        "<ErrorResponse xmlns=\"{}\"><Error><Type>{kind}</Type><Code>{code}</Code><Message>{}\
         </Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>",
        namespace(service),
        escaped(&error.message)
    );
    Response::new(status).body("text/xml", body)
}

impl Service {
    /// The status and the name of an error, where the service speaks the query protocol: it calls
    /// some otherwise than services that speak JSON do.
    #[must_use]
    pub const fn told(self, code: Code) -> (u16, &'static str) {
        match (code, self) {
            (Code::AccessDenied, _) => (403, "AccessDenied"),
            (Code::ConcurrentModification, _) => (409, "ConcurrentModification"),
            (Code::ExpiredToken, _) => (403, "ExpiredToken"),
            (Code::IncompleteSignature, _) => (400, "IncompleteSignature"),
            (Code::Internal | Code::InternalServer, Self::Iam) => (500, "ServiceFailure"),
            (Code::Internal | Code::InternalServer, _) => (500, "InternalFailure"),
            (Code::InvalidParameter | Code::Serialization | Code::Validation, _) => {
                (400, "ValidationError")
            }
            (Code::InvalidSignature, _) => (403, "SignatureDoesNotMatch"),
            (Code::LimitExceeded, _) => (409, "LimitExceeded"),
            (Code::MissingAuthenticationToken, _) => (403, "MissingAuthenticationToken"),
            (Code::RequestEntityTooLarge, _) => (413, "RequestEntityTooLarge"),
            (Code::ServiceUnavailable, _) => (503, "ServiceUnavailable"),
            (Code::Throttling | Code::TooManyRequests, _) => (400, "Throttling"),
            (Code::UnknownOperation, _) => (400, "InvalidAction"),
            (Code::UnrecognizedClient, _) => (403, "InvalidClientTokenId"),
            (code, _) => (code.status(), code.wire()),
        }
    }
}

fn namespace(service: Service) -> &'static str {
    match service {
        Service::Iam => "https://iam.amazonaws.com/doc/2010-05-08/",
        _ => "https://sts.amazonaws.com/doc/2011-06-15/",
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML has no way to say them.
            char if char.is_control() && !matches!(char, '\t' | '\n' | '\r') => {}
            char => escaped.push(char),
        }
    }
    escaped
}
