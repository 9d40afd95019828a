//! Where identities live: what their ids hold, and how they are written.

use alloc::{format, string::String};
use core::fmt;

use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid, Version};

use crate::{
    crypto::Random,
    error::{Code, Error},
};

/// What the name of an identity pool's place begins with, before a dot.
pub(super) const PREFIX: &str = "identity";
/// 48 bits.
const HEX_LEN: usize = 12;
/// 2^48.
const KEY_LIMIT: u64 = 1 << 48;

/// The number that names an identity pool: the first 48 bits of its id, and of the ids of all its
/// identities. Both are UUIDs of version 8 (RFC 9562 §5.8), whose other bits are random.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IdentityPoolKey(u64);

impl IdentityPoolKey {
    pub(crate) fn mint(random: &Random) -> Self {
        Self(random.below(KEY_LIMIT))
    }

    /// The key in the id of an identity pool or of an identity: `eu-west-1:0a1b2c3d-…`.
    #[must_use]
    pub fn of_id(id: &str) -> Option<Self> {
        Self::of_uuid(id.split_once(':')?.1)
    }

    /// The key in what follows the region.
    pub(crate) fn of_uuid(text: &str) -> Option<Self> {
        let uuid = Uuid::try_parse(text).ok()?;
        // One form alone, so that an id is written in one way.
        let is_plain = format!("{uuid}") == text;
        let is_ours = uuid.get_version() == Some(Version::Custom);
        let hex = format!("{}", uuid.simple());
        (is_plain && is_ours).then(|| Self::of_hex(hex.get(..HEX_LEN)?)).flatten()
    }

    pub(super) fn of_hex(hex: &str) -> Option<Self> {
        let is_plain = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        let is_whole = hex.len() == HEX_LEN && hex.bytes().all(is_plain);
        is_whole.then(|| u64::from_str_radix(hex, 16).ok().map(Self)).flatten()
    }

    pub(super) fn name(self) -> String {
        format!("{PREFIX}.{:012x}", self.0)
    }

    /// A new id that leads here: of the pool itself or of one of its identities.
    pub(crate) fn mint_id(self, region: &str, random: &Random) -> String {
        let mut bytes = random.bytes::<16>();
        for (byte, key) in bytes.iter_mut().zip(self.0.to_be_bytes().into_iter().skip(2)) {
            *byte = key;
        }
        format!("{region}:{}", Builder::from_custom_bytes(bytes).into_uuid())
    }
}

/// The parts of an identity pool's ARN:
/// `arn:aws:cognito-identity:{region}:{account}:identitypool/{id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IdentityPoolArn<'a> {
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
    pub(crate) pool_id: &'a str,
}

impl<'a> IdentityPoolArn<'a> {
    pub(crate) fn parse(arn: &'a str) -> Option<Self> {
        let (region, rest) = arn.strip_prefix("arn:aws:cognito-identity:")?.split_once(':')?;
        let (account, resource) = rest.split_once(':')?;
        let pool_id = resource.strip_prefix("identitypool/")?;
        Some(Self { region, account, pool_id })
    }

    /// What is said of any other ARN.
    pub(crate) fn wanted() -> Error {
        Error::saying(Code::InvalidParameter, "ResourceArn is not the ARN of an identity pool.")
    }
}

impl fmt::Display for IdentityPoolArn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { region, account, pool_id } = self;
        write!(f, "arn:aws:cognito-identity:{region}:{account}:identitypool/{pool_id}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_of_a_pool_leads_back_to_it_and_no_two_are_the_same() {
        let random = Random::new([5; 32]);
        for _ in 0..1_000 {
            let key = IdentityPoolKey::mint(&random);
            let [one, other] = [(); 2].map(|()| key.mint_id("eu-west-1", &random));
            assert_ne!(one, other);
            assert_eq!(IdentityPoolKey::of_id(&one), Some(key));
            assert_eq!(IdentityPoolKey::of_id(&other), Some(key));
        }
    }

    #[test]
    fn foreign_ids_lead_nowhere() {
        let key = IdentityPoolKey::mint(&Random::new([5; 32]));
        let id = key.mint_id("eu-west-1", &Random::new([6; 32]));
        let upper = id.to_uppercase();
        let bare = id.replace('-', "");
        let of_version_4 = "eu-west-1:0a1b2c3d-0a1b-4c3d-8e5f-0a1b2c3d4e5f";
        for id in ["", ":", "eu-west-1:", &id[10..], &upper, &bare, of_version_4] {
            assert_eq!(IdentityPoolKey::of_id(id), None, "{id}");
        }
    }

    #[test]
    fn an_arn_is_read_as_it_is_written() {
        let arn = "arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/eu-west-1:0-0";
        let parts = IdentityPoolArn::parse(arn).unwrap();
        assert_eq!((parts.region, parts.pool_id), ("eu-west-1", "eu-west-1:0-0"));
        assert_eq!(format!("{parts}"), arn);
    }
}
