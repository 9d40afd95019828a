//! How does a batch become SQL? In as few statements as its order allows.

use js_sys::{Array, JsString, Uint8Array};
use kernel::Write;
use wasm_bindgen::JsValue;

/// A statement takes at most 100 parameters, two a record.
const PUTS_MAX: usize = 50;

/// Appends the statements that make the changes, each an array of its text and its bindings.
pub(super) fn statements(batch: &[Write], statements: &Array) {
    let is_put = |write: &Write| matches!(write, Write::Put(..));
    // Neighbours of a kind stay together.
    for group in batch.chunk_by(|one, next| is_put(one) && is_put(next)) {
        match group {
            [Write::Delete(key)] => {
                let text = "DELETE FROM record WHERE key = ?";
                statements.push(&Array::of2(&text.into(), &key.into()));
            }
            [Write::DeleteRange(range)] => {
                let text = "DELETE FROM record WHERE key >= ? AND key < ?";
                let (start, end) = (range.start.as_str().into(), range.end.as_str().into());
                statements.push(&Array::of3(&text.into(), &start, &end));
            }
            puts => {
                for puts in puts.chunks(PUTS_MAX) {
                    statements.push(&insert(puts));
                }
            }
        }
    }
}

fn insert(puts: &[Write]) -> Array {
    let statement = Array::of1(&text(puts.len()));
    for put in puts {
        if let Write::Put(key, value) = put {
            statement.push(&JsValue::from_str(key));
            statement.push(&Uint8Array::from(value.as_slice()));
        }
    }
    statement
}

fn text(puts: usize) -> JsString {
    let mut text = String::from("INSERT OR REPLACE INTO record (key, value) VALUES (?, ?)");
    text.push_str(&", (?, ?)".repeat(puts.saturating_sub(1)));
    text.into()
}
