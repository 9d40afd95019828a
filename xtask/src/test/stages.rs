//! Which stages are there, and what does each run?

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::serve::{self, Server};
use crate::step::{self, Group};
use crate::toolchain::{TARGET, Toolchain};
use crate::{bundle, chromium, dev, http, js, npm, python, vars};

/// A part of the whole test.
pub(super) struct Stage {
    pub(super) name: &'static str,
    /// What passing answers with yes.
    pub(super) question: &'static str,
    /// Stages that must have passed before.
    pub(super) needs: &'static [&'static str],
    /// Returns the closing lines of the runner.
    pub(super) run: fn() -> Result<Vec<String>>,
}

/// All stages, in the order in which they run.
pub(super) const STAGES: &[Stage] = &[
    Stage { name: "fmt", question: "is the code formatted?", needs: &[], run: fmt },
    Stage { name: "clippy", question: "is the linter content?", needs: &[], run: clippy },
    Stage { name: "rust", question: "do the Rust tests pass?", needs: &[], run: rust },
    Stage { name: "shards", question: "is a split pool as one?", needs: &["rust"], run: shards },
    Stage { name: "model", question: "are AWS's facts AWS's?", needs: &[], run: model },
    Stage { name: "build", question: "does the Worker build?", needs: &[], run: build },
    Stage { name: "types", question: "do the shim's types hold?", needs: &["build"], run: types },
    Stage { name: "edge", question: "does the Worker withstand?", needs: &["build"], run: edge },
    Stage { name: "js", question: "does the npm package hold?", needs: &[], run: package },
    Stage {
        name: "client",
        question: "does its client sign in?",
        needs: &["build", "js"],
        run: client,
    },
    Stage { name: "sdk", question: "do JavaScript clients agree?", needs: &["build"], run: sdk },
    Stage { name: "split", question: "also of split pools?", needs: &["build"], run: split },
    Stage { name: "boto", question: "does boto3 agree?", needs: &["build"], run: boto },
    Stage {
        name: "steps",
        question: "who did what?",
        needs: &["build", "sdk", "boto"],
        run: steps,
    },
    Stage { name: "deploy", question: "could it be deployed?", needs: &["build"], run: deploy },
    Stage { name: "dev", question: "does wrangler dev answer?", needs: &["build"], run: wrangler },
];

fn cargo(args: &[&str]) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(args).current_dir(step::root());
    cargo
}

fn fmt() -> Result<Vec<String>> {
    step::run("cargo fmt", &mut cargo(&["fmt", "--all", "--check"]))?;
    Ok(Vec::new())
}

fn clippy() -> Result<Vec<String>> {
    let host = ["clippy", "--workspace", "--exclude", "edge", "--all-targets", "--all-features"];
    step::run("clippy", cargo(&host).args(["--", "-D", "warnings"]))?;
    let toolchain = Toolchain::find()?;
    // The distribution's toolchain has no clippy: then `edge` is linted as if it were for the host.
    let mut edge = if toolchain.is_active() {
        let mut edge = toolchain.cargo();
        edge.args(["clippy", "--target", TARGET, "--target-dir"]).arg(bundle::target());
        edge
    } else {
        cargo(&["clippy"])
    };
    step::run("clippy for edge", edge.args(["--package", "edge", "--", "-D", "warnings"]))?;
    Ok(Vec::new())
}

fn rust() -> Result<Vec<String>> {
    let mut test = cargo(&["test", "--workspace"]);
    let lines = step::watched("cargo test", &mut test, |line| line.starts_with("test result:"))?;
    let passed = lines.iter().filter_map(|line| number_before(line, " passed")).sum::<u32>();
    ensure!(passed > 0, "no Rust test ran");
    Ok(lines)
}

/// The same tests in pools that are spread over four places.
fn shards() -> Result<Vec<String>> {
    // Of the whole workspace, for which everything is compiled already.
    let mut test = cargo(&["test", "--workspace", "--tests"]);
    test.env("COGNATE_TEST_SHARDS", "4");
    step::watched("cargo test", &mut test, |line| line.starts_with("test result:"))
}

fn build() -> Result<Vec<String>> {
    // What the stage `js` needs comes along: linking takes minutes, but one core.
    js::compile_all()?;
    bundle::build()?;
    Ok(Vec::new())
}

fn types() -> Result<Vec<String>> {
    let mut tsc = npm::program("tsc");
    tsc.args(["--project", "tsconfig.json"]).current_dir(step::root().join("edge"));
    step::run("tsc", &mut tsc)?;
    Ok(Vec::new())
}

/// The table of facts that the surface is compared with, against AWS's own model.
fn model() -> Result<Vec<String>> {
    let mut strip = Command::new(python::interpreter()?);
    strip.arg(step::root().join("tests/model/strip.py")).arg("--check");
    Ok(step::quietly("strip.py --check", &mut strip)?.lines().map(str::to_owned).collect())
}

/// Faults on purpose, each on a server of its own.
fn edge() -> Result<Vec<String>> {
    npm::install("tests")?;
    // Senders are tested against moto.
    let python = python::interpreter()?;
    node_test(&["tests/edge"], |node| {
        node.env("COGNATE_PYTHON", python);
        Ok(())
    })
}

fn sdk() -> Result<Vec<String>> {
    npm::install("tests")?;
    let record = record();
    if record.exists() {
        fs::remove_file(&record)?;
    }
    let server = Server::start(&fresh("sdk")?)?;
    node_test(&["tests/sdk", "tests/judges"], |node| client_of(&server, node).map(drop))
}

/// What clients see of pools that are spread over four places.
fn split() -> Result<Vec<String>> {
    npm::install("tests")?;
    let mut options = fresh("split")?;
    let settings = fs::read_to_string(&options.vars)?;
    options.vars = options.state.with_extension("vars");
    fs::write(&options.vars, format!("{settings}\nPOOL_SHARDS=\"4\"\n"))?;
    let server = Server::start(&options)?;
    let unrecorded = |client: &mut Command| {
        client_of(&server, client)?.env_remove("COGNATE_MATRIX");
        Ok(())
    };
    let mut lines = node_test(&["tests/sdk"], unrecorded)?;
    lines.extend(unittest(unrecorded)?);
    Ok(lines)
}

/// The npm package by itself, against servers that misbehave.
fn package() -> Result<Vec<String>> {
    js::build()?;
    node_test(&["js/test"], |_| Ok(()))
}

fn client() -> Result<Vec<String>> {
    npm::install("tests")?;
    let (browser, interpreter) = (chromium::find()?, python::interpreter()?);
    let server = Server::start(&fresh("client")?)?;
    node_test(&["tests/client"], |node| {
        client_of(&server, node)?.env("CHROMIUM", browser).env("PYTHON", interpreter);
        Ok(())
    })
}

/// Runs all `*.test.mjs` of some folders with Node's own runner.
fn node_test(
    folders: &[&str],
    prepare: impl FnOnce(&mut Command) -> Result<()>,
) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for folder in folders {
        let found = files_ending(&step::root().join(folder), ".test.mjs")?;
        ensure!(!found.is_empty(), "{folder} has no *.test.mjs");
        files.extend(found);
    }
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec"]).args(files);
    node.current_dir(step::root().join("tests"));
    prepare(&mut node)?;
    let keep =
        |line: &str| ["ℹ tests ", "ℹ pass ", "ℹ fail "].iter().any(|start| line.starts_with(start));
    let lines = step::watched("node --test", &mut node, keep)?;
    let ran = lines.iter().find_map(|line| line.strip_prefix("ℹ pass ")?.trim().parse().ok());
    ensure!(ran.unwrap_or(0u32) > 0, "no JavaScript test passed");
    Ok(lines)
}

fn boto() -> Result<Vec<String>> {
    let server = Server::start(&fresh("boto")?)?;
    unittest(|python| client_of(&server, python).map(drop))
}

/// Runs all tests with boto3.
fn unittest(prepare: impl FnOnce(&mut Command) -> Result<()>) -> Result<Vec<String>> {
    let interpreter = python::interpreter()?;
    let folder = step::root().join("tests/boto");
    ensure!(!files_ending(&folder, ".py")?.is_empty(), "tests/boto has no test");
    let mut unittest = Command::new(interpreter);
    unittest.args(["-m", "unittest", "discover", "--verbose", "--start-directory", "boto"]);
    unittest.current_dir(step::root().join("tests")).env("PYTHONDONTWRITEBYTECODE", "1");
    prepare(&mut unittest)?;
    let keep = |line: &str| {
        line.starts_with("Ran ") || line.starts_with("OK") || line.contains("FAILED (")
    };
    let lines = step::watched("unittest", &mut unittest, keep)?;
    let ran = lines.iter().find_map(|line| number_before(line, " test"));
    ensure!(ran.unwrap_or(0) > 0, "no boto3 test ran");
    Ok(lines)
}

/// The table of clients and steps of the main job that both left behind.
fn steps() -> Result<Vec<String>> {
    let mut matrix = Command::new("node");
    matrix.arg(step::root().join("tests/sdk/matrix.mjs")).arg(record());
    Ok(step::quietly("", &mut matrix)?.lines().map(str::to_owned).collect())
}

/// Where clients write down which steps of the main job they took.
fn record() -> PathBuf {
    step::target().join("test-state/steps.jsonl")
}

fn deploy() -> Result<Vec<String>> {
    let mut deploy = npm::wrangler();
    deploy.args(["deploy", "--dry-run", "--outdir"]).arg(step::target().join("dry-run"));
    let output = step::quietly("wrangler deploy --dry-run", &mut deploy)?;
    Ok(output.lines().filter(|line| line.contains("Total Upload")).map(str::to_owned).collect())
}

/// An administrator's call without a signature: Cognate's own error must come back.
fn wrangler() -> Result<Vec<String>> {
    let port = http::free_port()?;
    let endpoint = format!("http://127.0.0.1:{port}");
    let mut server = Group::start(&mut dev::wrangler(port, &empty_folder("dev")?))?;
    http::wait_for(&endpoint, &mut server, Duration::from_secs(120))?;
    let headers = [
        ("Content-Type", "application/x-amz-json-1.1"),
        ("X-Amz-Target", "AWSCognitoIdentityProviderService.ListUserPools"),
    ];
    let answer = http::post(&endpoint, &headers, r#"{"MaxResults":1}"#)?;
    if answer.status != 400 || !answer.body.contains("__type") {
        bail!("an unsigned call was answered with {}: {}", answer.status, answer.body);
    }
    Ok(vec![format!("{} {}", answer.status, answer.body.trim())])
}

/// Tells a client how to reach the server.
fn client_of<'a>(server: &Server, client: &'a mut Command) -> Result<&'a mut Command> {
    let vars = vars::read(&serve::Options::default().vars)?;
    let value = |name: &str| vars.get(name).with_context(|| format!("{name} is not set"));
    let (id, secret) = (value("COGNATE_ACCESS_KEY_ID")?, value("COGNATE_SECRET_ACCESS_KEY")?);
    let program = std::env::current_exe().context("this program has no path")?;
    Ok(client
        .env("COGNATE_ENDPOINT", &server.endpoint)
        .env("COGNATE_MATRIX", record())
        .env("COGNATE_ACCESS_KEY_ID", id)
        .env("COGNATE_SECRET_ACCESS_KEY", secret)
        .env("COGNATE_SERVE", format!("{} serve --no-build --print-ready", program.display()))
        .env("AWS_ACCESS_KEY_ID", id)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("NO_COLOR", "1"))
}

fn fresh(name: &str) -> Result<serve::Options> {
    Ok(serve::Options { port: 0, state: empty_folder(name)?, ..serve::Options::default() })
}

fn empty_folder(name: &str) -> Result<PathBuf> {
    let folder = step::target().join("test-state").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn files_ending(folder: &Path, end: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<Result<Vec<_>, _>>()?;
    paths.retain(|path| path.to_string_lossy().ends_with(end));
    paths.sort();
    Ok(paths)
}

/// The number that stands right before a word: 12 in `ok. 12 passed`.
fn number_before(line: &str, word: &str) -> Option<u32> {
    line.split_once(word)?.0.rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::number_before;

    #[test]
    fn counts_are_read_from_closing_lines() {
        let cargo = "test result: ok. 12 passed; 0 failed; 0 ignored";
        assert_eq!(number_before(cargo, " passed"), Some(12));
        assert_eq!(number_before("Ran 7 tests in 0.1s", " test"), Some(7));
        assert_eq!(number_before("OK", " test"), None);
    }
}
