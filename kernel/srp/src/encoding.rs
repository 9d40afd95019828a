//! How integers are written: as text for the wire, as bytes for the hash.

use alloc::string::String;
use alloc::vec::Vec;

use super::modulus::BYTES;

/// The big-endian two's complement of a big-endian number, in as few bytes as hold it: what Java's
/// `BigInteger.toByteArray` gives, and what Cognito's clients hash.
pub(super) fn shortest_signed(number: &[u8]) -> Vec<u8> {
    let digits = without_leading_zeros(number);
    let sign = match digits.first() {
        Some(0..0x80) => None,
        _ => Some(0),
    };
    sign.into_iter().chain(digits.iter().copied()).collect()
}

/// The number without the zeros before its first digit; nothing if it is zero.
pub(super) fn without_leading_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// The shortest lower-case hexadecimal text of a big-endian number.
pub(super) fn number_to_hex(number: &[u8]) -> String {
    let nibbles = number.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    let text: String = nibbles
        .skip_while(|nibble| *nibble == 0)
        .filter_map(|nibble| char::from_digit(nibble.into(), 16))
        .collect();
    if text.is_empty() { "0".into() } else { text }
}

/// Reads hexadecimal digits of either case, odd in number or even. `None` if there are none, if
/// there is anything else, or if the number is wider than `N`.
pub(super) fn number_from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_start_matches('0').as_bytes();
    if text.is_empty() || digits.len() > 2 * BYTES {
        return None;
    }
    digits.rchunks(2).rev().map(byte_from_hex).collect()
}

fn byte_from_hex(digits: &[u8]) -> Option<u8> {
    digits.iter().try_fold(0, |byte: u8, digit| {
        let value = char::from(*digit).to_digit(16)?;
        Some(byte << 4 | u8::try_from(value).ok()?)
    })
}
