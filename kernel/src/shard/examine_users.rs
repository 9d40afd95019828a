//! Looks at the next users who live here, from whom attributes are to go.

use crate::{directory, prelude::*, shape::Json};

operation!(ExamineUsers, Internal, now);

shape! { Input { Departure departure: Json } }
shape! { Output { Step step: Json } }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool_here()?;
    let bug = |_| Error::bug("a departure does not parse");
    let departure = serde_json::from_value(input.departure).map_err(bug)?;
    let step = directory::examine_here(cx, &pool, &departure)?;
    Ok(Output { step: serde_json::to_value(step).map_err(bug)? })
}
