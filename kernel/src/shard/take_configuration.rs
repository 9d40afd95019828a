//! Takes changes of the configuration from the first place of the pool.

use super::configuration;
use crate::{prelude::*, shape::Json};

operation!(TakeConfiguration, Internal, now);

shape! { Input { Pushes pushes: Vec<Json> } }
shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    configuration::take(cx, input.pushes)?;
    Ok(Output {})
}
