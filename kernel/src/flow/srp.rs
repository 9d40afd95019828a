//! The Secure Remote Password protocol: `USER_SRP_AUTH`, answered by `PASSWORD_VERIFIER`.
//!
//! Nothing is stored between the two: what the server must remember travels in `SECRET_BLOCK`,
//! sealed. Like Cognito's, a block may be tried more than once until it expires; wrong proofs are
//! counted as wrong passwords are.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{
    Challenge, Door, Outcome, Parameters, candidate::Candidate, password, required, timestamp,
    wrong_password,
};
use crate::{
    access::client_secret,
    crypto::Purpose,
    cx::Cx,
    error::{Code, Error},
    model::credential::Owner,
    shapes::ChallengeName,
    srp::{PublicA, PublicB},
};

const BOUND_TO: &str = "srp";
const FORM: u8 = 1;
const WIDTH: usize = 384;

/// What the server must remember of a first step.
struct Block {
    expires_ms: u64,
    secret_b: [u8; 32],
    public_a: [u8; WIDTH],
    public_b: [u8; WIDTH],
    client_id: String,
    username: String,
}

impl Block {
    fn seal(&self, cx: &Cx) -> Result<Vec<u8>, Error> {
        let mut plain = Vec::with_capacity(1024);
        plain.push(FORM);
        plain.extend_from_slice(&self.expires_ms.to_be_bytes());
        plain.extend_from_slice(&self.secret_b);
        plain.extend_from_slice(&self.public_a);
        plain.extend_from_slice(&self.public_b);
        plain.extend_from_slice(self.client_id.as_bytes());
        plain.push(b'/');
        plain.extend_from_slice(self.username.as_bytes());
        cx.vault()?.seal_bytes(Purpose::Session, BOUND_TO, &plain, &cx.random)
    }

    fn open(cx: &Cx, sealed: &[u8]) -> Result<Option<Self>, Error> {
        let plain = cx.vault()?.open_bytes(Purpose::Session, BOUND_TO, sealed);
        Ok(plain.and_then(|plain| Self::read(&plain)))
    }

    fn read(plain: &[u8]) -> Option<Self> {
        let (form, rest) = plain.split_first()?;
        let (expires_ms, rest) = rest.split_first_chunk::<8>()?;
        let (secret_b, rest) = rest.split_first_chunk::<32>()?;
        let (public_a, rest) = rest.split_first_chunk::<WIDTH>()?;
        let (public_b, rest) = rest.split_first_chunk::<WIDTH>()?;
        let (client_id, username) = core::str::from_utf8(rest).ok()?.split_once('/')?;
        (*form == FORM).then(|| Self {
            expires_ms: u64::from_be_bytes(*expires_ms),
            secret_b: *secret_b,
            public_a: *public_a,
            public_b: *public_b,
            client_id: client_id.to_string(),
            username: username.to_string(),
        })
    }
}

/// The first step: takes A, gives B and the block.
pub(super) fn start(cx: &Cx, door: &Door<'_>, parameters: &Parameters) -> Result<Outcome, Error> {
    let name = required(parameters, "USERNAME")?;
    let public_a = required(parameters, "SRP_A")?;
    let hash = parameters.get("SECRET_HASH").map(String::as_str);
    client_secret::secret_hash(cx, door.client, name, hash)?;
    // A that is 0 modulo N would make the key known to everybody (RFC 5054 §2.5.4).
    let public_a = PublicA::from_hex(public_a)
        .map_err(|_| Error::saying(Code::InvalidParameter, "Invalid SRP_A"))?;
    let candidate = Candidate::find(cx, door, name)?;
    let (salt, verifier, username) = candidate.secrets(cx, door)?;
    let secret_b: [u8; 32] = cx.random.bytes();
    let public_b = cx.srp().begin(&verifier, &secret_b);
    let block = Block {
        expires_ms: cx.now_ms() + 1000 * door.client.challenge_s(),
        secret_b,
        public_a: *public_a.as_bytes(),
        public_b: *public_b.as_bytes(),
        client_id: door.client.id.clone(),
        username: username.clone(),
    };
    let parameters = BTreeMap::from(
        [
            ("SALT", salt.to_hex()),
            ("SECRET_BLOCK", BASE64_STANDARD.encode(block.seal(cx)?)),
            ("SRP_B", public_b.to_hex()),
            ("USERNAME", username.clone()),
            ("USER_ID_FOR_SRP", username),
        ]
        .map(|(name, value)| (name.to_string(), value)),
    );
    Ok(Outcome::Challenge(Challenge {
        name: ChallengeName::PasswordVerifier,
        session: None,
        parameters,
        delivery: None,
    }))
}

/// The second step: takes the proof.
pub(super) fn verify(cx: &Cx, door: &Door<'_>, responses: &Parameters) -> Result<Outcome, Error> {
    if responses.is_empty() {
        let message = "Missing required parameter challenge responses.";
        return Err(Error::saying(Code::InvalidParameter, message));
    }
    let name = required(responses, "USERNAME")?;
    let timestamp = required(responses, "TIMESTAMP")?;
    let claim = required(responses, "PASSWORD_CLAIM_SIGNATURE")?;
    let sealed = required(responses, "PASSWORD_CLAIM_SECRET_BLOCK")?;
    let timestamp = timestamp::canonical(timestamp)?;
    let claim = BASE64_STANDARD.decode(claim).map_err(|_| {
        let message = "Invalid PASSWORD_CLAIM_SIGNATURE format. Must be a Base64 string.";
        Error::saying(Code::InvalidParameter, message)
    })?;
    let hash = responses.get("SECRET_HASH").map(String::as_str);
    client_secret::secret_hash_if_any(cx, door.client, name, hash)?;
    let sealed = BASE64_STANDARD.decode(sealed).map_err(|_| wrong_password())?;
    let block = Block::open(cx, &sealed)?
        .filter(|block| block.client_id == door.client.id && block.expires_ms > cx.now_ms())
        .ok_or_else(wrong_password)?;
    if door.pool.fold(&block.username) != door.pool.fold(name) {
        // SDKs answer with the name that the challenge gave; an alias of it is taken too.
        let named = Candidate::find(cx, door, name)?;
        if named.user().is_none_or(|user| user.username != block.username) {
            return Err(wrong_password());
        }
    }
    let candidate = Candidate::find(cx, door, &block.username)?;
    password::check(cx, door, &candidate, |candidate| {
        proves(cx, door, candidate, &block, &|key, identity| {
            key.proves(identity, &sealed, &timestamp, &claim)
        })
    })
}

/// Whether the claim is right; as much work is done for a name that stands for nobody.
fn proves(
    cx: &Cx,
    door: &Door<'_>,
    candidate: &Candidate<'_>,
    block: &Block,
    claims: &dyn Fn(&crate::srp::SessionKey, crate::srp::Identity<'_>) -> bool,
) -> Result<bool, Error> {
    let (_, verifier, _) = candidate.secrets(cx, door)?;
    let bug = |_| Error::bug("a block holds what is not in the group");
    let public_a = PublicA::from_bytes(&block.public_a).map_err(bug)?;
    let public_b = PublicB::from_bytes(&block.public_b).map_err(bug)?;
    let Ok(key) = cx.srp().session_key(&public_a, &verifier, &block.secret_b, &public_b) else {
        return Ok(false);
    };
    let owner = Owner { pool_id: &door.pool.id, username: &block.username };
    let has_password = candidate.user().is_some_and(|user| user.credential.is_some());
    Ok(claims(&key, owner.identity()) && has_password)
}
