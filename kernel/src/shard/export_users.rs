//! Gives lines of an export: the next users who live here.

use crate::{
    model::export::{Export, page},
    prelude::*,
    shape::Json,
};

operation!(ExportUsers, Internal, now);

shape! { Input, sensitive { Export export: Json, Last last: String } }
shape! { Output, sensitive { Part part: Json } }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool_here()?;
    let bug = |_| Error::bug("an export does not parse");
    let export: Export = serde_json::from_value(input.export).map_err(bug)?;
    let part = page::users_here(cx, &pool, &export, &input.last)?;
    Ok(Output { part: serde_json::to_value(part).map_err(bug)? })
}
