//! Imports lines of a file whose users live here, each once.

use crate::{model::import::ImportJob, prelude::*, shape::Json};

operation!(ImportLines, Internal, now);

shape! { Input, sensitive {
    Job job: Json,
    /// The number of the first line that is not noted yet.
    From from: i64,
    /// None asks what came of those that were taken.
    Lines lines: Vec<Json>,
} }

shape! { Output { Told told: Json } }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool_here()?;
    let bug = |_| Error::bug("lines of a file do not parse");
    let mut job: ImportJob = serde_json::from_value(input.job).map_err(bug)?;
    let lines = input.lines.into_iter().map(serde_json::from_value).collect::<Result<_, _>>();
    let from = u64::try_from(input.from).map_err(|_| Error::bug("a line has no number"))?;
    let told = job.import_once(cx, &pool, (from, lines.map_err(bug)?))?;
    Ok(Output { told: serde_json::to_value(told).map_err(bug)? })
}
