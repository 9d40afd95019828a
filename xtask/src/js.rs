//! How does the npm package come about, and what does it weigh?
//!
//! `js/dist`: what TypeScript writes, and beside the code that loads it each `.wasm` with its glue.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::{bundle, npm, step};

/// A crate that becomes a `.wasm` of the package.
struct Module {
    package: &'static str,
    /// The profile that it is compiled with.
    profile: &'static str,
    /// Where it lies in `dist`, beside its glue.
    folder: &'static str,
    file: &'static str,
}

const MODULES: &[Module] = &[
    Module {
        package: "kernel-wasm",
        profile: "release",
        folder: "kernel/wasm",
        file: "kernel.wasm",
    },
    Module {
        package: "requests-wasm",
        profile: "release",
        folder: "requests/wasm",
        file: "requests.wasm",
    },
    Module { package: "srp-wasm", profile: "page", folder: "client/wasm", file: "srp.wasm" },
];

/// What a page loads, minified and gzipped, at most: `.wasm` included, where there is one.
struct Weight {
    name: &'static str,
    code: &'static str,
    wasm: Option<&'static str>,
    gzip_max: usize,
}

const WEIGHTS: &[Weight] = &[
    Weight {
        name: "a page that only signs in",
        code: "export { createClient, signIn } from './dist/client.js';",
        wasm: Some("client/wasm/srp.wasm"),
        gzip_max: 25_000,
    },
    Weight {
        name: "credentials and what signs with them",
        code: "export * from './dist/credentials.js';",
        wasm: None,
        gzip_max: 9_500,
    },
    Weight {
        name: "a Worker that verifies requests",
        code: "export * from './dist/requests.js';",
        wasm: Some("requests/wasm/requests.wasm"),
        gzip_max: 300_000,
    },
];

const LICENSES: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT"];

/// Compiles all that the package and the Worker are made of.
pub(crate) fn compile_all() -> Result<()> {
    ["release", "page"].into_iter().try_for_each(compile)
}

/// Makes the package, and prints what pages load of it.
pub(crate) fn build() -> Result<()> {
    let started = Instant::now();
    npm::install("edge")?;
    npm::install("js")?;
    let dist = package().join("dist");
    if dist.exists() {
        // What was made of files that are gone would be published, too.
        fs::remove_dir_all(&dist)?;
    }
    for module in MODULES {
        make(module, &dist)?;
    }
    let mut tsc = npm::program_of("js", "tsc");
    step::quietly("tsc", tsc.args(["--project", "tsconfig.json"]).current_dir(package()))?;
    for name in LICENSES {
        fs::copy(step::root().join(name), package().join(name))?;
    }
    WEIGHTS.iter().try_for_each(|weight| weigh(weight, &dist))?;
    step::say(format!("js/dist is ready: {:.1} s", started.elapsed().as_secs_f32()));
    Ok(())
}

/// Where the package is.
fn package() -> PathBuf {
    step::root().join("js")
}

fn make(module: &Module, dist: &Path) -> Result<()> {
    compile(module.profile)?;
    let glued = bundle::target().join(format!("{}.glued", module.package));
    Bindgen::new()
        .input_path(bundle::compiled(module.package, module.profile))
        .out_name("glue")
        .web(true)?
        // Each platform finds the file its own way; were its name in the glue, bundlers would bring
        // it along a second time.
        .omit_default_module_path(true)
        .typescript(false)
        .generate(&glued)
        .context("wasm-bindgen failed")?;
    let folder = dist.join(module.folder);
    fs::create_dir_all(&folder)?;
    bundle::wasm_opt(&glued.join("glue_bg.wasm"), &folder.join(module.file))?;
    fs::copy(glued.join("glue.js"), folder.join("glue.js"))?;
    Ok(())
}

/// Compiles the modules of a profile. Those with the kernel are compiled beside the Worker, whose
/// packages ask their own dependencies for more: by itself each would be compiled with all that it
/// depends on once again, some minutes for nothing.
fn compile(profile: &str) -> Result<()> {
    let beside = ["edge"].into_iter().filter(|_| profile == "release");
    let modules = MODULES.iter().filter(|module| module.profile == profile);
    let packages: Vec<_> = beside.chain(modules.map(|module| module.package)).collect();
    bundle::compile(&packages, profile)
}

fn weigh(weight: &Weight, dist: &Path) -> Result<()> {
    let mut esbuild = npm::program_of("js", "esbuild");
    esbuild
        .args(["--bundle", "--minify", "--format=esm", "--splitting", "--outdir=weighed"])
        .args(["--conditions=browser", "--log-level=warning", "--allow-overwrite"])
        .arg("weigh.js")
        .current_dir(package());
    let (entry, out) = (package().join("weigh.js"), package().join("weighed"));
    fs::write(&entry, weight.code)?;
    let bundled = step::quietly("", &mut esbuild);
    fs::remove_file(&entry)?;
    bundled?;
    // What is loaded later, if at all, has a name of its own; what several share is a chunk.
    let is_loaded = |name: &str| name == "weigh.js" || name.starts_with("chunk-");
    let files = fs::read_dir(&out)?.collect::<Result<Vec<_>, _>>()?;
    let loaded = files.iter().filter(|file| file.file_name().to_str().is_some_and(is_loaded));
    let mut parts: Vec<_> = loaded.map(fs::DirEntry::path).collect();
    parts.extend(weight.wasm.map(|wasm| dist.join(wasm)));
    let mut sizes = Vec::new();
    for part in &parts {
        sizes.push(bundle::gzipped(&fs::read(part)?)?);
    }
    fs::remove_dir_all(out)?;
    let sum: usize = sizes.iter().sum();
    step::say(format!("{}: {sum} bytes gzipped {sizes:?}", weight.name));
    if sum > weight.gzip_max {
        bail!("{} loads more than {} bytes", weight.name, weight.gzip_max);
    }
    Ok(())
}
