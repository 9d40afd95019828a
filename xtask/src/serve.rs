//! How does the Worker run on bare workerd, without wrangler?
//!
//! The configuration is `edge/workerd.capnp`; this starts `workerd` with it. For tests that start
//! and kill servers: `--print-ready` prints one line of JSON on standard output when the server
//! answers, `{"endpoint":"http://127.0.0.1:8787","pid":4321}`; `pid` is workerd's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use lexopt::prelude::*;

use crate::step::{self, Group};
use crate::{bundle, http, npm, vars};

const LIMIT: Duration = Duration::from_secs(30);

/// What the command line of `serve` says.
pub(crate) struct Options {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Where Durable Objects live.
    pub(crate) state: PathBuf,
    /// A file of settings like `edge/.dev.vars`.
    pub(crate) vars: PathBuf,
    pub(crate) build: bool,
    pub(crate) print_ready: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 8787,
            state: step::target().join("serve-state"),
            vars: step::root().join("edge/.dev.vars"),
            build: true,
            print_ready: false,
        }
    }
}

impl Options {
    /// Reads the rest of the command line. `--port 0` takes a free port.
    pub(crate) fn parse(args: &mut lexopt::Parser) -> Result<Self> {
        let mut options = Self::default();
        while let Some(arg) = args.next()? {
            match arg {
                Long("host") => options.host = args.value()?.string()?,
                Long("port") => options.port = args.value()?.parse()?,
                Long("state") => options.state = args.value()?.into(),
                Long("vars") => options.vars = args.value()?.into(),
                Long("no-build") => options.build = false,
                Long("print-ready") => options.print_ready = true,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}

/// A running workerd; it ends when this is dropped.
pub(crate) struct Server {
    pub(crate) workerd: Group,
    pub(crate) endpoint: String,
    /// Its buckets, which end with it.
    _objects: Objects,
}

impl Server {
    /// Starts workerd and waits until it answers.
    pub(crate) fn start(options: &Options) -> Result<Self> {
        fs::create_dir_all(&options.state)
            .with_context(|| format!("cannot write into {}", options.state.display()))?;
        let state = options.state.canonicalize()?;
        let port = if options.port == 0 { http::free_port()? } else { options.port };
        let address = format!("{}:{port}", options.host);
        let mut objects = Objects::start(&state)?;
        let mut command = Command::new(npm::workerd()?);
        command
            .arg("serve")
            .arg(step::root().join("edge/workerd.capnp"))
            .arg(format!("--external-addr=files={}", objects.address))
            .arg(format!("--socket-addr=http={address}"))
            .arg(format!("--directory-path=state={}", state.display()))
            .env_clear()
            .envs(vars::read(&options.vars)?);
        let mut workerd = Group::start(&mut command)?;
        let endpoint = format!("http://{address}");
        http::wait_for(&endpoint, &mut workerd, LIMIT)?;
        http::wait_for(&format!("http://{}", objects.address), &mut objects.workerd, LIMIT)?;
        Ok(Self { workerd, endpoint, _objects: objects })
    }
}

/// What plays R2.
struct Objects {
    workerd: Group,
    address: String,
}

impl Objects {
    fn start(state: &Path) -> Result<Self> {
        let state = state.join("objects");
        fs::create_dir_all(&state)?;
        let address = format!("127.0.0.1:{}", http::free_port()?);
        let mut command = Command::new(npm::workerd()?);
        command
            .args(["serve", "--experimental"])
            .arg(step::root().join("edge/objects.capnp"))
            .arg(format!("--socket-addr=http={address}"))
            .arg(format!("--directory-path=state={}", state.display()))
            .env_clear();
        Ok(Self { workerd: Group::start(&mut command)?, address })
    }
}

/// Serves until interrupted.
pub(crate) fn run(options: Options) -> Result<()> {
    step::catch_interrupts()?;
    if options.build {
        bundle::build()?;
    }
    let mut server = Server::start(&options)?;
    if options.print_ready {
        println!(r#"{{"endpoint":"{}","pid":{}}}"#, server.endpoint, server.workerd.id());
    }
    step::say(format!("{} is ready, state in {}", server.endpoint, options.state.display()));
    server.workerd.watch("workerd")
}
