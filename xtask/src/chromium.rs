//! Where is a real browser for the tests? `CHROMIUM` says so, or it lies where distributions put
//! it, or Debian's package is installed.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::apt;

const PLACES: &[&str] = &["/usr/bin/chromium", "/usr/bin/google-chrome"];

/// The path of Chromium, which is installed if need and rights be.
pub(crate) fn find() -> Result<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM").map(PathBuf::from) {
        return if path.exists() { Ok(path) } else { bail!("CHROMIUM: no {}", path.display()) };
    }
    if let Some(path) = installed() {
        return Ok(path);
    }
    let result = apt::update().and_then(|()| apt::install(&["chromium"]));
    match (installed(), result) {
        (Some(path), Ok(())) => Ok(path),
        (_, result) => {
            let why = result.err().map_or_else(String::new, |error| format!(" ({error:#})"));
            bail!(
                "the tests in a browser need Chromium{why}: `apt-get install chromium`, or say \
                 where it is: CHROMIUM=/path/to/chromium"
            )
        }
    }
}

fn installed() -> Option<PathBuf> {
    PLACES.iter().map(Path::new).find(|path| path.exists()).map(Path::to_path_buf)
}
