//! A password's hash as another system made it: which forms are taken, and is that the password?
//!
//! | algorithm | form | bounds |
//! |---|---|---|
//! | bcrypt | `$2b$10$` salt and hash (also `2a`, `2y`) | cost 12 |
//! | scrypt | `N$r$p$salt$hash`, hexadecimal | N 65536, r 8, p 1 |
//! | Argon2id | `$argon2id$v=19$m=19456,t=2,p=1$salt$hash` (PHC) | as shown |
//! | PBKDF2 | `$pbkdf2-sha256$iterations$salt$hash` (passlib's) | 600,000 iterations |

use alloc::{string::String, vec::Vec};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{crypto::same, shapes::PasswordHashingAlgorithm};

/// What one guess costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Cost {
    Argon2id { memory_kib: u32, passes: u32, lanes: u32 },
    Bcrypt { log_rounds: u32 },
    Pbkdf2 { rounds: u32 },
    Scrypt { log_n: u8, r: u32, p: u32 },
}

/// A hash that was imported.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PasswordHash {
    pub(crate) cost: Cost,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl core::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "PasswordHash({:?})", self.cost)
    }
}

impl PasswordHash {
    /// Reads a hash of any of the forms that are taken, within their bounds.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix('$') {
            None => scrypt(text),
            Some(rest) => {
                let (name, rest) = rest.split_once('$')?;
                match name {
                    "2a" | "2b" | "2y" => bcrypt(rest),
                    "argon2id" => argon2id(rest),
                    "pbkdf2-sha256" => pbkdf2_sha256(rest),
                    _ => None,
                }
            }
        }
    }

    pub(crate) fn algorithm(&self) -> PasswordHashingAlgorithm {
        match self.cost {
            Cost::Argon2id { .. } => PasswordHashingAlgorithm::Argon2id,
            Cost::Bcrypt { .. } => PasswordHashingAlgorithm::Bcrypt,
            Cost::Pbkdf2 { .. } => PasswordHashingAlgorithm::Pbkdf2Sha256,
            Cost::Scrypt { .. } => PasswordHashingAlgorithm::Scrypt,
        }
    }

    /// Whether that is the password.
    pub(crate) fn fits(&self, password: &str) -> bool {
        let derived = self.cost.derive(password, &self.salt, self.hash.len());
        derived.is_some_and(|derived| same(&derived, &self.hash))
    }
}

/// What scrypt may hold at a time: a fourth of what a Worker has. The dearest hashes ask for twice as
/// much, and take a quarter longer for it.
const SCRYPT_BYTES_MAX: usize = 32 << 20;
/// What bcrypt gives of its 192 bits.
const BCRYPT_BYTES: usize = 23;
/// What bcrypt looks at of a password, its final 0 included.
const BCRYPT_PASSWORD_BYTES: usize = 72;
/// Salts and hashes of other lengths are no such thing.
const SALT_BYTES: core::ops::RangeInclusive<usize> = 1..=64;
const HASH_BYTES: core::ops::RangeInclusive<usize> = 16..=64;

impl Cost {
    /// Does the work of one guess.
    pub(crate) fn work(self, password: &str) {
        let salt = [0; 16];
        core::hint::black_box(self.derive(password, &salt, BCRYPT_BYTES));
    }

    fn derive(self, password: &str, salt: &[u8], len: usize) -> Option<Vec<u8>> {
        let mut hash = alloc::vec![0; len];
        match self {
            Self::Argon2id { memory_kib, passes, lanes } => {
                let params = Params::new(memory_kib, passes, lanes, Some(len)).ok()?;
                let mut memory = alloc::vec![Block::default(); params.block_count()];
                let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
                let password = password.as_bytes();
                argon2
                    .hash_password_into_with_memory(password, salt, &mut hash, &mut memory)
                    .ok()?;
            }
            Self::Bcrypt { log_rounds } => {
                let mut password = Vec::from(password);
                password.push(0);
                password.truncate(BCRYPT_PASSWORD_BYTES);
                let salt = <[u8; 16]>::try_from(salt).ok()?;
                hash.copy_from_slice(bcrypt::bcrypt(log_rounds, salt, &password).get(..len)?);
            }
            Self::Pbkdf2 { rounds } => {
                pbkdf2::pbkdf2_hmac::<Sha256>(password.as_bytes(), salt, rounds, &mut hash);
            }
            Self::Scrypt { log_n, r, p } => {
                let (r, p) = (usize::try_from(r).ok()?, usize::try_from(p).ok()?);
                let params = lean_scrypt::Params { log_n, r, p };
                lean_scrypt::scrypt(password.as_bytes(), salt, params, SCRYPT_BYTES_MAX, &mut hash);
            }
        }
        Some(hash)
    }
}

const fn lenient(alphabet: &alphabet::Alphabet) -> GeneralPurpose {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(alphabet, config)
}

const BCRYPT: GeneralPurpose = lenient(&alphabet::BCRYPT);
const STANDARD: GeneralPurpose = lenient(&alphabet::STANDARD);

/// `10$`, 22 characters of salt, 31 of hash.
fn bcrypt(text: &str) -> Option<PasswordHash> {
    let (log_rounds, text) = text.split_once('$')?;
    let (salt, hash) = text.split_at_checked(22)?;
    let log_rounds = number(log_rounds, 4..=12)?;
    let (salt, hash) = (BCRYPT.decode(salt).ok()?, BCRYPT.decode(hash).ok()?);
    let fits = salt.len() == 16 && hash.len() == BCRYPT_BYTES;
    fits.then_some(PasswordHash { cost: Cost::Bcrypt { log_rounds }, salt, hash })
}

/// `v=19$m=19456,t=2,p=1$salt$hash`
fn argon2id(text: &str) -> Option<PasswordHash> {
    let [version, parameters, salt, hash] = parts(text)?;
    let (mut memory_kib, mut passes, mut lanes) = (None, None, None);
    for parameter in parameters.split(',') {
        match parameter.split_once('=')? {
            ("m", value) => memory_kib = number(value, 8..=19_456),
            ("t", value) => passes = number(value, 1..=2),
            ("p", value) => lanes = number(value, 1..=1),
            _ => return None,
        }
    }
    let cost = Cost::Argon2id { memory_kib: memory_kib?, passes: passes?, lanes: lanes? };
    let (salt, hash) = (STANDARD.decode(salt).ok()?, STANDARD.decode(hash).ok()?);
    // RFC 9106 §3.1.
    let fits = version == "v=19" && salt.len() >= 8;
    fits.then_some(())?;
    bounded(cost, salt, hash)
}

/// `600000$salt$hash`; passlib writes `.` for `+`.
fn pbkdf2_sha256(text: &str) -> Option<PasswordHash> {
    let [rounds, salt, hash] = parts(text)?;
    let decode = |text: &str| STANDARD.decode(text.replace('.', "+")).ok();
    bounded(Cost::Pbkdf2 { rounds: number(rounds, 1..=600_000)? }, decode(salt)?, decode(hash)?)
}

/// `65536$8$1$salt$hash`
fn scrypt(text: &str) -> Option<PasswordHash> {
    let [n, r, p, salt, hash] = parts(text)?;
    let n = number(n, 2..=65_536).filter(|n| n.is_power_of_two())?;
    let log_n = u8::try_from(n.trailing_zeros()).ok()?;
    let cost = Cost::Scrypt { log_n, r: number(r, 1..=8)?, p: number(p, 1..=1)? };
    bounded(cost, hexadecimal(salt)?, hexadecimal(hash)?)
}

fn bounded(cost: Cost, salt: Vec<u8>, hash: Vec<u8>) -> Option<PasswordHash> {
    let fits = SALT_BYTES.contains(&salt.len()) && HASH_BYTES.contains(&hash.len());
    fits.then_some(PasswordHash { cost, salt, hash })
}

fn parts<const N: usize>(text: &str) -> Option<[&str; N]> {
    let parts: Vec<&str> = text.split('$').collect();
    parts.try_into().ok()
}

fn number(text: &str, range: core::ops::RangeInclusive<u32>) -> Option<u32> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| is_plain && range.contains(number))
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

/// What is kept of a hash: the text as it came, to be sealed.
impl TryFrom<Vec<u8>> for PasswordHash {
    type Error = ();

    fn try_from(bytes: Vec<u8>) -> Result<Self, ()> {
        String::from_utf8(bytes).ok().and_then(|text| Self::parse(&text)).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::ToString};

    use super::*;

    /// Hashes that others published, and their passwords.
    const KNOWN: [(&str, &str); 7] = [
        // jBCrypt's test vectors.
        ("$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.", ""),
        ("$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe", "a"),
        (
            "$2y$08$aTsUwsyowQuzRrDqFflhgekJ8d9/7Z3GV3UcgvzQW3J5zMyrTvlz.",
            "abcdefghijklmnopqrstuvwxyz",
        ),
        // RFC 7914 §12.
        (
            "16384$8$1$536f6469756d43686c6f72696465$7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3e\
             a9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
            "pleaseletmein",
        ),
        // The reference implementation of Argon2, src/test.c.
        (
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "password",
        ),
        // RFC 6070's inputs under SHA-256, as widely published since.
        ("$pbkdf2-sha256$4096$c2FsdA$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o", "password"),
        // With padding, as others write it.
        ("$pbkdf2-sha256$4096$c2FsdA==$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o=", "password"),
    ];

    #[test]
    fn published_hashes_fit_their_passwords_and_no_others() {
        for (text, password) in KNOWN {
            let hash = PasswordHash::parse(text).unwrap();
            assert!(hash.fits(password), "{text}");
            assert!(!hash.fits(&format!("{password}!")), "{text}");
        }
    }

    fn scrypt(head: &str, bytes: usize) -> String {
        [head, &"00".repeat(bytes)].concat()
    }

    #[test]
    fn bcrypt_looks_at_72_bytes() {
        let salt = [7; 16];
        let cost = Cost::Bcrypt { log_rounds: 4 };
        let long = "x".repeat(80);
        assert_eq!(cost.derive(&long, &salt, 23), cost.derive(&long[..72], &salt, 23));
        assert_ne!(cost.derive(&long[..71], &salt, 23), cost.derive(&long[..72], &salt, 23));
    }

    #[test]
    fn what_costs_more_than_is_allowed_or_is_no_hash_is_refused() {
        let salt_and_hash = "c2FsdHNhbHQ$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o";
        let bcrypt = "$aTsUwsyowQuzRrDqFflhgekJ8d9/7Z3GV3UcgvzQW3J5zMyrTvlz.";
        for good in [
            format!("$2b$12{bcrypt}"),
            format!("$argon2id$v=19$m=19456,t=2,p=1${salt_and_hash}"),
            format!("$pbkdf2-sha256$600000${salt_and_hash}"),
            scrypt("65536$8$1$00$", 32),
        ] {
            assert!(PasswordHash::parse(&good).is_some(), "{good}");
        }
        for bad in [
            format!("$2b$13{bcrypt}"),
            format!("$2b$03{bcrypt}"),
            format!("$2x$10{bcrypt}"),
            format!("$2b$10{bcrypt}x"),
            format!("$argon2id$v=19$m=19457,t=2,p=1${salt_and_hash}"),
            format!("$argon2id$v=19$m=19456,t=3,p=1${salt_and_hash}"),
            format!("$argon2id$v=19$m=19456,t=2,p=2${salt_and_hash}"),
            format!("$argon2id$v=16$m=19456,t=2,p=1${salt_and_hash}"),
            format!("$argon2i$v=19$m=19456,t=2,p=1${salt_and_hash}"),
            format!("$argon2id$v=19$m=19456,t=2${salt_and_hash}"),
            format!("$pbkdf2-sha256$600001${salt_and_hash}"),
            format!("$pbkdf2-sha256$0${salt_and_hash}"),
            format!("$pbkdf2-sha256$+9${salt_and_hash}"),
            format!("$pbkdf2-sha512$1${salt_and_hash}"),
            scrypt("131072$8$1$00$", 32),
            scrypt("65535$8$1$00$", 32),
            scrypt("65536$16$1$00$", 32),
            scrypt("65536$8$2$00$", 32),
            scrypt("65536$8$1$00$", 15),
            scrypt("65536$8$1$0$", 32),
            "Passw0rd!".to_string(),
            String::new(),
        ] {
            assert!(PasswordHash::parse(&bad).is_none(), "{bad}");
        }
    }
}
