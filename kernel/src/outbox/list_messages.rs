//! Lists what is in the outbox, oldest first.

use super::{KEY_PREFIX, MESSAGES_MAX, deposit::Deposited};
use crate::{
    prelude::*,
    shape::{Json, Map},
    store::keys,
};

operation!(ListMessages, Internal, now);

shape! { Input { Query query: String } }
shape! { Output { Messages messages: Vec<Json> } }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let wanted: Vec<(String, String)> = input
        .query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_string(), decoded(value)))
        .collect();
    let range = keys::under(KEY_PREFIX);
    let rows = cx.scan::<Deposited>(range.start.as_str()..range.end.as_str(), MESSAGES_MAX)?;
    let messages = rows.into_iter().filter_map(|row| {
        let Deposited { sent_ms, message } = row.into_inner();
        let Json::Object(mut message) = message else { return None };
        message.insert("sentAt".into(), Json::from(sent_ms));
        matches(&message, &wanted).then_some(Json::Object(message))
    });
    Ok(Output { messages: messages.collect() })
}

fn matches(message: &Map<String, Json>, wanted: &[(String, String)]) -> bool {
    wanted.iter().all(|(name, value)| message.get(name).and_then(Json::as_str) == Some(value))
}

/// Percent-decoding (RFC 3986 §2.1); `+` is taken as it is, phone numbers begin with it.
fn decoded(value: &str) -> String {
    percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned()
}
