//! Does a server on this machine answer, and what?

use std::net::TcpListener;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use ureq::Agent;

use crate::step::{Group, interrupted};

/// An answer: its status and its body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

/// Waits until the server answers anything at all.
pub(crate) fn wait_for(endpoint: &str, server: &mut Group, limit: Duration) -> Result<()> {
    let (started, agent) = (Instant::now(), agent());
    loop {
        if let Some(status) = server.ended()? {
            bail!("the server ended before it answered ({status})");
        }
        if agent.get(endpoint).call().is_ok() {
            return Ok(());
        }
        if interrupted() {
            bail!("interrupted");
        }
        if started.elapsed() > limit {
            bail!("{endpoint} did not answer within {} s", limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Posts text with headers.
pub(crate) fn post(endpoint: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer> {
    let mut request = agent().post(endpoint);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut response = request.send(body)?;
    let body = response.body_mut().read_to_string()?;
    Ok(Answer { status: response.status().as_u16(), body })
}

fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .proxy(None)
        .build()
        .into()
}
