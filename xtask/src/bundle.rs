//! How does `edge` become the two files that a Worker is made of?
//!
//! `edge/build/worker.js`, one ES module, imports `./index_bg.wasm` as a `WebAssembly.Module`:
//! wrangler and bare workerd both take the pair as it is. On the way there: cargo, wasm-bindgen as
//! a library, wasm-opt, esbuild. What is up to date is not made again.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};
use wasm_bindgen_cli_support::Bindgen;

use crate::toolchain::{TARGET, Toolchain};
use crate::{npm, step};

/// Ceilings for `index_bg.wasm`, in bytes. Lower them when the Worker shrinks; a rise is a decision.
const RAW_MAX: usize = 4 << 20;
const GZIP_MAX: usize = 1500 << 10;

/// What rustc and wasm-bindgen may have used, so wasm-opt must know it; who wrote the module and what
/// it may have used is of no use to whoever runs it.
const WASM_OPT: &[&str] = &[
    "-O3",
    "--strip-producers",
    "--strip-target-features",
    "--enable-bulk-memory",
    "--enable-exception-handling",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// Changes when the way modules are made changes.
const RECIPE: &str = "module, reset state, abort handler, types, 1";

/// `./index_bg.wasm` stays a file beside the bundle; the rest are modules of the runtime.
const ESBUILD: &[&str] = &[
    "--bundle",
    "--format=esm",
    "--target=es2022",
    "--platform=neutral",
    "--main-fields=module,main",
    "--conditions=workerd,worker,browser",
    "--minify",
    "--legal-comments=none",
    "--log-level=warning",
    "--external:./index_bg.wasm",
    "--external:cloudflare:*",
    "--external:node:*",
];

/// Where cargo builds for wasm32; apart, so that it never waits for other builds.
pub(crate) fn target() -> PathBuf {
    step::target().join("wasm")
}

/// Makes the Worker, and prints how large it is.
pub(crate) fn build() -> Result<()> {
    let started = Instant::now();
    fs::create_dir_all(target())?;
    let lock = fs::File::create(target().join("xtask.lock"))?;
    lock.lock().context("cannot wait for another build")?;

    npm::install("edge")?;
    let out = step::root().join("edge/build");
    module("edge", &out)?;
    bundle(&out)?;
    weigh(&out)?;
    step::say(format!("edge/build is ready: {:.1} s", started.elapsed().as_secs_f32()));
    Ok(())
}

/// Makes a package into a module for JavaScript, its glue beside it, unless it is one already.
pub(crate) fn module(package: &str, out: &Path) -> Result<()> {
    compile(&[package], "release")?;
    let compiled = compiled(package, "release");
    if !is_made_from(&compiled, package, out) {
        glue(&compiled, out)?;
        optimize(out)?;
        remember(&compiled, package)?;
    }
    Ok(())
}

/// Compiles the libraries of packages with one of the workspace's profiles: those of one command
/// share what they depend on, and are linked at the same time.
pub(crate) fn compile(packages: &[&str], profile: &str) -> Result<()> {
    let mut cargo = Toolchain::find()?.cargo();
    cargo.args(["build", "--lib", "--profile", profile, "--target", TARGET]);
    packages.iter().for_each(|package| {
        cargo.args(["--package", package]);
    });
    cargo.arg("--target-dir").arg(target());
    step::run(&format!("{}: compiling for wasm32", packages.join(", ")), &mut cargo)
}

/// Where a package's library lies once it is compiled.
pub(crate) fn compiled(package: &str, profile: &str) -> PathBuf {
    target().join(TARGET).join(profile).join(format!("{}.wasm", package.replace('-', "_")))
}

/// A copy of what a package's module was made from, and the settings it was made with.
fn memory(package: &str) -> (PathBuf, PathBuf) {
    let path = |end: &str| target().join(format!("{package}.made-{end}"));
    (path("from.wasm"), path("with"))
}

fn settings() -> String {
    format!("{RECIPE}\n{}", WASM_OPT.join("\n"))
}

fn is_made_from(compiled: &Path, package: &str, out: &Path) -> bool {
    let (module, with) = memory(package);
    let same = match (fs::read(compiled), fs::read(module)) {
        (Ok(now), Ok(then)) => now == then,
        _ => false,
    };
    same && fs::read_to_string(with).is_ok_and(|then| then == settings())
        && ["index.js", "index_bg.wasm"].iter().all(|name| out.join(name).exists())
}

fn remember(compiled: &Path, package: &str) -> Result<()> {
    let (module, with) = memory(package);
    fs::copy(compiled, module)?;
    Ok(fs::write(with, settings())?)
}

/// Writes `index.js`, its types, the snippets it imports, and `index_bg.wasm`.
fn glue(compiled: &Path, out: &Path) -> Result<()> {
    let started = Instant::now();
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    Bindgen::new()
        .input_path(compiled)
        .out_name("index")
        .module(true)?
        .typescript(true)
        .reset_state_function(true)
        .force_enable_abort_handler(true)
        .generate(out)
        .context("wasm-bindgen failed")?;
    // Source-phase imports are how standards will say this; runtimes and bundlers say `import`.
    let index = out.join("index.js");
    let script = fs::read_to_string(&index)?.replace("import source ", "import ");
    fs::write(&index, script)?;
    step::say(format!("wasm-bindgen: {:.1} s", started.elapsed().as_secs_f32()));
    Ok(())
}

fn optimize(out: &Path) -> Result<()> {
    let (wasm, smaller) = (out.join("index_bg.wasm"), out.join("smaller.wasm"));
    wasm_opt(&wasm, &smaller)?;
    Ok(fs::rename(smaller, wasm)?)
}

/// Makes a module faster and smaller.
pub(crate) fn wasm_opt(from: &Path, to: &Path) -> Result<()> {
    let mut wasm_opt = npm::program("wasm-opt");
    step::quietly("wasm-opt", wasm_opt.args(WASM_OPT).arg(from).arg("-o").arg(to))?;
    Ok(())
}

/// Bundles the shim with the glue; a bundle that did not change keeps its time stamp.
fn bundle(out: &Path) -> Result<()> {
    let shim = step::root().join("edge/shim/worker.ts");
    if !shim.exists() {
        bail!("edge/shim/worker.ts is missing: it is the module that the Worker starts with");
    }
    let (bundle, fresh) = (out.join("worker.js"), out.join("worker.fresh.js"));
    let mut esbuild = npm::program("esbuild");
    esbuild.current_dir(step::root().join("edge")).arg("shim/worker.ts").args(ESBUILD);
    esbuild.arg("--outfile=build/worker.fresh.js");
    step::quietly("esbuild", &mut esbuild)?;
    if fs::read(&fresh)? == fs::read(&bundle).unwrap_or_default() {
        return Ok(fs::remove_file(fresh)?);
    }
    Ok(fs::rename(fresh, bundle)?)
}

fn weigh(out: &Path) -> Result<()> {
    let mut over = Vec::new();
    for (name, raw_max, gzip_max) in
        [("index_bg.wasm", RAW_MAX, GZIP_MAX), ("worker.js", usize::MAX, usize::MAX)]
    {
        let bytes = fs::read(out.join(name))?;
        let gzipped = gzipped(&bytes)?;
        step::say(format!("{name}: {} bytes, {gzipped} gzipped", bytes.len()));
        if bytes.len() > raw_max || gzipped > gzip_max {
            over.push(format!("{name} is above {raw_max} bytes or {gzip_max} gzipped"));
        }
    }
    if over.is_empty() { Ok(()) } else { bail!("{}", over.join("; ")) }
}

/// How many bytes are left of some by gzip.
pub(crate) fn gzipped(bytes: &[u8]) -> Result<usize> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    Ok(gzip.finish()?.len())
}
