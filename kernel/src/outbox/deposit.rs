//! Puts a message into the outbox, and forgets the oldest ones.

use serde::{Deserialize, Serialize};

use super::{KEY_PREFIX, MESSAGES_MAX};
use crate::{
    prelude::*,
    shape::Json,
    store::{Record, keys},
};

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

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let range = keys::under(KEY_PREFIX);
    let keys = cx.keys(range.start.as_str()..range.end.as_str(), MESSAGES_MAX + 1)?;
    for oldest in keys.iter().take((keys.len() + 1).saturating_sub(MESSAGES_MAX)) {
        cx.delete(oldest);
    }
    let nonce = cx.random.text("0123456789abcdefghijklmnopqrstuvwxyz", 8);
    // One moment may see several messages: the key's nonce keeps both, the last one's after.
    let after = keys.last().and_then(|key| key.get(KEY_PREFIX.len()..KEY_PREFIX.len() + 15));
    let after = after.and_then(|digits| digits.parse::<u64>().ok()).map_or(0, |ms| ms + 1);
    let sent_ms = cx.now_ms().max(after);
    let key = alloc::format!("{KEY_PREFIX}{sent_ms:015}/{nonce}");
    cx.put(&key, &Deposited { sent_ms, message: input.message })?;
    Ok(Output {})
}
