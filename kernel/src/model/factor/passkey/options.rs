//! What are authenticators asked for? The options of Web Authentication (§5.4, §5.5), in JSON.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use serde_json::json;

use super::{Passkey, of_user};
use crate::{
    crypto::{Purpose, base64url},
    cx::Cx,
    error::Error,
    model::{pool::Pool, user::User},
    shape::Json,
    webauthn::ALGORITHMS,
};

/// How long a person may take.
pub(crate) const TIMEOUT_MS: u64 = 5 * 60 * 1000;

/// What a new passkey is asked for with. The user is told by the `sub`, which says nothing to
/// whoever finds an authenticator.
pub(crate) fn creation(
    cx: &Cx,
    (pool, user): (&Pool, &User),
    (relying_party, challenge): (&str, &[u8]),
) -> Result<Json, Error> {
    let known = of_user(cx, &pool.key_of(&user.username), relying_party)?;
    let algorithms = ALGORITHMS.map(|alg| json!({ "type": "public-key", "alg": alg }));
    let name = ["email", "phone_number"].into_iter().find_map(|name| user.attribute(name));
    let name = name.filter(|_| pool.has_username_attributes()).unwrap_or(&user.username);
    Ok(json!({
        "challenge": base64url(challenge),
        "rp": { "id": relying_party, "name": relying_party },
        "user": {
            "id": base64url(user.sub.as_bytes()),
            "name": name,
            "displayName": user.attribute("name").unwrap_or(name),
        },
        "pubKeyCredParams": algorithms,
        "timeout": TIMEOUT_MS,
        "excludeCredentials": known.iter().map(|known| descriptor(known)).collect::<Vec<_>>(),
        "authenticatorSelection": {
            "residentKey": "preferred",
            "requireResidentKey": false,
            "userVerification": verification(pool),
        },
        "attestation": "none",
    }))
}

/// What a proof is asked for with: one of these passkeys.
pub(crate) fn request(
    pool: &Pool,
    passkeys: &[impl core::ops::Deref<Target = Passkey>],
    (relying_party, challenge): (&str, &[u8]),
) -> String {
    let allowed = passkeys.iter().map(|passkey| descriptor(passkey)).collect();
    requested(pool, allowed, (relying_party, challenge))
}

/// The same for a name that stands for nobody: a passkey that nobody has, always the same one.
pub(crate) fn request_in_vain(
    cx: &Cx,
    (pool, name): (&Pool, &str),
    asked: (&str, &[u8]),
) -> Result<String, Error> {
    let vault = cx.vault()?;
    let id = vault.fingerprint(Purpose::Simulation, &[b"passkey", name.as_bytes()]);
    let transports = ["internal", "hybrid"];
    let (id, _) = id.split_at(ID_BYTES);
    let allowed = json!({ "type": "public-key", "id": base64url(id), "transports": transports });
    Ok(requested(pool, [allowed].into(), asked))
}

/// Whether a name that stands for nobody is taken for one with a passkey: every other one is, and
/// always the same ones, so that neither answer tells of a user.
pub(crate) fn seems_to_exist(cx: &Cx, name: &str) -> Result<bool, Error> {
    let vault = cx.vault()?;
    let chance = vault.fingerprint(Purpose::Simulation, &[b"has passkey", name.as_bytes()]);
    Ok(chance.first().is_some_and(|byte| byte % 2 == 0))
}

/// As most keepers of passkeys have it.
const ID_BYTES: usize = 16;

fn requested(pool: &Pool, allowed: Vec<Json>, (relying_party, challenge): (&str, &[u8])) -> String {
    json!({
        "challenge": base64url(challenge),
        "timeout": TIMEOUT_MS,
        "rpId": relying_party,
        "allowCredentials": allowed,
        "userVerification": verification(pool),
    })
    .to_string()
}

fn descriptor(passkey: &Passkey) -> Json {
    json!({ "type": "public-key", "id": passkey.id, "transports": passkey.transports })
}

fn verification(pool: &Pool) -> &'static str {
    if pool.verifies_holders() { "required" } else { "preferred" }
}
