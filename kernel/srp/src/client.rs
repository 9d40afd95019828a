//! The other side of SRP: what a client that knows the password computes.

use alloc::vec::Vec;

use super::encoding::number_from_hex;
use super::modulus::BYTES;
use super::residue::Residue;
use super::{
    Group, Identity, MULTIPLIER, PublicA, PublicB, Rejected, SessionKey, private_key, scrambler,
};

/// The longest `a`, in bytes; what Cognito's own clients draw.
const SECRET_BYTES_MAX: usize = 128;

/// A sign-in under way: what the client knows before it hears from the server.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    /// Who signs in.
    pub whose: Identity<'a>,
    /// The password.
    pub password: &'a str,
    /// The random `a`, big-endian; see [`public_a`].
    pub secret_a: &'a [u8],
    /// The `A` that was sent.
    pub public_a: &'a PublicA,
}

/// `A = g^a`, for a fresh random `a` of 32 to 128 bytes, big-endian. 32 bytes are as strong as the
/// group, and eight times as fast as 128.
///
/// # Errors
/// [`Rejected`] if `a` has another length.
pub fn public_a(group: &Group, secret_a: &[u8]) -> Result<PublicA, Rejected> {
    if !(32..=SECRET_BYTES_MAX).contains(&secret_a.len()) {
        return Err(Rejected);
    }
    PublicA::from_bytes(&group.generator_to(secret_a).to_bytes())
}

/// The key that signs the claim to know the password, from the challenge's `SALT` and `SRP_B`.
///
/// # Errors
/// [`Rejected`] if either is not a number that SRP admits, or `a` is too long.
pub fn session_key(
    group: &Group,
    attempt: &Attempt<'_>,
    salt_hex: &str,
    public_b_hex: &str,
) -> Result<SessionKey, Rejected> {
    let salt = number_from_hex(salt_hex).ok_or(Rejected)?;
    let public_b = PublicB::from_hex(public_b_hex)?;
    let u = scrambler(attempt.public_a, &public_b)?;
    let x = private_key(attempt.whose, attempt.password, &salt);
    SessionKey::derive(&u, &secret(group, attempt.secret_a, &public_b, (&u, &x))?)
}

/// `S = (B - k g^x)^(a + u x)`.
pub(super) fn secret(
    group: &Group,
    secret_a: &[u8],
    public_b: &PublicB,
    (u, x): (&[u8; 32], &[u8; 32]),
) -> Result<[u8; BYTES], Rejected> {
    let masked = Residue::new(&MULTIPLIER).multiply(&group.generator_to(x));
    let base = Residue::new(public_b.as_bytes()).add(&masked.negate());
    Ok(base.power(&multiply_add(u, x, secret_a)?).to_bytes())
}

/// `u x + a`, big-endian.
fn multiply_add(u: &[u8; 32], x: &[u8; 32], a: &[u8]) -> Result<Vec<u8>, Rejected> {
    if a.len() > SECRET_BYTES_MAX {
        return Err(Rejected);
    }
    let length = a.len().max(64) + 1;
    // Of each place at most 32 products of two bytes, a byte of `a` and a carry.
    let mut places = [0u32; SECRET_BYTES_MAX + 1];
    for (shift, digit) in u.iter().rev().enumerate() {
        for (place, other) in places.iter_mut().skip(shift).zip(x.iter().rev()) {
            *place += u32::from(*digit) * u32::from(*other);
        }
    }
    let mut carry = 0;
    let low_first = a.iter().rev().copied().chain(core::iter::repeat(0));
    let mut sum: Vec<u8> = places
        .iter()
        .zip(low_first)
        .take(length)
        .map(|(place, digit)| {
            let [byte, high @ ..] = (place + u32::from(digit) + carry).to_le_bytes();
            carry = u32::from_le_bytes([high[0], high[1], high[2], 0]);
            byte
        })
        .collect();
    sum.reverse();
    Ok(sum)
}
