//! Does all that must hold, hold?
//!
//! Every stage runs, even after one failed; a stage whose needs failed fails too. Tests of real
//! clients find the server that was started for them in the environment:
//!
//! | variable | what it is |
//! |---|---|
//! | `COGNATE_ENDPOINT` | the server's URL, with fresh state |
//! | `COGNATE_ACCESS_KEY_ID`, `COGNATE_SECRET_ACCESS_KEY` | its administrator; also as `AWS_…` |
//! | `COGNATE_MATRIX` | a file where clients write down which steps of the main job they took |
//! | `COGNATE_SERVE` | a command line, words parted by spaces, that starts another server: append `--port 0 --state DIR`, read one line of JSON (see `serve`), kill its `pid` at will |

mod stages;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use lexopt::prelude::*;

use self::stages::{STAGES, Stage};
use crate::step;

/// What the command line of `test` says.
pub(crate) struct Options {
    /// Stages to run, with what they need; all if empty.
    only: Vec<String>,
    list: bool,
}

impl Options {
    /// Reads the rest of the command line.
    pub(crate) fn parse(args: &mut lexopt::Parser) -> Result<Self> {
        let mut options = Self { only: Vec::new(), list: false };
        while let Some(arg) = args.next()? {
            match arg {
                Long("only") => options.only.push(args.value()?.string()?),
                Long("list") => options.list = true,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}

/// How a stage went.
struct Outcome {
    stage: &'static Stage,
    result: Result<Vec<String>>,
    took: Duration,
}

/// Runs the stages, then prints what each runner said last and a table.
pub(crate) fn run(options: &Options) -> Result<()> {
    if options.list {
        STAGES.iter().for_each(|stage| println!("{:8} {}", stage.name, stage.question));
        return Ok(());
    }
    let wanted = wanted(&options.only)?;
    step::catch_interrupts()?;
    let mut outcomes: Vec<Outcome> = Vec::new();
    for stage in STAGES.iter().filter(|stage| wanted.contains(&stage.name)) {
        if step::interrupted() {
            bail!("interrupted");
        }
        step::say(format!("—— {}: {}", stage.name, stage.question));
        let started = Instant::now();
        let result = match missing(stage, &outcomes) {
            Some(need) => Err(anyhow::anyhow!("it needs `{need}`, which failed")),
            None => (stage.run)(),
        };
        if let Err(error) = &result {
            step::say(format!("{} FAILED: {error:#}", stage.name));
        }
        outcomes.push(Outcome { stage, result, took: started.elapsed() });
    }
    report(&outcomes)
}

/// The names of the stages to run: those asked for, and what they need.
fn wanted(only: &[String]) -> Result<Vec<&'static str>> {
    let Some(unknown) = only.iter().find(|name| find(name).is_none()) else {
        let mut wanted: Vec<&str> = match only {
            [] => STAGES.iter().map(|stage| stage.name).collect(),
            names => names.iter().filter_map(|name| find(name)).map(|stage| stage.name).collect(),
        };
        let mut next = 0;
        while let Some(stage) = wanted.get(next).and_then(|name| find(name)) {
            wanted.extend(stage.needs);
            next += 1;
        }
        return Ok(wanted);
    };
    let names: Vec<_> = STAGES.iter().map(|stage| stage.name).collect();
    bail!("no stage `{unknown}`: there are {}", names.join(", "))
}

fn find(name: &str) -> Option<&'static Stage> {
    STAGES.iter().find(|stage| stage.name == name)
}

/// What the stage needs that was not reached.
fn missing(stage: &Stage, outcomes: &[Outcome]) -> Option<&'static str> {
    let passed = |need: &str| {
        let found = outcomes.iter().find(|outcome| outcome.stage.name == need);
        found.is_some_and(|outcome| outcome.result.is_ok())
    };
    stage.needs.iter().copied().find(|need| !passed(need))
}

fn report(outcomes: &[Outcome]) -> Result<()> {
    println!();
    for outcome in outcomes {
        let lines = outcome.result.iter().flatten();
        lines.for_each(|line| println!("{:8} {line}", outcome.stage.name));
    }
    println!();
    for Outcome { stage, result, took } in outcomes {
        let (verdict, why) = match result {
            Ok(_) => ("passed", String::new()),
            Err(error) => ("FAILED", format!("  {error:#}")),
        };
        println!("{:8} {verdict} {:7.1} s{why}", stage.name, took.as_secs_f32());
    }
    let failed = outcomes.iter().filter(|outcome| outcome.result.is_err()).count();
    println!("\n{} passed, {failed} failed", outcomes.len() - failed);
    if failed == 0 { Ok(()) } else { bail!("{failed} of {} stages failed", outcomes.len()) }
}

#[cfg(test)]
mod tests {
    use super::{STAGES, wanted};

    #[test]
    fn a_stage_brings_what_it_needs() {
        let wanted = wanted(&["steps".to_owned()]).unwrap();
        assert!(["steps", "sdk", "build"].iter().all(|stage| wanted.contains(stage)));
        assert!(!wanted.contains(&"fmt"));
    }

    #[test]
    fn an_unknown_stage_is_refused() {
        assert!(wanted(&["speed".to_owned()]).is_err());
    }

    #[test]
    fn what_a_stage_needs_runs_before_it() {
        let place = |name: &str| STAGES.iter().position(|stage| stage.name == name).unwrap();
        for stage in STAGES {
            for need in stage.needs {
                assert!(place(need) < place(stage.name), "{} before {need}", stage.name);
            }
        }
    }
}
