//! Puts a message into the outbox, and forgets the oldest one of too many.

use serde::{Deserialize, Serialize};

use super::MESSAGES_MAX;
use crate::{prelude::*, shape::Json, store::Record};

operation!(Deposit, Internal, now);

shape! { Input { Message message: Json } }
shape! { Output {} }

/// A message as it was to be sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Deposited {
    pub(super) sent_ms: u64,
    pub(super) message: Json,
}

impl Record for Deposited {}

/// How many messages were ever put in.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Sequence {
    next: usize,
}

impl Record for Sequence {}

const SEQUENCE: &str = "sequence";

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let Sequence { next } = cx.get::<Sequence>(SEQUENCE)?.map(|row| *row).unwrap_or_default();
    cx.put(SEQUENCE, &Sequence { next: next + 1 })?;
    cx.put(&super::key(next), &Deposited { sent_ms: cx.now_ms(), message: input.message })?;
    if let Some(oldest) = next.checked_sub(MESSAGES_MAX) {
        cx.delete(&super::key(oldest));
    }
    Ok(Output {})
}
