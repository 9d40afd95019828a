//! How does a batch become SQL? In as few statements as its order allows.

use std::borrow::Cow;

use js_sys::{Array, Uint8Array};
use kernel::Write;
use wasm_bindgen::JsValue;

use super::sql;

/// One statement and what fills its parameters.
pub(super) struct Statement {
    pub(super) text: Cow<'static, str>,
    pub(super) bindings: Vec<JsValue>,
}

impl Statement {
    /// An array of the text and its bindings.
    pub(super) fn into_array(self) -> Array {
        core::iter::once(JsValue::from_str(&self.text)).chain(self.bindings).collect()
    }

    /// A statement without parameters.
    pub(super) fn plain(text: &'static str) -> Self {
        Self { text: text.into(), bindings: Vec::new() }
    }
}

/// The statements that make the changes.
pub(super) fn statements(batch: &[Write]) -> Vec<Statement> {
    let is_put = |write: &Write| matches!(write, Write::Put(..));
    let mut statements = Vec::new();
    // Neighbours of a kind stay together.
    for group in batch.chunk_by(|one, next| is_put(one) && is_put(next)) {
        match group {
            [Write::Delete(key)] => {
                statements.push(Statement { text: sql::DELETE.into(), bindings: vec![key.into()] })
            }
            [Write::DeleteRange(range)] => statements.push(Statement {
                text: sql::DELETE_RANGE.into(),
                bindings: vec![range.start.as_str().into(), range.end.as_str().into()],
            }),
            puts => statements.extend(puts.chunks(sql::PUTS_MAX).map(insert)),
        }
    }
    statements
}

fn insert(puts: &[Write]) -> Statement {
    let mut bindings = Vec::with_capacity(2 * puts.len());
    for put in puts {
        if let Write::Put(key, value) = put {
            bindings.push(JsValue::from_str(key));
            bindings.push(Uint8Array::from(value.as_slice()).into());
        }
    }
    Statement { text: sql::put(puts.len()).into(), bindings }
}
