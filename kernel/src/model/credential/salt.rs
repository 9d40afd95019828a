//! How is a salt written? As base64, which is shorter; as a list of numbers by earlier releases.

use core::fmt;

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use serde::{
    Deserializer, Serializer,
    de::{Error, SeqAccess, Visitor},
};

const BYTES: usize = 16;

pub(super) fn serialize<S: Serializer>(salt: &[u8; BYTES], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&BASE64_STANDARD_NO_PAD.encode(salt))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; BYTES], D::Error> {
    from.deserialize_any(Salt)
}

struct Salt;

impl<'de> Visitor<'de> for Salt {
    type Value = [u8; BYTES];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("16 bytes")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        let bytes = BASE64_STANDARD_NO_PAD.decode(text).ok();
        let salt = bytes.and_then(|bytes| bytes.try_into().ok());
        salt.ok_or_else(|| E::custom("a salt is no base64 of 16 bytes"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<Self::Value, A::Error> {
        let mut salt = [0; BYTES];
        for byte in &mut salt {
            *byte = numbers.next_element()?.ok_or_else(|| A::Error::custom("a salt is short"))?;
        }
        match numbers.next_element::<u8>()? {
            None => Ok(salt),
            Some(_) => Err(A::Error::custom("a salt is long")),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    struct Salted(#[serde(with = "super")] [u8; 16]);

    fn read(text: &str) -> Result<[u8; 16], String> {
        let read = serde_json::from_str::<Salted>(text);
        read.map(|salted| salted.0).map_err(|error| alloc::string::ToString::to_string(&error))
    }

    #[test]
    fn a_salt_is_read_as_it_is_written_and_as_it_was() {
        let salt = core::array::from_fn(|n| u8::try_from(n * 17).unwrap());
        let written = serde_json::to_string(&Salted(salt)).unwrap();
        assert_eq!(written, r#""ABEiM0RVZneImaq7zN3u/w""#);
        let earlier = "[0,17,34,51,68,85,102,119,136,153,170,187,204,221,238,255]";
        assert_eq!((read(&written), read(earlier)), (Ok(salt), Ok(salt)));
        for bad in ["[0]", "\"AAAA\"", "\"?\"", "5", "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]", "null"]
        {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
