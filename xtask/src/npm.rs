//! Which npm packages are there, and how are their programs run?

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::step;

/// The oldest Node.js that all the packages accept.
const NODE: (u32, u32) = (20, 3);

/// Installs what `folder/package-lock.json` says, unless that was done already.
pub(crate) fn install(folder: &str) -> Result<()> {
    check_node()?;
    let path = step::root().join(folder);
    let lock = fs::read(path.join("package-lock.json"))
        .with_context(|| format!("cannot read {folder}/package-lock.json"))?;
    let stamp = step::target().join("npm").join(format!("{}.lock", folder.replace('/', "-")));
    let installed = path.join("node_modules/.package-lock.json").exists();
    if installed && fs::read(&stamp).is_ok_and(|done| done == lock) {
        return Ok(());
    }
    step::say(format!("npm packages of {folder}: installing"));
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut ci = Command::new(npm);
    ci.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&path);
    step::quietly(&format!("npm packages of {folder}"), &mut ci)?;
    write_stamp(&stamp, &lock)
}

fn write_stamp(stamp: &Path, lock: &[u8]) -> Result<()> {
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(stamp, lock).with_context(|| format!("cannot write {}", stamp.display()))
}

fn check_node() -> Result<()> {
    const WANTED: &str = "Cognate needs Node.js 20.3 or newer with npm: https://nodejs.org";
    let output = Command::new("node").arg("--version").output().context(WANTED)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) if (major, minor) >= NODE => Ok(()),
        _ => bail!("{WANTED} (found {})", text.trim()),
    }
}

/// A program of an installed package of `edge`.
pub(crate) fn program(name: &str) -> Command {
    program_of("edge", name)
}

/// A program of an installed package of that folder.
pub(crate) fn program_of(folder: &str, name: &str) -> Command {
    let suffix = if cfg!(windows) { ".cmd" } else { "" };
    let programs = step::root().join(folder).join("node_modules/.bin");
    Command::new(programs.join(format!("{name}{suffix}")))
}

/// The native `workerd` of this machine, inside its npm package.
pub(crate) fn workerd() -> Result<PathBuf> {
    let mut ask = Command::new("node");
    ask.args(["-p", "require('workerd').default"]).current_dir(step::root().join("edge"));
    Ok(PathBuf::from(step::quietly("", &mut ask)?.trim()))
}

/// `wrangler`, quiet and offline: it asks nothing, reports nothing, fetches nothing for itself.
pub(crate) fn wrangler() -> Command {
    let mut command = program("wrangler");
    command
        .current_dir(step::root().join("edge"))
        .env("CI", "1")
        .env("WRANGLER_SEND_METRICS", "false")
        .env("CLOUDFLARE_CF_FETCH_ENABLED", "false");
    command
}
