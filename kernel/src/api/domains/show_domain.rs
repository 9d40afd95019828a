//! Tells what a pool knows of a domain; nothing, if it is none of its own.

use crate::{model::domain::Domain, prelude::*, store::keys};

operation!(ShowDomain, Internal, now);

shape! { Input {
    Name name: String,
} }

shape! { Output {
    Domain domain: Option<DomainDescriptionType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let domain = cx.get::<Domain>(keys::domain(&input.name))?;
    Ok(Output { domain: domain.map(|domain| domain.into_inner().description) })
}
