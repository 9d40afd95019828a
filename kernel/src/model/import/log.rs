//! What came of each line of a file? Kept as runs of lines of which the same came.

use alloc::{format, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{
    cx::Cx,
    error::Error,
    store::{Record, keys},
};

/// What came of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Outcome {
    Failed(String),
    Skipped,
    Succeeded,
}

/// Lines one after the other of which the same came.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Run {
    first: u64,
    last: u64,
    outcome: Outcome,
}

/// Some of a job's lines, as kept under `import-log/{job}/{last line}`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Log {
    runs: Vec<Run>,
}

impl Record for Log {}

impl Log {
    /// Adds a line, which comes after those that are there.
    pub(crate) fn add(&mut self, number: u64, outcome: Outcome) {
        match self.runs.last_mut() {
            Some(run) if run.last + 1 == number && run.outcome == outcome => run.last = number,
            _ => self.runs.push(Run { first: number, last: number, outcome }),
        }
    }

    pub(crate) fn save(&self, cx: &Cx, job: &str) -> Result<(), Error> {
        match self.runs.last() {
            Some(run) => cx.put(&keys::import_lines(job, run.last), self),
            None => Ok(()),
        }
    }
}

/// At most `limit` lines of a job's log after line `after`, in Cognito's words, and the last one's
/// number.
pub(crate) fn lines(
    cx: &Cx,
    job: &str,
    after: u64,
    limit: usize,
) -> Result<(Vec<String>, u64), Error> {
    let (mut lines, mut last) = (Vec::new(), after);
    while lines.len() < limit {
        let range = keys::import_lines(job, last + 1)..keys::under(&keys::import_log(job)).end;
        let logs = cx.scan::<Log>(range.start.as_str()..range.end.as_str(), 1)?;
        let Some(log) = logs.into_iter().next() else { break };
        for run in &log.runs {
            for number in run.first.max(last + 1)..=run.last {
                if lines.len() == limit {
                    return Ok((lines, last));
                }
                lines.push(run.outcome.told(number));
                last = number;
            }
        }
    }
    Ok((lines, last))
}

impl Outcome {
    fn told(&self, number: u64) -> String {
        match self {
            Self::Failed(why) => format!("[FAILED] Line Number {number} - {why}"),
            Self::Skipped => format!("[SKIPPED] Line Number {number} - The user already exists."),
            Self::Succeeded => format!("[SUCCEEDED] Line Number {number} - The import succeeded."),
        }
    }
}
