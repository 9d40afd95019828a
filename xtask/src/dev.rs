//! How does a developer get a running Cognate with one command?

use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use lexopt::prelude::*;

use crate::step::{self, Group};
use crate::{bundle, http, npm, vars};

const HOST: &str = "127.0.0.1";

/// Its own `[build]` runs as well, and takes a second when all is up to date.
const LIMIT: Duration = Duration::from_secs(120);

/// What the command line of `dev` says.
pub(crate) struct Options {
    port: u16,
}

impl Options {
    /// Reads the rest of the command line.
    pub(crate) fn parse(args: &mut lexopt::Parser) -> Result<Self> {
        let mut options = Self { port: 8787 };
        while let Some(arg) = args.next()? {
            match arg {
                Long("port") => options.port = args.value()?.parse()?,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}

/// Builds, starts wrangler, says how to use it, and stays until interrupted.
pub(crate) fn run(options: Options) -> Result<()> {
    step::catch_interrupts()?;
    bundle::build()?;
    let vars = vars::read(&step::root().join("edge/.dev.vars"))?;
    let mut command = wrangler(options.port, &step::target().join("dev-state"));
    let mut wrangler = Group::start(&mut command)?;
    http::wait_for(&format!("http://{HOST}:{}", options.port), &mut wrangler, LIMIT)?;

    let value = |name: &str| vars.get(name).map_or("", String::as_str);
    println!(
        "{}",
        greeting(
            &format!("http://localhost:{}", options.port),
            value("COGNATE_ACCESS_KEY_ID"),
            value("COGNATE_SECRET_ACCESS_KEY"),
        )
    );
    wrangler.watch("wrangler dev")
}

/// `wrangler dev` on this machine alone, keeping its state in a folder.
pub(crate) fn wrangler(port: u16, state: &std::path::Path) -> Command {
    let mut command = npm::wrangler();
    command
        .args(["dev", "--local", "--ip", HOST, "--port", &port.to_string()])
        .args(["--inspector-port", "0", "--show-interactive-dev-session=false"])
        .arg("--persist-to")
        .arg(state);
    command
}

fn greeting(endpoint: &str, key: &str, secret: &str) -> String {
    format!(
        r#"
Cognate is at {endpoint}   (Ctrl-C ends it; state is kept in target/dev-state)

Development credentials, good on localhost only:
  export AWS_ENDPOINT_URL={endpoint}
  export AWS_REGION=us-east-1
  export AWS_ACCESS_KEY_ID={key}
  export AWS_SECRET_ACCESS_KEY={secret}

A first user pool, with the AWS CLI:
  aws cognito-idp create-user-pool --pool-name first
  aws cognito-idp list-user-pools --max-results 10

or with an AWS SDK, in Python:
  boto3.client("cognito-idp", endpoint_url="{endpoint}").create_user_pool(PoolName="first")
"#
    )
}

#[cfg(test)]
mod tests {
    use super::greeting;

    #[test]
    fn the_greeting_names_all_that_a_client_needs() {
        let text = greeting("http://localhost:8787", "KEY", "SECRET");
        for part in ["AWS_ENDPOINT_URL=http://localhost:8787", "_ID=KEY", "_ACCESS_KEY=SECRET"] {
            assert!(text.contains(part), "{part}");
        }
    }
}
