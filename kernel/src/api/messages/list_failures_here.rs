//! Which messages to users who live here could not be handed over? Newest first, as a page of the
//! pool's own list has them.

use serde::{Deserialize, Serialize};

use crate::{
    delivery::failures::{self, Failure},
    prelude::*,
    shape::Json,
};

operation!(ListFailuresHere, Internal, now);

shape! { Input { Before before: Option<String>, Limit limit: String } }
shape! { Output { Failures failures: Vec<Json> } }

/// A failure and the key that says where in the list it stands.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Listed {
    pub(super) key: String,
    pub(super) failure: Failure,
}

/// The failures of this place.
pub(super) fn here(cx: &Cx, before: Option<&str>, limit: usize) -> Result<Vec<Listed>, Error> {
    let found = failures::newest(cx, before, limit)?;
    Ok(found.into_iter().map(|(key, failure)| Listed { key, failure }).collect())
}

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let limit = input.limit.parse().map_err(|_| Error::bug("a limit is no number"))?;
    let listed = here(cx, input.before.as_deref(), limit)?;
    let written = listed.iter().map(serde_json::to_value).collect::<Result<_, _>>();
    Ok(Output { failures: written.map_err(|_| Error::bug("a failure does not serialise"))? })
}
