//! The checksums that S3 knows.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html>

use alloc::{boxed::Box, vec::Vec};

use base64::{Engine, prelude::BASE64_STANDARD};
use crc::{CRC_32_ISCSI, CRC_32_ISO_HDLC, CRC_64_NVME, Crc, Digest as CrcDigest, Table};
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::Sha256;

/// How a checksum is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Crc32,
    Crc32C,
    Crc64Nvme,
    Md5,
    Sha1,
    Sha256,
}

// What SDKs use unless they are told otherwise has the larger table, which is five times as fast.
static CRC32: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISO_HDLC);
static CRC32C: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);
static CRC64_NVME: Crc<u64> = Crc::<u64>::new(&CRC_64_NVME);

impl Algorithm {
    /// Those that have a header of their own.
    pub(super) const ALL: [Self; 5] =
        [Self::Crc32, Self::Crc32C, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    pub(super) fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32C => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Md5 => "content-md5",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    /// R2's name for it, if R2 compares it.
    pub(super) fn known_to_buckets(self) -> Option<&'static str> {
        match self {
            Self::Md5 => Some("md5"),
            Self::Sha1 => Some("sha1"),
            Self::Sha256 => Some("sha256"),
            Self::Crc32 | Self::Crc32C | Self::Crc64Nvme => None,
        }
    }

    /// Reads a value in base64.
    pub(super) fn read(self, value: &str) -> Option<Vec<u8>> {
        let bytes = BASE64_STANDARD.decode(value).ok()?;
        (bytes.len() == self.bytes()).then_some(bytes)
    }

    fn bytes(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32C => 4,
            Self::Crc64Nvme => 8,
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }
}

/// A checksum in the making.
pub(super) enum Checksum {
    Crc32(CrcDigest<'static, u32, Table<16>>),
    Crc32C(CrcDigest<'static, u32>),
    Crc64Nvme(CrcDigest<'static, u64>),
    Md5(Box<Md5>),
    Sha1(Box<Sha1>),
    Sha256(Box<Sha256>),
}

impl Checksum {
    pub(super) fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Crc32 => Self::Crc32(CRC32.digest()),
            Algorithm::Crc32C => Self::Crc32C(CRC32C.digest()),
            Algorithm::Crc64Nvme => Self::Crc64Nvme(CRC64_NVME.digest()),
            Algorithm::Md5 => Self::Md5(Box::default()),
            Algorithm::Sha1 => Self::Sha1(Box::default()),
            Algorithm::Sha256 => Self::Sha256(Box::default()),
        }
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        match self {
            Self::Crc32(_) => Algorithm::Crc32,
            Self::Crc32C(_) => Algorithm::Crc32C,
            Self::Crc64Nvme(_) => Algorithm::Crc64Nvme,
            Self::Md5(_) => Algorithm::Md5,
            Self::Sha1(_) => Algorithm::Sha1,
            Self::Sha256(_) => Algorithm::Sha256,
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc32(digest) => digest.update(bytes),
            Self::Crc32C(digest) => digest.update(bytes),
            Self::Crc64Nvme(digest) => digest.update(bytes),
            Self::Md5(digest) => digest.update(bytes),
            Self::Sha1(digest) => digest.update(bytes),
            Self::Sha256(digest) => digest.update(bytes),
        }
    }

    pub(super) fn value(&self) -> Vec<u8> {
        match self {
            Self::Crc32(digest) => digest.clone().finalize().to_be_bytes().to_vec(),
            Self::Crc32C(digest) => digest.clone().finalize().to_be_bytes().to_vec(),
            Self::Crc64Nvme(digest) => digest.clone().finalize().to_be_bytes().to_vec(),
            Self::Md5(digest) => digest.clone().finalize().to_vec(),
            Self::Sha1(digest) => digest.clone().finalize().to_vec(),
            Self::Sha256(digest) => digest.clone().finalize().to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_algorithm_gives_its_published_check_value() {
        for (algorithm, expected) in [
            (Algorithm::Crc32, "y/Q5Jg=="),
            (Algorithm::Crc32C, "4waSgw=="),
            (Algorithm::Crc64Nvme, "rosUhgp5mIg="),
            (Algorithm::Md5, "JfnnlDI7RTiF9RgfG2JNCw=="),
            (Algorithm::Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE="),
            (Algorithm::Sha256, "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
        ] {
            let mut checksum = Checksum::new(algorithm);
            checksum.update(b"1234");
            checksum.update(b"56789");
            assert_eq!(Some(checksum.value()), algorithm.read(expected), "{algorithm:?}");
            assert_eq!(checksum.algorithm(), algorithm);
        }
    }

    #[test]
    fn a_value_of_another_length_is_none() {
        assert_eq!(Algorithm::Crc32.read("y/Q5Jg"), None);
        assert_eq!(Algorithm::Crc64Nvme.read("y/Q5Jg=="), None);
        assert_eq!(Algorithm::Sha256.read("?"), None);
    }
}
