//! The published vectors, as they are and spoiled.

use alloc::{string::ToString, vec::Vec};

use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use super::{Assertion, Expected, Fault, Key, Registration, RelyingParty, bytes};
use crate::{
    Crypto,
    crypto::{Random, base64url},
};

const CRYPTO: Crypto = Crypto { jwt: &jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER };

fn vectors() -> Vec<Value> {
    let file = include_str!("../../../tests/vectors/webauthn.json");
    let mut file: Value = serde_json::from_str(file).unwrap();
    file["vectors"].as_array_mut().unwrap().drain(..).collect()
}

fn vector(name: &str) -> Value {
    vectors().into_iter().find(|vector| vector["name"] == name).unwrap()
}

fn hex(text: &Value) -> Vec<u8> {
    HEXLOWER.decode(text.as_str().unwrap().as_bytes()).unwrap()
}

/// The id of the credential in authenticator data.
fn id(data: &[u8]) -> &[u8] {
    let length = usize::from(u16::from_be_bytes([data[53], data[54]]));
    &data[55..55 + length]
}

fn attested(object: &[u8]) -> Vec<u8> {
    super::registration::attested(object).unwrap()
}

fn registration(object: &[u8], client_data: &[u8], id: &[u8]) -> Value {
    json!({
        "id": base64url(id), "rawId": base64url(id), "type": "public-key",
        "response": {
            "attestationObject": base64url(object), "clientDataJSON": base64url(client_data),
        },
    })
}

fn assertion(id: &str, [client_data, data, signature]: [&[u8]; 3]) -> Value {
    json!({
        "id": id, "rawId": id, "type": "public-key",
        "response": {
            "authenticatorData": base64url(data), "clientDataJSON": base64url(client_data),
            "signature": base64url(signature),
        },
    })
}

const EXAMPLE: RelyingParty<'_> = RelyingParty { id: "example.org", verifies_users: false };

/// A vector's credential.
fn registered(vector: &Value) -> (alloc::string::String, Key) {
    let made = &vector["registration"];
    let object = hex(&made["attestationObject"]);
    let data = attested(&object);
    let given = registration(&object, &hex(&made["clientDataJSON"]), id(&data));
    let read = Registration::read(given).unwrap();
    assert_eq!(read.challenge(), hex(&made["challenge"]));
    let credential = read.accept(EXAMPLE).unwrap();
    assert_eq!(bytes(&credential.id).unwrap(), id(&data));
    (credential.id, credential.key)
}

/// What comes of an assertion of a vector with these parts.
fn checked(
    vector: &Value,
    (id, key): (&str, &Key),
    parts: [&[u8]; 3],
) -> Result<(bool, Key), Fault> {
    let challenge = hex(&vector["authentication"]["challenge"]);
    let expected = Expected { challenge: &challenge, relying_party: EXAMPLE, user: b"ann" };
    let mut key = key.clone();
    let read = Assertion::read(&assertion(id, parts).to_string())?;
    assert_eq!(read.id(), id);
    Ok((read.check(CRYPTO, &mut key, &expected)?, key))
}

fn parts(vector: &Value) -> [Vec<u8>; 3] {
    ["clientDataJSON", "authenticatorData", "signature"]
        .map(|part| hex(&vector["authentication"][part]))
}

fn named(names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| vector(name)).collect()
}

const WHOLE: [&str; 5] = [
    "none.ES256",
    "packed-self.ES256",
    "none.ES256.longCredentialID",
    "packed.RS256",
    "packed.EdDSA",
];

#[test]
fn what_the_specification_signed_is_proved() {
    let verified: Vec<bool> = named(&WHOLE)
        .iter()
        .map(|vector| {
            let (id, key) = registered(vector);
            let [client_data, data, signature] = &parts(vector);
            checked(vector, (&id, &key), [client_data, data, signature]).unwrap().0
        })
        .collect();
    assert_eq!(verified, [false, false, true, false, false]);
}

#[test]
fn what_was_made_in_anothers_frame_is_refused() {
    let framed = vector("none.ES256.crossOrigin");
    let object = hex(&framed["registration"]["attestationObject"]);
    let client_data = hex(&framed["registration"]["clientDataJSON"]);
    let data = attested(&object);
    let read = Registration::read(registration(&object, &client_data, id(&data))).unwrap();
    assert_eq!(read.accept(EXAMPLE).unwrap_err(), Fault::Origin);
}

#[test]
fn a_proof_of_which_any_bit_was_turned_proves_nothing() {
    for vector in named(&["none.ES256", "packed.EdDSA"]) {
        let (id, key) = registered(&vector);
        let whole = parts(&vector);
        for (part, length) in whole.iter().map(Vec::len).enumerate() {
            for byte in 0..length {
                let mut spoiled = whole.clone();
                spoiled[part][byte] ^= 1 << (byte % 8);
                let [client_data, data, signature] = &spoiled;
                let outcome = checked(&vector, (&id, &key), [client_data, data, signature]);
                assert!(outcome.is_err(), "byte {byte} of part {part}");
            }
            for cut in 0..length {
                let mut spoiled = whole.clone();
                spoiled[part].truncate(cut);
                let [client_data, data, signature] = &spoiled;
                let outcome = checked(&vector, (&id, &key), [client_data, data, signature]);
                assert!(outcome.is_err(), "part {part} cut at {cut}");
            }
        }
    }
}

#[test]
fn a_proof_is_of_one_key_and_one_challenge() {
    let (one, other) = (vector("none.ES256"), vector("packed-self.ES256"));
    let ((id, key), (_, other_key)) = (registered(&one), registered(&other));
    let [client_data, data, signature] = &parts(&one);
    let parts = [client_data.as_slice(), data, signature];
    assert_eq!(checked(&one, (&id, &other_key), parts).unwrap_err(), Fault::Unproved);
    assert_eq!(checked(&other, (&id, &key), parts).unwrap_err(), Fault::Unproved);
}

#[test]
fn what_is_wanted_of_an_authenticator_is_looked_at() {
    let vector = vector("none.ES256");
    let object = hex(&vector["registration"]["attestationObject"]);
    let client_data = hex(&vector["registration"]["clientDataJSON"]);
    let data = attested(&object);
    let accept = |relying_party: RelyingParty<'_>, flags: u8| {
        let mut object = object.clone();
        let place = object.len() - data.len() + 32;
        object[place] = flags;
        let read = Registration::read(registration(&object, &client_data, id(&data))).unwrap();
        read.accept(relying_party).map(drop)
    };
    assert_eq!(accept(EXAMPLE, 0b0100_0001), Ok(()));
    assert_eq!(accept(EXAMPLE, 0b0101_1001), Ok(()));
    let strict = RelyingParty { verifies_users: true, ..EXAMPLE };
    assert_eq!(accept(strict, 0b0100_0001), Err(Fault::Unsupported));
    assert_eq!(accept(strict, 0b0100_0101), Ok(()));
    // Nobody was there.
    assert_eq!(accept(EXAMPLE, 0b0100_0100), Err(Fault::Unsupported));
    // A copy of what can't be copied; no credential; extensions that are not there.
    for flags in [0b0101_0001, 0b0000_0001, 0b1100_0001] {
        assert_eq!(accept(EXAMPLE, flags), Err(Fault::Malformed), "{flags:b}");
    }
    let other = RelyingParty { id: "org", ..EXAMPLE };
    assert_eq!(accept(other, 0b0100_0001), Err(Fault::RelyingParty));
}

#[test]
fn keys_of_other_kinds_are_not_supported() {
    let whole = registered_cose();
    let read = |cose: &[u8]| super::public_key::PublicKey::read(cose).map(drop);
    assert_eq!(read(&whole), Ok(()));
    let with = |place: usize, byte: u8| {
        let mut cose = whole.clone();
        cose[place] = byte;
        read(&cose)
    };
    // Of another type, for another algorithm (ES384 is -35), on another curve.
    assert_eq!(with(2, 1), Err(Fault::Unsupported));
    assert_eq!(with(4, 0x25), Err(Fault::Unsupported));
    assert_eq!(with(6, 2), Err(Fault::Unsupported));
    // A label that stands there twice, and what is no key at all.
    assert_eq!(with(3, 1), Err(Fault::Malformed));
    for bad in [&[][..], &[0xa0, 0], &[0xbf, 0xff], &[0xff], &[0xa1], &[0x1b; 9], b"\xa1\x61a\x01"]
    {
        assert_eq!(read(bad), Err(Fault::Malformed), "{bad:?}");
    }
    assert_eq!(read(&[0xa0]), Err(Fault::Unsupported));
    assert_eq!(read(&[&whole[..], &[0]].concat()), Err(Fault::Malformed));
}

fn registered_cose() -> Vec<u8> {
    let (_, key) = registered(&vector("none.ES256"));
    bytes(&key.public).unwrap()
}

#[test]
fn whatever_is_sent_is_read_or_refused() {
    let random = Random::new([7; 32]);
    let number = |below: usize| usize::from(u16::from_be_bytes(random.bytes())) % below;
    let seeds: Vec<(Vec<u8>, Vec<u8>)> = vectors()
        .iter()
        .map(|vector| {
            let made = &vector["registration"];
            (hex(&made["attestationObject"]), hex(&made["clientDataJSON"]))
        })
        .collect();
    for round in 0..4_000 {
        let (mut object, mut client_data) = seeds[round % seeds.len()].clone();
        let data = attested(&object);
        let id = id(&data).to_vec();
        let spoiled = if number(8) == 0 { &mut client_data } else { &mut object };
        for _ in 0..=number(4) {
            let place = number(spoiled.len());
            match number(4) {
                0 => spoiled[place] = random.bytes::<1>()[0],
                1 => spoiled.truncate(place.max(1)),
                2 => spoiled.insert(place, random.bytes::<1>()[0]),
                _ => drop(spoiled.splice(place..place, random.bytes::<9>())),
            }
        }
        // What comes of it is known to nobody; it comes.
        if let Ok(read) = Registration::read(registration(&object, &client_data, &id)) {
            let _ = read.accept(EXAMPLE);
        }
    }
}

#[test]
fn what_claims_to_be_huge_is_refused_at_once() {
    // Lengths of 2^64 - 1 and a great depth, in the place of each member of the object.
    let huge: [&[u8]; 6] = [
        b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xa1\x67attStmt\xbb\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xa1\x67attStmt\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xa1\x68authData\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xa1\x63fmt\x7b\xff\xff\xff\xff\xff\xff\xff\xff",
        &[&b"\xa1\x67attStmt\xa1\x00"[..], &[0x81; 100_000]].concat(),
    ];
    let vector = vector("none.ES256");
    let client_data = hex(&vector["registration"]["clientDataJSON"]);
    for object in huge {
        let read = Registration::read(registration(object, &client_data, b"id"));
        assert_eq!(read.unwrap_err(), Fault::Malformed);
    }
}
