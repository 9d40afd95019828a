//! How fast is the service, beside what it stands on, where there are many users, while as many are
//! imported, and as the door to objects? `tests/load/run.mjs`, `tests/load/scale`,
//! `tests/load/scale.mjs`, `tests/load/import.mjs`, `tests/load/sign_in.mjs` and
//! `tests/load/objects.mjs` measure; this builds what they need.

use std::process::Command;

use anyhow::{Context, Result};

use crate::{bundle, npm, step};

/// Builds the Worker and the parts that it is compared with, then measures. What the command line
/// still holds goes to `run.mjs`.
pub(crate) fn run(args: &mut lexopt::Parser) -> Result<()> {
    let args: Vec<_> = args.raw_args()?.collect();
    step::catch_interrupts()?;
    bundle::build()?;
    npm::install("tests")?;
    if args == ["--scale"] {
        return scale();
    }
    if let Some((first, rest)) = args.split_first()
        && first == "--import"
    {
        return step::run("importing", node("load/import.mjs")?.args(rest));
    }
    if let Some((first, rest)) = args.split_first()
        && first == "--sign-in"
    {
        return step::run("signing in", node("load/sign_in.mjs")?.args(rest));
    }
    if let Some((first, rest)) = args.split_first()
        && first == "--objects"
    {
        return step::run("measuring objects", node("load/objects.mjs")?.args(rest));
    }
    bundle::module("parts", &step::root().join("tests/load/build"))?;
    step::run("measuring", node("load/run.mjs")?.args(args))
}

/// Measures pools of few users beside pools of many.
fn scale() -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--profile", "bench", "-p", "scale"]).current_dir(step::root());
    let natively = step::run("measuring natively", &mut cargo);
    step::run("measuring workerd", &mut node("load/scale.mjs")?)?;
    natively
}

fn node(script: &str) -> Result<Command> {
    let program = std::env::current_exe().context("this program has no path")?;
    let mut node = Command::new("node");
    node.arg(script).current_dir(step::root().join("tests"));
    node.env("WORKERD", npm::workerd()?);
    node.env("COGNATE_SERVE", format!("{} serve --no-build --print-ready", program.display()));
    Ok(node)
}
