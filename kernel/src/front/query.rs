//! Calls in AWS's query protocol: IAM and STS.

use super::{Forward, Front, Received, caller_of};
use crate::{
    access::caller,
    crypto::Random,
    error::{Code, Error},
    http::{BODY_BYTES_MAX, Request},
    message::{Head, Message, Principal, Protocol},
    operation::{Access, Service, find},
    place::Place,
    shape::{Fault, check, summary},
    wire::query::{self, Form},
};

/// The form of a request that is one, and the service that it is for.
pub(super) fn form_in(request: &Request) -> Option<(Form, Service)> {
    let is_form = request.header("x-amz-target").is_none() && request.body.len() <= BODY_BYTES_MAX;
    let body = is_form.then(|| core::str::from_utf8(&request.body).ok()).flatten()?;
    let form = query::form(body).filter(|form| form.contains_key("Action"))?;
    let service = query::service(&form)?;
    Some((form, service))
}

impl Front {
    pub(super) fn query(
        &self,
        request: &Request,
        (form, service): (&Form, Service),
        now_ms: u64,
        random: &Random,
    ) -> Received {
        let request_id = random.uuid();
        self.forward_query(request, (form, service), (&request_id, now_ms)).unwrap_or_else(
            |error| {
                let response = query::fail(service, &error, &request_id);
                Received::Answer(response.with("x-amzn-requestid", request_id))
            },
        )
    }

    fn forward_query(
        &self,
        request: &Request,
        (form, service): (&Form, Service),
        (request_id, now_ms): (&str, u64),
    ) -> Result<Received, Error> {
        let name = form.get("Action").map(alloc::string::String::as_str).unwrap_or_default();
        let operation = find(service, name).ok_or_else(|| unknown(service, name))?;
        let (principal, region) = match operation.access {
            Access::Iam => {
                caller::authenticate(&self.engine.deployment, operation, request, now_ms)?
            }
            _ => (Principal::Anyone, Default::default()),
        };
        let input = query::input(operation.input, form);
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

/// What is said of what is no operation here.
fn unknown(service: Service, name: &str) -> Error {
    match (service, name) {
        (Service::Sts, "AssumeRoleWithSAML") => Error::saying(
            Code::InvalidIdentityToken,
            "There are no SAML providers in this account: SAML assertions are not taken yet.",
        ),
        _ => Code::UnknownOperation.into(),
    }
}
