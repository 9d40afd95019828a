//! How fast is the service, beside what it stands on? `tests/load/run.mjs` measures; this builds
//! what it needs.

use std::process::Command;

use anyhow::{Context, Result};

use crate::{bundle, npm, step};

/// Builds the Worker and the parts that it is compared with, then measures. What the command line
/// still holds goes to `run.mjs`.
pub(crate) fn run(args: &mut lexopt::Parser) -> Result<()> {
    step::catch_interrupts()?;
    bundle::build()?;
    bundle::module("parts", &step::root().join("tests/load/build"))?;
    npm::install("tests")?;
    let program = std::env::current_exe().context("this program has no path")?;
    let mut node = Command::new("node");
    node.arg("load/run.mjs").args(args.raw_args()?).current_dir(step::root().join("tests"));
    node.env("WORKERD", npm::workerd()?);
    node.env("COGNATE_SERVE", format!("{} serve --no-build --print-ready", program.display()));
    step::run("measuring", &mut node)
}
