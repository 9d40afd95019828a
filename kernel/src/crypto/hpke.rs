//! How do two parties who share nothing but a public key come to a key? As RFC 9180 (HPKE) has it.
//!
//! Base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, export only. The crate `hpke` would bring a
//! second generation of every cipher and hash with it; this much of the RFC is two dozen lines over
//! what is here.

use hkdf::Hkdf;
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};

use crate::error::Error;

/// `KEM`, then DHKEM(X25519, HKDF-SHA256).
const KEM: &[u8] = b"KEM\x00\x20";
/// `HPKE`, then that KEM, HKDF-SHA256, export only.
const SUITE: &[u8] = b"HPKE\x00\x20\x00\x01\xff\xff";

/// The public key of a private one.
pub(crate) fn public_of(private: &[u8; 32]) -> [u8; 32] {
    PublicKey::from(&StaticSecret::from(*private)).to_bytes()
}

/// What the sender makes for the holder of a public key.
pub(crate) struct Encapsulated {
    /// What the receiver needs; it is public.
    pub(crate) encapsulated: [u8; 32],
    /// What both have then.
    pub(crate) key: [u8; 32],
}

/// The sender's half; `ephemeral` is drawn for this once. Nothing comes of a public key that none is.
pub(crate) fn send(
    public: &[u8; 32],
    ephemeral: [u8; 32],
    info: &[u8],
) -> Result<Option<Encapsulated>, Error> {
    let encapsulated = public_of(&ephemeral);
    let shared = StaticSecret::from(ephemeral).diffie_hellman(&PublicKey::from(*public));
    if !shared.was_contributory() {
        return Ok(None);
    }
    let key = agreed(shared.as_bytes(), [&encapsulated, public], info)?;
    Ok(Some(Encapsulated { encapsulated, key }))
}

/// The receiver's half: the key that the sender has.
pub(crate) fn receive(
    private: &[u8; 32],
    encapsulated: &[u8; 32],
    info: &[u8],
) -> Result<Option<[u8; 32]>, Error> {
    let shared = StaticSecret::from(*private).diffie_hellman(&PublicKey::from(*encapsulated));
    if !shared.was_contributory() {
        return Ok(None);
    }
    agreed(shared.as_bytes(), [encapsulated, &public_of(private)], info).map(Some)
}

/// RFC 9180 §4.1 and §5.1, then what §5.3 exports for the empty context.
fn agreed(shared: &[u8], context: [&[u8; 32]; 2], info: &[u8]) -> Result<[u8; 32], Error> {
    let kem = extract(KEM, &[], b"eae_prk", shared);
    let shared = expand(&kem, KEM, b"shared_secret", &[context[0], context[1]])?;
    let id = extract(SUITE, &[], b"psk_id_hash", &[]).0;
    let info = extract(SUITE, &[], b"info_hash", info).0;
    let secret = extract(SUITE, &shared, b"secret", &[]);
    let exporter = expand(&secret, SUITE, b"exp", &[&[0], &id, &info])?;
    let exporter = Hkdf::from_prk(&exporter).map_err(|_| Error::bug("a key is too short"))?;
    expand(&Prk([0; 32], exporter), SUITE, b"sec", &[])
}

/// A pseudorandom key, as bytes and ready for use.
struct Prk([u8; 32], Hkdf<Sha256>);

/// `LabeledExtract` of §4.
fn extract(suite: &[u8], salt: &[u8], label: &[u8], input: &[u8]) -> Prk {
    let labeled = [b"HPKE-v1".as_slice(), suite, label, input].concat();
    let (bytes, hkdf) = Hkdf::<Sha256>::extract(Some(salt), &labeled);
    Prk(bytes.into(), hkdf)
}

/// `LabeledExpand` of §4, to 32 bytes.
fn expand(prk: &Prk, suite: &[u8], label: &[u8], info: &[&[u8]]) -> Result<[u8; 32], Error> {
    let mut key = [0; 32];
    let mut parts = alloc::vec![&[0, 32][..], b"HPKE-v1", suite, label];
    parts.extend(info);
    prk.1.expand_multi_info(&parts, &mut key).map_err(|_| Error::bug("a key is too long"))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::hex;

    fn bytes(hex: &str) -> [u8; 32] {
        let digits = |pair: &[u8]| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16);
        let bytes = hex.as_bytes().chunks(2).map(|pair| digits(pair).unwrap());
        bytes.collect::<alloc::vec::Vec<u8>>().try_into().unwrap()
    }

    // The RFC's vector for this suite in base mode.
    const INFO: &[u8] = b"Ode on a Grecian Urn";
    const RECEIVER: &str = "33d196c830a12f9ac65d6e565a590d80f04ee9b19c83c87f2c170d972a812848";
    const SENDER: &str = "095182b502f1f91f63ba584c7c3ec473d617b8b4c2cec3fad5af7fa6748165ed";
    const ENCAPSULATED: &str = "e5e8f9bfff6c2f29791fc351d2c25ce1299aa5eaca78a757c0b4fb4bcd830918";
    const EXPORTED: &str = "7a36221bd56d50fb51ee65edfd98d06a23c4dc87085aa5866cb7087244bd2a36";

    #[test]
    fn both_halves_come_to_the_key_of_the_rfc() {
        let public = public_of(&bytes(RECEIVER));
        let sent = send(&public, bytes(SENDER), INFO).unwrap().unwrap();
        assert_eq!(
            (hex(&sent.encapsulated), hex(&sent.key)),
            (ENCAPSULATED.into(), EXPORTED.into())
        );
        let received = receive(&bytes(RECEIVER), &bytes(ENCAPSULATED), INFO).unwrap().unwrap();
        assert_eq!(hex(&received), EXPORTED);
    }

    #[test]
    fn another_purpose_gives_another_key() {
        let received = receive(&bytes(RECEIVER), &bytes(ENCAPSULATED), b"other").unwrap().unwrap();
        assert_ne!(hex(&received), EXPORTED);
    }

    #[test]
    fn a_public_key_that_is_none_gives_no_key() {
        assert!(send(&[0; 32], bytes(SENDER), INFO).unwrap().is_none());
        assert!(receive(&bytes(RECEIVER), &[0; 32], INFO).unwrap().is_none());
    }
}
