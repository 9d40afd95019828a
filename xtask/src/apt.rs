//! How are packages of Debian and Ubuntu installed, if we may?

use std::process::Command;

use anyhow::{Result, bail};

use crate::step;

/// The version that apt would install, if it knows the package.
pub(crate) fn candidate(package: &str) -> Option<String> {
    let output = Command::new("apt-cache").args(["policy", package]).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.lines().find_map(|line| line.trim().strip_prefix("Candidate: "))?;
    (version != "(none)").then(|| version.to_owned())
}

/// Refreshes the list of packages.
pub(crate) fn update() -> Result<()> {
    step::quietly("list of packages", apt_get()?.args(["update", "-qq"]))?;
    Ok(())
}

/// Installs packages, without what they merely recommend.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let what = format!("packages {}", packages.join(" "));
    step::say(format!("{what}: installing"));
    let mut install = apt_get()?;
    install.args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages);
    step::quietly(&what, &mut install)?;
    Ok(())
}

/// `apt-get` with the rights it needs: ours if we are root, or `sudo`'s if it asks nothing.
fn apt_get() -> Result<Command> {
    if !step::succeeds(Command::new("apt-get").arg("--version")) {
        bail!("this is neither Debian nor Ubuntu");
    }
    let mut command = if is_root() {
        Command::new("apt-get")
    } else if step::succeeds(Command::new("sudo").args(["-n", "true"])) {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "apt-get"]);
        sudo
    } else {
        bail!("installing packages needs root or passwordless sudo");
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}
