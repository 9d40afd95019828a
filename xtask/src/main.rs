//! Builds, runs and tests Cognate: `cargo xtask <command>`.
//!
//! | command | what it does |
//! |---|---|
//! | `build` | compiles `edge` for wasm32 and bundles `edge/build/{worker.js,index_bg.wasm}` |
//! | `dev` | builds, then runs `wrangler dev` with local state |
//! | `serve` | builds, then runs the same bundle on bare `workerd` |
//! | `js` | builds the npm package, `js/dist` |
//! | `load` | builds, then measures it beside the least that workerd can do |
//! | `test` | everything that must hold: format, lints, tests, real clients, a dry deploy |
//!
//! What `build` expects of `edge`: a library (`cdylib`) that uses `wasm-bindgen`, and
//! `edge/shim/worker.ts`, a module that imports `../build/index.js` (the glue that wasm-bindgen
//! writes, with `__wbg_reset_state`) and exports `default { fetch }` and one class for each Durable
//! Object.

mod apt;
mod bundle;
mod chromium;
mod dev;
mod http;
mod js;
mod load;
mod npm;
mod python;
mod serve;
mod step;
mod test;
mod toolchain;
mod vars;

use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::*;

const USAGE: &str = "\
cargo xtask <command>

  build                              the Worker, into edge/build
  dev    [--port 8787]               wrangler dev, with local state in target/dev-state
  serve  [--port 8787] [--host 127.0.0.1] [--state DIR] [--vars FILE] [--no-build]
         [--print-ready]             the same Worker on bare workerd
  js                                 the npm package, into js/dist
  load   [--quick] [--only NAME]... [--json FILE]
                                     how fast it is, beside what it stands on
  load   --scale                     how fast it is where there are a million users
  load   --import [--rows N]         what an import of half a million users needs
  load   --sign-in [--quick]         what a second factor and a function add to a sign-in
  test   [--only NAME]... [--list]   everything that must hold
";

fn main() -> ExitCode {
    match dispatch() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch() -> Result<()> {
    let mut args = lexopt::Parser::from_env();
    let command = match args.next()? {
        Some(Value(command)) => command.string()?,
        Some(Short('h') | Long("help")) | None => {
            print!("{USAGE}");
            return Ok(());
        }
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "build" => no_more(&mut args).and_then(|()| bundle::build()),
        "dev" => dev::run(dev::Options::parse(&mut args)?),
        "serve" => serve::run(serve::Options::parse(&mut args)?),
        "js" => no_more(&mut args).and_then(|()| js::build()),
        "load" => load::run(&mut args),
        "test" => test::run(&test::Options::parse(&mut args)?),
        other => bail!("no command `{other}`\n\n{USAGE}"),
    }
}

fn no_more(args: &mut lexopt::Parser) -> Result<()> {
    match args.next()? {
        Some(unexpected) => Err(unexpected.unexpected().into()),
        None => Ok(()),
    }
}
