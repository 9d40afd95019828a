//! The client's side of SRP, for the npm package: bytes in, bytes out.
//!
//! Nothing comes back where the numbers are not those of SRP, for that is cheaper to pass on than
//! an error, and there is only one.
// Half of the module's size would be std's way of telling about panics, of which there are none.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

use alloc::vec::Vec;

use srp::client::{Attempt, public_a, session_key};
use srp::{Group, Identity, PublicA};
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// `A = g^a`, big-endian, of a random `a`.
#[wasm_bindgen]
pub fn begin(secret_a: &[u8]) -> Vec<u8> {
    public_a(&Group::new(), secret_a).map(|a| a.as_bytes().to_vec()).unwrap_or_default()
}

/// The signature that proves a password. The fields are, each after its length as four big-endian
/// bytes: `a`, `A`, the salt, `B`, the pool's name, the user's id, the password, the secret block and
/// the time stamp.
#[wasm_bindgen]
pub fn claim(fields: &[u8]) -> Vec<u8> {
    signature(fields).unwrap_or_default()
}

fn signature(mut fields: &[u8]) -> Option<Vec<u8>> {
    let rest = &mut fields;
    let (secret_a, a) = (next(rest)?, next(rest)?);
    let (salt, b) = (text(rest)?, text(rest)?);
    let whose = Identity { pool_name: text(rest)?, user_id: text(rest)? };
    let password = text(rest)?;
    let (secret_block, timestamp) = (next(rest)?, text(rest)?);
    let public_a = PublicA::from_bytes(a).ok()?;
    let attempt = Attempt { whose, password, secret_a, public_a: &public_a };
    let key = session_key(&Group::new(), &attempt, salt, b).ok()?;
    Some(key.claim(whose, secret_block, timestamp).to_vec())
}

fn next<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let field;
    (field, *rest) = after.split_at_checked(length)?;
    Some(field)
}

fn text<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    core::str::from_utf8(next(rest)?).ok()
}

#[cfg(test)]
mod tests {
    use base64::prelude::*;
    use serde_json::Value;

    use super::*;

    fn packed(fields: &[&[u8]]) -> Vec<u8> {
        let lengths = fields.iter().map(|field| u32::try_from(field.len()).unwrap().to_be_bytes());
        lengths.zip(fields).flat_map(|(length, field)| [&length[..], field].concat()).collect()
    }

    fn from_hex(digits: &str) -> Vec<u8> {
        let even = format!("{}{digits}", if digits.len() % 2 == 1 { "0" } else { "" });
        even.as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }

    #[test]
    fn the_vectors_come_out() {
        let file: Value =
            serde_json::from_str(include_str!("../../../tests/vectors/srp.json")).unwrap();
        for vector in file["vectors"].as_array().unwrap() {
            let of = |name: &str| vector[name].as_str().unwrap();
            let public_a = begin(&from_hex(of("a")));
            assert_eq!(public_a.len(), 384);
            let block = BASE64_STANDARD.decode(of("secret_block_base64")).unwrap();
            let texts = ["salt", "B", "pool_name", "user_id", "password"];
            let mut fields = vec![from_hex(of("a")), public_a];
            fields.extend(texts.map(|name| of(name).as_bytes().to_vec()));
            fields.extend([block, of("timestamp").as_bytes().to_vec()]);
            let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
            let signed = claim(&packed(&fields));
            assert_eq!(BASE64_STANDARD.encode(signed), of("signature_base64"));
        }
    }

    #[test]
    fn nothing_comes_of_what_is_not_srp() {
        let a = [7; 32];
        let public = begin(&a);
        let claim_of = |salt: &str, b: &str, password: &[u8]| {
            let end = [password, b"block", b"now"];
            let fields = [&a[..], &public, salt.as_bytes(), b.as_bytes(), b"pool", b"ann"];
            claim(&packed(&[&fields[..], &end[..]].concat()))
        };
        assert_eq!(claim_of("1", "2", b"password").len(), 32);
        assert!(claim_of("1", "0", b"password").is_empty());
        assert!(claim_of("", "2", b"password").is_empty());
        assert!(claim_of("x", "2", b"password").is_empty());
        assert!(claim_of("1", "2", b"\xff").is_empty());
        assert!(begin(&[1; 31]).is_empty());
        for cut in [&[][..], &[0], &[0, 0, 0, 9], &[255; 8]] {
            assert!(claim(cut).is_empty());
        }
    }
}
