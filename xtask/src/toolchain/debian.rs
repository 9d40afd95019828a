//! How do Debian's and Ubuntu's packages become a toolchain for wasm32?
//!
//! They bring rustc, cargo, lld and the standard library's source in `/usr`, but no compiled
//! standard library for wasm32. We compile that once into a private sysroot, which a wrapper around
//! rustc names. `-Cembed-bitcode=yes` leaves its rlibs usable with link-time optimization.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{FEATURES, TARGET, files_with, link, links};
use crate::{apt, step};

/// Sets of packages that do, the best first: Debian stable carries a newer Rust for browsers.
pub(super) const PACKAGES: &[&[&str]] = &[
    &["rustc-web", "cargo-web", "rust-web-src", "lld-19"],
    &["rustc", "cargo", "rust-src", "lld"],
];

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const LIBRARY: &str = "/usr/lib/rustlib";
const LINKERS: &[&str] = &["/usr/bin/lld-19", "/usr/bin/lld"];

/// The oldest Rust that builds the workspace; `rust-version` in `Cargo.toml` says so too.
const RUST: (u32, u32) = (1, 95);

/// Changes when the way the standard library is built changes.
const RECIPE: &str = "std for panic=abort, simd128, bitcode, 1";

const MANIFEST: &str = r#"
[package]
name = "empty"
version = "0.0.0"
edition = "2024"

[lib]
path = "empty.rs"

[profile.release]
lto = "off"
opt-level = 3
codegen-units = 1
panic = "abort"

[workspace]
"#;

/// A folder that stands in for rustc's own, with a standard library for wasm32.
pub(crate) struct Sysroot {
    folder: PathBuf,
}

impl Sysroot {
    /// Installs the packages and builds the standard library, whatever of it is missing.
    pub(super) fn get() -> Result<Self> {
        if !is_installed() {
            install()?;
        }
        let sysroot = Self { folder: step::target().join("wasm-sysroot") };
        let version = step::quietly("", Command::new(RUSTC).arg("-vV"))?;
        let stamp = sysroot.folder.join("built");
        let identity = format!("{RECIPE}\n{version}");
        if fs::read_to_string(&stamp).is_ok_and(|built| built == identity) {
            return Ok(sysroot);
        }
        sysroot.build(&version)?;
        if !links(sysroot.rustc())? {
            bail!("the standard library that was built does not link for {TARGET}");
        }
        fs::write(&stamp, identity)?;
        Ok(sysroot)
    }

    /// The distribution's `cargo`, with this sysroot.
    pub(super) fn cargo(&self) -> Command {
        let mut cargo = Command::new(CARGO);
        cargo.env("RUSTC", self.wrapper()).env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
        cargo
    }

    fn rustc(&self) -> Command {
        Command::new(self.wrapper())
    }

    fn wrapper(&self) -> PathBuf {
        self.folder.join("rustc")
    }

    fn build(&self, version: &str) -> Result<()> {
        let host = version.lines().find_map(|line| line.strip_prefix("host: "));
        let host = host.context("rustc does not say which host it is for")?;
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)?;
        }
        self.lay_out(host)?;

        let folder = self.folder.join("std");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("Cargo.toml"), MANIFEST)?;
        fs::write(folder.join("empty.rs"), "#![no_std]\n")?;
        step::say("standard library for wasm32: building, once, about a minute");
        let mut cargo = Command::new(CARGO);
        cargo
            .args(["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort"])
            .args(["--target-dir", "made"])
            .current_dir(&folder)
            .env("RUSTC", RUSTC)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", format!("-Cembed-bitcode=yes {FEATURES}"))
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("RUSTUP_TOOLCHAIN")
            .env_remove("CARGO");
        step::quietly("standard library for wasm32", &mut cargo)?;
        self.adopt(&folder.join("made").join(TARGET).join("release/deps"))?;
        fs::remove_dir_all(&folder)?;
        forget_what_was_built_with_another()
    }

    /// Links what is shared with the distribution's own sysroot; writes the wrapper.
    fn lay_out(&self, host: &str) -> Result<()> {
        let (original, ours) = (Path::new(LIBRARY), self.folder.join("lib/rustlib"));
        for part in ["etc", "src"] {
            link(&original.join(part), &ours.join(part))?;
        }
        link(&original.join(host).join("lib"), &ours.join(host).join("lib"))?;
        let linker = linker().context("lld is missing")?;
        link(linker, &ours.join(host).join("bin/rust-lld"))?;
        let script =
            format!("#!/bin/sh\nexec {RUSTC} --sysroot '{}' \"$@\"\n", self.folder.display());
        fs::write(self.wrapper(), script)?;
        make_executable(&self.wrapper())
    }

    fn adopt(&self, deps: &Path) -> Result<()> {
        let library = self.folder.join("lib/rustlib").join(TARGET).join("lib");
        fs::create_dir_all(&library)?;
        for rlib in files_with(deps, "rlib")? {
            let name = rlib.file_name().context("an rlib without a name")?;
            if !name.to_string_lossy().starts_with("libempty-") {
                fs::copy(&rlib, library.join(name))?;
            }
        }
        Ok(())
    }
}

/// Cargo cannot see that the standard library changed, and would mix old with new.
fn forget_what_was_built_with_another() -> Result<()> {
    let built = crate::bundle::target().join(TARGET);
    if built.exists() {
        fs::remove_dir_all(&built)?;
    }
    Ok(())
}

fn linker() -> Option<&'static Path> {
    LINKERS.iter().map(Path::new).find(|path| path.exists())
}

fn is_installed() -> bool {
    let source = Path::new(LIBRARY).join("src/rust/library/std/Cargo.toml");
    linker().is_some()
        && source.exists()
        && Path::new(CARGO).exists()
        && version_of(Command::new(RUSTC).arg("-V")).is_some_and(|version| version >= RUST)
}

fn install() -> Result<()> {
    apt::update()?;
    let packages = PACKAGES.iter().find(|packages| offers(packages)).with_context(|| {
        format!("the distribution offers no Rust {}.{} or newer", RUST.0, RUST.1)
    })?;
    apt::install(packages)?;
    if !is_installed() {
        bail!("the packages {} did not bring all that is needed", packages.join(" "));
    }
    Ok(())
}

/// Whether apt knows all these packages, with a compiler that is new enough.
fn offers(packages: &[&str]) -> bool {
    let versions: Option<Vec<_>> = packages.iter().map(|package| apt::candidate(package)).collect();
    let compiler = versions.as_ref().and_then(|versions| numbers(versions.first()?));
    compiler.is_some_and(|version| version >= RUST)
}

fn version_of(command: &mut Command) -> Option<(u32, u32)> {
    let output = command.output().ok()?;
    numbers(String::from_utf8_lossy(&output.stdout).split(' ').nth(1)?)
}

fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(0o755))?)
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> Result<()> {
    Ok(())
}
