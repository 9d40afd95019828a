//! Calls in AWS's query protocol: IAM and STS.

use alloc::string::String;

use super::{Forward, Front, Received, caller_of};
use crate::{
    access::caller,
    crypto::Random,
    error::{Code, Error},
    http::{BODY_BYTES_MAX, Request},
    message::{Head, Message, Principal, Protocol},
    operation::{Access, Operation, Service, find},
    place::Place,
    shape::{Fault, check, summary},
    wire::query::{self, Form},
};

/// A request in the query protocol.
pub(super) struct Query {
    service: Service,
    form: Result<Form, Error>,
}

/// What is asked in a form, if that is what the request is.
pub(super) fn in_form(request: &Request) -> Option<Query> {
    if request.header("x-amz-target").is_some() {
        return None;
    }
    // Whoever signs for one of these services has no other protocol in mind.
    let signed = scope(request);
    let is_json = request.body.first().is_none_or(|first| *first == b'{');
    if is_json && signed.is_none() {
        return None;
    }
    let signed = signed.unwrap_or(Service::Sts);
    if request.body.len() > BODY_BYTES_MAX {
        let form = Err(Code::RequestEntityTooLarge.into());
        return Some(Query { service: signed, form });
    }
    let form = core::str::from_utf8(&request.body).ok().and_then(query::form);
    let service = form.as_ref().and_then(query::service).unwrap_or(signed);
    Some(Query { service, form: form.ok_or_else(|| Code::MalformedInput.into()) })
}

/// The service that a signature is for, if it is one of these.
fn scope(request: &Request) -> Option<Service> {
    let signed = request.headers.iter().find(|(name, _)| name == "authorization");
    let is_for = |service: &Service| {
        let scope = alloc::format!("/{}/aws4_request", service.signing_name());
        signed.is_some_and(|(_, value)| value.contains(&scope))
    };
    [Service::Iam, Service::Sts].into_iter().find(is_for)
}

impl Front {
    pub(super) fn query(
        &self,
        request: &Request,
        asked: Query,
        now_ms: u64,
        random: &Random,
    ) -> Received {
        let (service, request_id) = (asked.service, random.uuid());
        let forwarded = asked
            .form
            .and_then(|form| self.forward_query(request, (&form, service), (&request_id, now_ms)));
        forwarded.unwrap_or_else(|error| {
            let response = query::fail(service, &error, &request_id);
            Received::Answer(response.with("x-amzn-requestid", request_id))
        })
    }

    fn forward_query(
        &self,
        request: &Request,
        (form, service): (&Form, Service),
        (request_id, now_ms): (&str, u64),
    ) -> Result<Received, Error> {
        let operation = operation(service, form)?;
        let (principal, region) = match operation.access {
            Access::Iam => {
                caller::authenticate(&self.engine.deployment, operation, request, now_ms)?
            }
            _ => (Principal::Anyone, Default::default()),
        };
        let input = query::input(operation.input, form).ok_or(Code::MalformedInput)?;
        check(operation.input, &input).map_err(|fault| {
            let message = match fault {
                Fault::Mistyped(sentence) => sentence,
                Fault::Broken(faults) => summary(&faults),
            };
            Error::saying(Code::InvalidParameter, message)
        })?;
        let place = Place::Account;
        let head = Head {
            place: place.clone(),
            service,
            operation: operation.name.into(),
            protocol: Protocol::Query,
            caller: caller_of(request, request_id, principal, region),
            resolved: None,
        };
        let body = serde_json::to_vec(&input);
        let body = body.map_err(|_| Error::bug("an input does not serialise"))?;
        let message = Message { head, body }.encode()?;
        Ok(Received::Forward(Forward { place, message, cache: None }))
    }
}

/// The operation that a form names.
fn operation(service: Service, form: &Form) -> Result<&'static Operation, Error> {
    let name = form.get("Action").filter(|name| !name.is_empty()).ok_or(Code::MissingAction)?;
    let version = form.get("Version").map_or("", String::as_str);
    if query::service(form) != Some(service) {
        return Err(unknown(name, version));
    }
    match find(service, name) {
        Some(operation) => Ok(operation),
        None if service == Service::Sts && name == "AssumeRoleWithSAML" => Err(Error::saying(
            Code::InvalidIdentityToken,
            "There are no SAML providers in this account: SAML assertions are not taken yet.",
        )),
        None => Err(unknown(name, version)),
    }
}

fn unknown(name: &str, version: &str) -> Error {
    // What comes back is no longer than what names an operation.
    let [name, version] = [name, version].map(|text| text.chars().take(128).collect::<String>());
    let message = alloc::format!("Could not find operation {name} for version {version}");
    Error::saying(Code::UnknownOperation, message)
}
