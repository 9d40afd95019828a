//! What does the platform lend beside what `worker` binds? The functions of
//! `edge/shim/platform.ts`.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use worker::worker_sys::DurableObjectStorage;

#[wasm_bindgen(raw_module = "../shim/platform.ts")]
extern "C" {
    /// A private or public key, parsed.
    #[derive(Clone, Debug)]
    pub(crate) type KeyObject;

    /// `form` is `pkcs1` or `pkcs8`.
    #[wasm_bindgen(catch, js_name = privateKey)]
    pub(crate) fn private_key(der: &[u8], form: &str) -> Result<KeyObject, JsValue>;

    /// From a JWK as JSON.
    #[wasm_bindgen(catch, js_name = publicKey)]
    pub(crate) fn public_key(jwk: &str) -> Result<KeyObject, JsValue>;

    /// Without a hash, the key's own way (Ed25519).
    #[wasm_bindgen(catch)]
    pub(crate) fn sign(
        hash: Option<&str>,
        message: &[u8],
        key: &KeyObject,
    ) -> Result<Vec<u8>, JsValue>;

    #[wasm_bindgen(catch)]
    pub(crate) fn verify(
        hash: Option<&str>,
        message: &[u8],
        key: &KeyObject,
        signature: &[u8],
    ) -> Result<bool, JsValue>;

    /// A fresh key pair.
    pub(crate) type FreshKey;

    /// `algorithm` is RFC 7518's word for it.
    #[wasm_bindgen(catch, js_name = makeKey)]
    pub(crate) fn make_key(algorithm: &str) -> Result<FreshKey, JsValue>;

    /// PKCS #1 DER for RSA, PKCS #8 DER for the others.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn private(this: &FreshKey) -> Vec<u8>;

    /// A JWK as JSON.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn public(this: &FreshKey) -> String;

    /// The value under a key, if there is one.
    #[wasm_bindgen(catch)]
    pub(crate) fn record(
        storage: &DurableObjectStorage,
        key: &str,
    ) -> Result<Option<Vec<u8>>, JsValue>;

    /// Runs one statement that gives no rows: an array of its text and its bindings.
    #[wasm_bindgen(catch)]
    pub(crate) fn execute(storage: &DurableObjectStorage, statement: &Array)
    -> Result<(), JsValue>;

    /// Runs statements, each an array of its text and its bindings, so that all stand or none.
    #[wasm_bindgen(catch)]
    pub(crate) fn transact(
        storage: &DurableObjectStorage,
        statements: &Array,
    ) -> Result<(), JsValue>;

    /// Has the object woken at that time, or not at all.
    #[wasm_bindgen(js_name = setAlarm)]
    pub(crate) fn set_alarm(storage: &DurableObjectStorage, at_ms: Option<f64>);

    /// Writes a line to the operator's log.
    pub(crate) fn complain(line: &str);
}

/// The sentence of an error that JavaScript threw.
pub(crate) fn sentence(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => error.message().into(),
        None => {
            thrown.as_string().unwrap_or_else(|| "something that is no error was thrown".into())
        }
    }
}
