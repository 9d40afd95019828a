//! Places: which object holds the records of a call, and the identifiers that say so themselves.
//!
//! Most calls carry no pool id, so every identifier that Cognate mints holds its pool's key: no
//! table stands between a call and its place.

mod identity;

pub(crate) use self::identity::IdentityPoolArn;
pub use self::identity::IdentityPoolKey;

use alloc::{format, string::String};
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    crypto::{Random, sha256},
    error::{Code, Error},
};

/// Where a call's records live.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Place {
    /// The account: which pools there are.
    Account,
    /// One identity pool: its configuration and its identities.
    IdentityPool(IdentityPoolKey),
    /// Messages that were "sent" in local development.
    Outbox,
    /// One user pool: its configuration, and its users or the first part of them.
    Pool(PoolKey),
    /// A further part of a user pool's users, counted from 1.
    Shard(PoolKey, u8),
}

impl Place {
    /// A name that no other place has; a Durable Object's name.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Account => "account".into(),
            Self::IdentityPool(key) => key.name(),
            Self::Outbox => "outbox".into(),
            Self::Pool(key) => key.suffix(),
            Self::Shard(key, number) => format!("{}.{number}", key.suffix()),
        }
    }

    /// The place of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let pool = |suffix: &str| PoolKey::of_pool_id(&format!("_{suffix}"));
        match name.split_once('.') {
            None if name == "account" => Some(Self::Account),
            None if name == "outbox" => Some(Self::Outbox),
            None => pool(name).map(Self::Pool),
            Some((identity::PREFIX, hex)) => IdentityPoolKey::of_hex(hex).map(Self::IdentityPool),
            Some((suffix, number)) => {
                let (key, number) = (pool(suffix)?, number.parse().ok()?);
                (0 < number && number < key.shards()).then_some(Self::Shard(key, number))
            }
        }
    }

    /// The pool that this place is of.
    pub(crate) fn pool(&self) -> Option<PoolKey> {
        match self {
            Self::Account | Self::IdentityPool(_) | Self::Outbox => None,
            Self::Pool(key) | Self::Shard(key, _) => Some(*key),
        }
    }

    /// The pool's first place, or this one if it is of no pool.
    pub(crate) fn first(&self) -> Self {
        self.pool().map_or_else(|| self.clone(), Self::Pool)
    }

    /// Whether the users of this pool live at several places.
    pub(crate) fn is_split(&self) -> bool {
        self.pool().is_some_and(|key| key.shards() > 1)
    }

    /// The place of this pool that has that number, counted from 0 for the first.
    pub(crate) fn numbered(&self, number: u8) -> Option<Self> {
        let key = self.pool().filter(|key| number < key.shards())?;
        Some(key.place(number))
    }

    /// The other places of this pool.
    pub(crate) fn others(&self) -> impl Iterator<Item = Self> + use<'_> {
        let all = self.pool().into_iter().flat_map(PoolKey::places);
        all.filter(move |place| place != self)
    }
}

/// Over how many places the users of a pool are spread: a power of two, fixed when it is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shards {
    binary_log: u8,
}

impl Shards {
    /// Reads `1`, `2`, `4`, `8` or `16`.
    #[must_use]
    pub fn read(count: &str) -> Option<Self> {
        let binary_log = ["1", "2", "4", "8", "16"].iter().position(|known| *known == count)?;
        Some(Self { binary_log: u8::try_from(binary_log).ok()? })
    }
}

/// The number that names a user pool, of 53 bits: 49 random ones, then the binary logarithm of the
/// number of shards in 4. Numbers of 2^53 and above are kept for another form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PoolKey(u64);

const KEY_LIMIT: u64 = 1 << 53;
const SHARD_BITS: u32 = 4;
const SHARDS_LOG_MAX: u64 = 4;
const BASE62: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE36: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
/// 62^9 > 2^53.
const SUFFIX_LEN: usize = 9;
/// 36^11 > 2^53.
const CLIENT_KEY_LEN: usize = 11;
/// As long as Cognito's own.
const CLIENT_ID_LEN: usize = 26;
/// The form of a client id: this digit, the pool's key, random characters.
const CLIENT_ID_FORM: &str = "1";

impl PoolKey {
    pub(crate) fn mint(random: &Random, shards: Shards) -> Self {
        let number = random.below(KEY_LIMIT >> SHARD_BITS) << SHARD_BITS;
        Self(number | u64::from(shards.binary_log))
    }

    /// How many places the pool has.
    pub(crate) fn shards(self) -> u8 {
        // No pool has a greater number; what people make up may.
        let binary_log = (self.0 & ((1 << SHARD_BITS) - 1)).min(SHARDS_LOG_MAX);
        1 << binary_log
    }

    /// All places of the pool, the first one first.
    pub(crate) fn places(self) -> impl Iterator<Item = Place> {
        (0..self.shards()).map(move |number| self.place(number))
    }

    /// Where what goes by that name lives: a user by the username, an alias by its value, a session
    /// by its id. Names in different cases live together, whether or not the pool tells them apart.
    pub(crate) fn home(self, name: &str) -> Place {
        let shards = self.shards();
        if shards == 1 {
            return Place::Pool(self);
        }
        let [first, ..] = sha256(&[name.to_lowercase().as_bytes()]);
        self.place(first % shards)
    }

    fn place(self, number: u8) -> Place {
        if number == 0 { Place::Pool(self) } else { Place::Shard(self, number) }
    }

    /// The key in a user pool id such as `eu-west-1_AbCdEfGhI`.
    #[must_use]
    pub fn of_pool_id(id: &str) -> Option<Self> {
        let (_, suffix) = id.rsplit_once('_')?;
        (suffix.len() == SUFFIX_LEN).then(|| parse(suffix, BASE62)).flatten()
    }

    /// The key in an app client id.
    #[must_use]
    pub fn of_client_id(id: &str) -> Option<Self> {
        let key = id.strip_prefix(CLIENT_ID_FORM)?.get(..CLIENT_KEY_LEN)?;
        (id.len() == CLIENT_ID_LEN).then(|| parse(key, BASE36)).flatten()
    }

    /// The key before the dot of a challenge's session.
    #[must_use]
    pub fn of_session(session: &str) -> Option<Self> {
        let (suffix, _) = session.split_once('.')?;
        (suffix.len() == SUFFIX_LEN).then(|| parse(suffix, BASE62)).flatten()
    }

    /// The key in an issuer, which ends in `/{user pool id}`.
    #[must_use]
    pub fn of_issuer(issuer: &str) -> Option<Self> {
        Self::of_pool_id(issuer.rsplit_once('/')?.1)
    }

    /// What follows the `_` in the pool's id.
    #[must_use]
    pub fn suffix(self) -> String {
        digits(self.0, BASE62, SUFFIX_LEN)
    }

    /// The pool's id in that region.
    #[must_use]
    pub fn pool_id(self, region: &str) -> String {
        format!("{region}_{}", self.suffix())
    }

    pub(crate) fn mint_client_id(self, random: &Random) -> String {
        let tail = random.text(BASE36, CLIENT_ID_LEN - CLIENT_KEY_LEN - CLIENT_ID_FORM.len());
        format!("{CLIENT_ID_FORM}{}{tail}", digits(self.0, BASE36, CLIENT_KEY_LEN))
    }
}

/// The parts of a user pool's ARN: `arn:aws:cognito-idp:{region}:{account}:userpool/{id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PoolArn<'a> {
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
    pub(crate) pool_id: &'a str,
}

impl<'a> PoolArn<'a> {
    pub(crate) fn parse(arn: &'a str) -> Option<Self> {
        let (region, rest) = arn.strip_prefix("arn:aws:cognito-idp:")?.split_once(':')?;
        let (account, resource) = rest.split_once(':')?;
        let pool_id = resource.strip_prefix("userpool/")?;
        Some(Self { region, account, pool_id })
    }

    /// What is said of any other ARN.
    pub(crate) fn wanted() -> Error {
        Error::saying(Code::InvalidParameter, "ResourceArn is not the ARN of a user pool.")
    }
}

impl fmt::Display for PoolArn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { region, account, pool_id } = self;
        write!(f, "arn:aws:cognito-idp:{region}:{account}:userpool/{pool_id}")
    }
}

/// A number in that alphabet, `len` digits long.
pub(crate) fn digits(n: impl Into<u128>, alphabet: &str, len: usize) -> String {
    let mut n: u128 = n.into();
    let base = alphabet.len() as u128;
    let mut text = alloc::vec![b'0'; len];
    for digit in text.iter_mut().rev() {
        let value = usize::try_from(n % base).unwrap_or(0);
        *digit = alphabet.as_bytes().get(value).copied().unwrap_or(b'0');
        n /= base;
    }
    text.into_iter().map(char::from).collect()
}

/// The number that stands there in that alphabet.
pub(crate) fn number(text: &str, alphabet: &str) -> Option<u128> {
    let base = alphabet.len() as u128;
    let is_some = !text.is_empty();
    text.chars()
        .try_fold(0u128, |n, c| {
            let digit = alphabet.find(c)? as u128;
            n.checked_mul(base)?.checked_add(digit)
        })
        .filter(|_| is_some)
}

fn parse(text: &str, alphabet: &str) -> Option<PoolKey> {
    let key = u64::try_from(number(text, alphabet)?).ok()?;
    (key < KEY_LIMIT).then_some(PoolKey(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_identifier_of_a_pool_leads_back_to_it() {
        let random = Random::new([3; 32]);
        for _ in 0..1_000 {
            let key = PoolKey::mint(&random, Shards::read("4").unwrap());
            assert_eq!(key.shards(), 4);
            let id = key.pool_id("eu-west-1");
            assert_eq!(PoolKey::of_pool_id(&id), Some(key));
            assert_eq!(PoolKey::of_client_id(&key.mint_client_id(&random)), Some(key));
            let session = format!("{}.c2VhbGVk", key.suffix());
            assert_eq!(PoolKey::of_session(&session), Some(key));
            assert_eq!(PoolKey::of_issuer(&format!("http://localhost:8787/{id}")), Some(key));
        }
    }

    #[test]
    fn an_arn_is_read_as_it_is_written() {
        let arn = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_AbCdEfGhI";
        let parts = PoolArn::parse(arn).unwrap();
        assert_eq!((parts.region, parts.pool_id), ("eu-west-1", "eu-west-1_AbCdEfGhI"));
        assert_eq!(format!("{parts}"), arn);
    }

    #[test]
    fn every_place_is_found_again_by_its_name() {
        let key = PoolKey::mint(&Random::new([3; 32]), Shards::read("16").unwrap());
        assert_eq!(key.places().count(), 16);
        let identities = IdentityPoolKey::mint(&Random::new([3; 32]));
        let others = [Place::Account, Place::IdentityPool(identities), Place::Outbox];
        for place in key.places().chain(others) {
            assert_eq!(Place::named(&place.name()), Some(place));
        }
        for name in [
            "else where",
            ".1",
            "012345678.",
            "012345678.0",
            "012345678.16",
            "identity.",
            "identity.1",
        ] {
            assert_eq!(Place::named(name), None, "{name}");
        }
    }

    #[test]
    fn names_are_spread_evenly_and_case_does_not_matter() {
        let key = PoolKey::mint(&Random::new([3; 32]), Shards::read("4").unwrap());
        let mut lived = alloc::collections::BTreeMap::<Place, u32>::new();
        for n in 0..1_000 {
            let home = key.home(&format!("Ann{n}"));
            assert_eq!(home, key.home(&format!("aNN{n}")));
            *lived.entry(home).or_default() += 1;
        }
        assert!(lived.len() == 4 && lived.values().all(|count| *count > 200), "{lived:?}");
    }

    #[test]
    fn foreign_identifiers_lead_nowhere() {
        for id in
            ["", "_", "eu-west-1_", "eu-west-1_zzzzzzzzz", "eu-west-1_AbCdEfGh", "x_É23456789"]
        {
            assert_eq!(PoolKey::of_pool_id(id), None, "{id}");
            assert_eq!(PoolKey::of_session(id), None, "{id}");
        }
        for id in [
            "",
            "1",
            "1example23456789",
            "1zzzzzzzzzzzzzzzzzzzzzzzzz",
            "É0000000000000000000000000",
        ] {
            assert_eq!(PoolKey::of_client_id(id), None, "{id}");
        }
    }
}
