//! How does a user prove a password without sending it: SRP-6a, as Cognito's clients speak it.
//!
//! The protocol is that of RFC 2945 and RFC 5054 §2.5 with Cognito's own choices: SHA-256; the
//! 3072-bit group of RFC 3526 with generator 2; integers hashed as the shortest two's complement of
//! whole bytes (as Java writes a `BigInteger`), so that `k = H(N ‖ g)` takes `g` as one byte; and,
//! in place of RFC 2945's proofs, a 16-byte key by HKDF that signs pool, user, secret block and
//! time.
//!
//! With `x = H(salt ‖ H(pool ‖ user ‖ ":" ‖ password))` the server keeps the salt and `v = g^x`.
//!
//! | step | client | server |
//! |---|---|---|
//! | `SRP_A` | `A = g^a` | |
//! | `SRP_B` | | `B = k v + g^b` |
//! | both | `S = (B - k g^x)^(a + u x)` | `S = (A v^u)^b` |
//!
//! where `u = H(A ‖ B)`.
//!
//! # What timing tells
//!
//! Arithmetic modulo `N` takes the same steps and touches the same memory whatever the numbers
//! are: exponents are cut into windows of fixed width, table entries are found by reading the whole
//! table, and reductions select instead of branching. So the time of [`Group::verifier`],
//! [`Group::matches`], [`Group::begin`] and [`Group::session_key`] does not depend on verifier,
//! `x`, `b` or `S`. It may depend on what anybody sees (`A`, `B`, `u`, the salt), on the lengths of
//! names, password and exponents, on whether stored bytes are a number below `N`, and, by one
//! byte, on whether leading bytes of `S` are zero, which the encoding of integers imposes.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod comb;
mod encoding;
mod modulus;
mod montgomery;
mod residue;

pub mod client;

use alloc::string::String;
use core::fmt;

use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use self::comb::Comb;
use self::encoding::{number_from_hex, number_to_hex, shortest_signed};
use self::modulus::{BYTES, MODULUS};
use self::residue::Residue;

/// `k = H(N ‖ g)`, big-endian in the width of `N`.
const MULTIPLIER: [u8; BYTES] = {
    let mut bytes = [0; BYTES];
    let (_, low) = bytes.split_at_mut(BYTES - 32);
    low.copy_from_slice(&[
        0x53, 0x82, 0x82, 0xc4, 0x35, 0x47, 0x42, 0xd7, 0xcb, 0xbd, 0xe2, 0x35, 0x9f, 0xcf, 0x67,
        0xf9, 0xf5, 0xb3, 0xa6, 0xb0, 0x87, 0x91, 0xe5, 0x01, 0x1b, 0x43, 0xb8, 0xa5, 0xb6, 0x6d,
        0x9e, 0xe6,
    ]);
    bytes
};

/// What the session key is derived for.
const KEY_INFO: &[u8] = b"Caldera Derived Key";

/// A number, a proof or a hexadecimal text that SRP does not admit. No detail on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejected;

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a number that SRP admits")
    }
}

impl core::error::Error for Rejected {}

/// Whose password it is.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// The text after `_` in the pool's identifier; a device's group key.
    pub pool_name: &'a str,
    /// What the challenge calls `USER_ID_FOR_SRP`; a device's key.
    pub user_id: &'a str,
}

/// A user's salt. Its first byte is never zero, because some clients hash the salt as an integer
/// and others as the bytes of its hexadecimal text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salt([u8; 16]);

impl Salt {
    /// A fresh salt from random bytes.
    pub const fn from_random(mut bytes: [u8; 16]) -> Self {
        if bytes[0] == 0 {
            bytes[0] = 1;
        }
        Self(bytes)
    }

    /// A stored salt; `None` if its first byte is zero.
    pub const fn from_bytes(bytes: [u8; 16]) -> Option<Self> {
        if bytes[0] == 0 { None } else { Some(Self(bytes)) }
    }

    /// The bytes to store.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// What the challenge parameter `SALT` carries.
    pub fn to_hex(&self) -> String {
        number_to_hex(&self.0)
    }
}

/// `v = g^x`, from which a password can be guessed but not read: to be sealed at rest.
#[derive(Clone)]
pub struct Verifier([u8; BYTES]);

impl Verifier {
    /// A stored verifier, or one that a client made for its device: big-endian, leading zeros
    /// allowed.
    ///
    /// # Errors
    /// [`Rejected`] unless it is above 0 and below `N`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Rejected> {
        member(bytes).map(Self)
    }

    /// Big-endian, in the width of `N`.
    pub const fn as_bytes(&self) -> &[u8; BYTES] {
        &self.0
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier(..)")
    }
}

macro_rules! public_number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name([u8; BYTES]);

        impl $name {
            /// Reads hexadecimal digits of either case, and nothing else.
            ///
            /// # Errors
            /// [`Rejected`] unless they are a number above 0 and below `N`.
            pub fn from_hex(digits: &str) -> Result<Self, Rejected> {
                number_from_hex(digits).ok_or(Rejected).and_then(|bytes| Self::from_bytes(&bytes))
            }

            /// Reads a big-endian number; leading zeros are allowed.
            ///
            /// # Errors
            /// [`Rejected`] unless it is above 0 and below `N`.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, Rejected> {
                member(bytes).map(Self)
            }

            /// Big-endian, in the width of `N`.
            pub const fn as_bytes(&self) -> &[u8; BYTES] {
                &self.0
            }

            /// The shortest lower-case hexadecimal text.
            pub fn to_hex(&self) -> String {
                number_to_hex(&self.0)
            }
        }
    };
}

public_number! {
    /// `A`, the client's public number: what `SRP_A` carries.
    PublicA
}

public_number! {
    /// `B`, the server's public number: what `SRP_B` carries.
    PublicB
}

/// The group. It has a table of powers of its generator, which is made when first needed (in an
/// ordinary power's time, 74 kB) and lasts as long as the process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Group(());

impl Group {
    /// The group.
    pub const fn new() -> Self {
        Self(())
    }

    /// What to store, beside the salt, for a new password.
    pub fn verifier(&self, whose: Identity<'_>, password: &str, salt: &Salt) -> Verifier {
        Verifier(self.generator_to(&private_key(whose, password, &salt.0)).to_bytes())
    }

    /// Whether a password sent in clear is the one that salt and verifier were made of.
    pub fn matches(
        &self,
        whose: Identity<'_>,
        password: &str,
        salt: &Salt,
        verifier: &Verifier,
    ) -> bool {
        self.verifier(whose, password, salt).0.ct_eq(&verifier.0).into()
    }

    /// The server's first step: `B`, for a fresh random `b` that is to be kept, sealed, with `A`
    /// and `B` until the client answers.
    pub fn begin(&self, verifier: &Verifier, secret_b: &[u8; 32]) -> PublicB {
        self.begin_with(verifier, secret_b)
    }

    fn begin_with(&self, verifier: &Verifier, secret_b: &[u8]) -> PublicB {
        let masked = Residue::new(&MULTIPLIER).multiply(&Residue::new(&verifier.0));
        PublicB(masked.add(&self.generator_to(secret_b)).to_bytes())
    }

    /// The server's second step: the key that the client has too if it knows the password.
    ///
    /// # Errors
    /// [`Rejected`] if `u` is zero.
    pub fn session_key(
        &self,
        public_a: &PublicA,
        verifier: &Verifier,
        secret_b: &[u8; 32],
        public_b: &PublicB,
    ) -> Result<SessionKey, Rejected> {
        let u = scrambler(public_a, public_b)?;
        SessionKey::derive(&u, &server_secret(public_a, verifier, secret_b, &u))
    }

    fn generator_to(self, exponent: &[u8]) -> Residue {
        Comb::shared().power(exponent)
    }
}

/// The key both sides arrive at. It signs the client's claim to know the password.
pub struct SessionKey([u8; 16]);

impl SessionKey {
    fn derive(scrambler: &[u8; 32], secret: &[u8; BYTES]) -> Result<Self, Rejected> {
        let mut key = [0; 16];
        let (salt, material) = (shortest_signed(scrambler), shortest_signed(secret));
        Hkdf::<Sha256>::new(Some(&salt), &material)
            .expand(KEY_INFO, &mut key)
            .map_err(|_| Rejected)?;
        Ok(Self(key))
    }

    /// The claim that a client sends as `PASSWORD_CLAIM_SIGNATURE`, before base64.
    pub fn claim(&self, whose: Identity<'_>, secret_block: &[u8], timestamp: &str) -> [u8; 32] {
        self.sign(whose, secret_block, timestamp).finalize().into_bytes().into()
    }

    /// Whether a decoded `PASSWORD_CLAIM_SIGNATURE` is this key's; as fast for every claim of a
    /// length.
    pub fn proves(
        &self,
        whose: Identity<'_>,
        secret_block: &[u8],
        timestamp: &str,
        claim: &[u8],
    ) -> bool {
        self.sign(whose, secret_block, timestamp).verify_slice(claim).is_ok()
    }

    fn sign(&self, whose: Identity<'_>, secret_block: &[u8], timestamp: &str) -> Hmac<Sha256> {
        // HMAC pads a key with zeros to the hash's block of 64 bytes.
        let mut block = [0; 64];
        block.iter_mut().zip(self.0).for_each(|(to, from)| *to = from);
        <Hmac<Sha256> as hmac::digest::KeyInit>::new(&block.into())
            .chain_update(whose.pool_name)
            .chain_update(whose.user_id)
            .chain_update(secret_block)
            .chain_update(timestamp)
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(..)")
    }
}

/// `x`, the number that stands for the password.
fn private_key(whose: Identity<'_>, password: &str, salt: &[u8]) -> [u8; 32] {
    let inner = Sha256::new()
        .chain_update(whose.pool_name)
        .chain_update(whose.user_id)
        .chain_update(":")
        .chain_update(password)
        .finalize();
    Sha256::new().chain_update(shortest_signed(salt)).chain_update(inner).finalize().into()
}

/// `u`, which ties the key to both public numbers.
fn scrambler(public_a: &PublicA, public_b: &PublicB) -> Result<[u8; 32], Rejected> {
    let u: [u8; 32] = Sha256::new()
        .chain_update(shortest_signed(&public_a.0))
        .chain_update(shortest_signed(&public_b.0))
        .finalize()
        .into();
    if u == [0; 32] { Err(Rejected) } else { Ok(u) }
}

/// `S = (A v^u)^b`.
fn server_secret(
    public_a: &PublicA,
    verifier: &Verifier,
    secret_b: &[u8],
    scrambler: &[u8; 32],
) -> [u8; BYTES] {
    let blinded = Residue::new(&verifier.0).power(scrambler);
    Residue::new(&public_a.0).multiply(&blinded).power(secret_b).to_bytes()
}

/// A number above 0 and below `N`, in the width of `N`.
fn member(bytes: &[u8]) -> Result<[u8; BYTES], Rejected> {
    let digits = encoding::without_leading_zeros(bytes);
    let mut number = [0; BYTES];
    let place = BYTES.checked_sub(digits.len()).ok_or(Rejected)?;
    number.iter_mut().skip(place).zip(digits).for_each(|(to, from)| *to = *from);
    if digits.is_empty() || number >= MODULUS { Err(Rejected) } else { Ok(number) }
}

#[cfg(test)]
mod tests;
