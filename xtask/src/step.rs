//! How does a step show what it does, and how does a child process end with us?

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Set by Ctrl-C and by termination signals; long waits look at it.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// How long a child may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(5);

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where everything that is made goes, apart from `edge/build` and `node_modules`.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) if !folder.is_empty() => root().join(folder),
        _ => root().join("target"),
    }
}

/// One line of progress.
pub(crate) fn say(line: impl AsRef<str>) {
    eprintln!("[xtask] {}", line.as_ref());
}

/// Runs a command that shows its own output.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<()> {
    say(what);
    let status = command.status().with_context(|| cannot_start(command))?;
    judge(what, command, status)
}

/// Runs a command whose output matters only if it fails; returns what it printed.
pub(crate) fn quietly(what: &str, command: &mut Command) -> Result<String> {
    let started = Instant::now();
    let output = command.stdin(Stdio::null()).output().with_context(|| cannot_start(command))?;
    if !output.status.success() {
        eprint!("{}", String::from_utf8_lossy(&output.stdout));
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
    }
    judge(what, command, output.status)?;
    if !what.is_empty() {
        say(format!("{what}: {:.1} s", started.elapsed().as_secs_f32()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command that shows its own output, and returns the lines worth keeping.
pub(crate) fn watched(
    what: &str,
    command: &mut Command,
    keep: fn(&str) -> bool,
) -> Result<Vec<String>> {
    say(what);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| cannot_start(command))?;
    let (sender, lines) = mpsc::channel();
    if let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) {
        let other = sender.clone();
        std::thread::spawn(move || pass_on(out, &sender));
        std::thread::spawn(move || pass_on(err, &other));
    }
    let mut kept = Vec::new();
    let status = loop {
        match lines.recv_timeout(GRACE) {
            Ok(line) => {
                println!("{line}");
                kept.extend(keep(&line).then_some(line));
            }
            Err(RecvTimeoutError::Disconnected) => break child.wait()?,
            // A process that was left behind may hold the pipes open for ever.
            Err(RecvTimeoutError::Timeout) => {
                if let Some(status) = child.try_wait()? {
                    break status;
                }
            }
        }
    };
    if !status.success() {
        kept.insert(0, format!("{what} failed ({status})"));
        bail!("{}", kept.join(" | "));
    }
    Ok(kept)
}

fn pass_on(pipe: impl std::io::Read, lines: &mpsc::Sender<String>) {
    for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
        if lines.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
            return;
        }
    }
}

/// Whether a command runs and succeeds; its output is not shown.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

fn judge(what: &str, command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    bail!("{what} failed ({status}): {}", line(command))
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start `{}`: is it installed?", command.get_program().display())
}

fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// Lets Ctrl-C and termination end long waits, so that children are ended in order.
pub(crate) fn catch_interrupts() -> Result<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst))
        .context("cannot listen for Ctrl-C")
}

/// Whether Ctrl-C or a termination signal came.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// A child with all its descendants; they end when this is dropped.
pub(crate) struct Group(Child);

impl Group {
    /// Starts a command as the leader of a process group of its own, without standard input.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command.stdin(Stdio::null()).spawn().with_context(|| cannot_start(command))?;
        Ok(Self(child))
    }

    /// The process id of the leader.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// How the leader ended, if it has.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.0.try_wait().context("cannot wait for a child process")
    }

    /// Waits until the leader ends by itself (an error) or we are interrupted (fine).
    pub(crate) fn watch(&mut self, what: &str) -> Result<()> {
        while !interrupted() {
            if let Some(status) = self.ended()? {
                if interrupted() {
                    break;
                }
                bail!("{what} ended by itself ({status})");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    #[cfg(unix)]
    fn signal(&self, signal: rustix::process::Signal) {
        let group = i32::try_from(self.0.id()).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(group) = group {
            // An error means that the group is already gone.
            let _ = rustix::process::kill_process_group(group, signal);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        {
            self.signal(rustix::process::Signal::TERM);
            let asked = Instant::now();
            while asked.elapsed() < GRACE && matches!(self.0.try_wait(), Ok(None)) {
                std::thread::sleep(Duration::from_millis(20));
            }
            self.signal(rustix::process::Signal::KILL);
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
