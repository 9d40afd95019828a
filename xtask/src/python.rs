//! Where is a Python with the packages of `tests/requirements.txt`?

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{apt, step};

const WANTED: &str = "Python 3.10 or newer with `venv` is needed for the tests with boto3:\n  \
                      apt-get install python3-venv   (or https://www.python.org)";

/// The interpreter of `target/venv`, made and filled unless that was done already.
pub(crate) fn interpreter() -> Result<PathBuf> {
    let venv = step::target().join("venv");
    let inside = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    let (python, stamp) = (venv.join(inside), venv.join("requirements.txt"));
    let requirements = step::root().join("tests/requirements.txt");
    let wanted = fs::read(&requirements).context("cannot read tests/requirements.txt")?;
    if python.exists() && fs::read(&stamp).is_ok_and(|done| done == wanted) {
        return Ok(python);
    }
    create(&venv)?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    step::quietly("Python packages", pip.arg(&requirements))?;
    fs::write(stamp, wanted)?;
    Ok(python)
}

fn create(venv: &Path) -> Result<()> {
    if make(venv) {
        return Ok(());
    }
    if let Err(error) = apt::update().and_then(|()| apt::install(&["python3", "python3-venv"])) {
        bail!("{WANTED}\n({error:#})");
    }
    if make(venv) { Ok(()) } else { bail!(WANTED) }
}

fn make(venv: &Path) -> bool {
    let python = if cfg!(windows) { "python" } else { "python3" };
    step::succeeds(Command::new(python).args(["-m", "venv", "--clear"]).arg(venv))
}
