//! Which cargo and rustc can build for wasm32 here, and how do we get them if none can?
//!
//! In order: the active toolchain, if it can already compile and link; rustup's target, unless
//! `RUSTUP_AUTO_INSTALL=0` says that rustup must not download; Debian's or Ubuntu's packages, with
//! the standard library built once into `target/wasm-sysroot`; else a message.

mod debian;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::step;

/// The target of everything that runs in a Worker.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Every engine that runs Workers has had 128-bit vectors for years.
pub(crate) const FEATURES: &str = "-Ctarget-feature=+simd128";

/// Needs the standard library and a linker that does link-time optimization, as `edge` does.
const PROBE: &str = r#"
#[unsafe(no_mangle)]
pub extern "C" fn probe(number: u32) -> usize { format!("{number}").len() }
"#;

/// A toolchain that can build `edge`.
pub(crate) enum Toolchain {
    /// The one that `cargo` and `rustc` mean here.
    Active,
    /// The distribution's, with a standard library that we built.
    Debian(debian::Sysroot),
}

impl Toolchain {
    /// Finds a toolchain for wasm32, or gets one.
    pub(crate) fn find() -> Result<Self> {
        if active_is_able()? {
            return Ok(Self::Active);
        }
        if rustup_may_download() {
            let mut add = Command::new("rustup");
            step::run("rustup target add", add.args(["target", "add", TARGET]))?;
            if active_is_able()? {
                return Ok(Self::Active);
            }
        }
        match debian::Sysroot::get() {
            Ok(sysroot) => Ok(Self::Debian(sysroot)),
            Err(error) => bail!("{error:#}\n\n{}", advice()),
        }
    }

    /// `cargo`, set up to build for [`TARGET`] with [`FEATURES`].
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = match self {
            Self::Active => Command::new("cargo"),
            Self::Debian(sysroot) => sysroot.cargo(),
        };
        cargo
            .env("RUSTFLAGS", FEATURES)
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env("WASM_BINDGEN_USE_JS_SYS", "1")
            .current_dir(step::root());
        cargo
    }

    /// Whether the rustup toolchain, which brings clippy, knows the target.
    pub(crate) fn is_active(&self) -> bool {
        matches!(self, Self::Active)
    }
}

/// Whether the active rustc compiles and links for wasm32; a yes is remembered.
fn active_is_able() -> Result<bool> {
    const MISSING: &str = "Rust is missing: see https://rustup.rs";
    let version = Command::new("rustc").arg("-vV").output().context(MISSING)?;
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output().context(MISSING)?;
    let identity = [version.stdout, sysroot.stdout].concat();
    let verdict = step::target().join("wasm-toolchain-is-able");
    if fs::read(&verdict).is_ok_and(|remembered| remembered == identity) {
        return Ok(true);
    }
    let able = links(Command::new("rustc"))?;
    if able {
        fs::write(&verdict, &identity).context("cannot write into target/")?;
    }
    Ok(able)
}

/// Whether this rustc builds a small library for wasm32.
fn links(mut rustc: Command) -> Result<bool> {
    let folder = step::target().join("wasm-probe");
    fs::create_dir_all(&folder).context("cannot write into target/")?;
    let source = folder.join("probe.rs");
    fs::write(&source, PROBE)?;
    rustc
        .args(["--edition", "2024", "--crate-type", "cdylib", "--target", TARGET, FEATURES])
        .args(["-Clto=fat", "-Cpanic=abort", "-Copt-level=z", "-o"])
        .arg(folder.join("probe.wasm"))
        .arg(&source);
    Ok(step::succeeds(&mut rustc))
}

fn rustup_may_download() -> bool {
    let forbidden = std::env::var("RUSTUP_AUTO_INSTALL").is_ok_and(|value| value == "0");
    !forbidden && step::succeeds(Command::new("rustup").arg("--version"))
}

fn advice() -> String {
    format!(
        "No Rust toolchain here can build for {TARGET}. One of these helps:\n  \
         rustup target add {TARGET}\n  \
         apt-get install --no-install-recommends {}   (as root)",
        debian::PACKAGES[0].join(" ")
    )
}

/// Makes `link` point at `original`, whatever it pointed at before.
#[cfg(unix)]
fn link(original: &Path, link: &Path) -> Result<()> {
    if link.symlink_metadata().is_ok() {
        fs::remove_file(link)?;
    }
    if let Some(folder) = link.parent() {
        fs::create_dir_all(folder)?;
    }
    std::os::unix::fs::symlink(original, link)
        .with_context(|| format!("cannot link {}", link.display()))
}

#[cfg(not(unix))]
fn link(_: &Path, link: &Path) -> Result<()> {
    bail!("{} needs a Unix system", link.display())
}

/// The files of a folder whose names end in `.extension`.
fn files_with(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<Result<Vec<_>, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|it| it == extension));
    Ok(paths)
}
