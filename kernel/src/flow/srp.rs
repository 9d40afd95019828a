//! The Secure Remote Password protocol: `USER_SRP_AUTH`, answered by `PASSWORD_VERIFIER`.
//!
//! Nothing is stored between the two: what the server must remember travels in `SECRET_BLOCK`,
//! sealed. Like Cognito's, a block may be tried more than once until it expires; wrong proofs are
//! counted as wrong passwords are.

mod block;
mod timestamp;

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};

use base64::{Engine, prelude::BASE64_STANDARD};

use block::Block;

use super::{
    Challenge, Door, Outcome, Parameters, candidate::Candidate, passed::Passed, password, required,
    wrong_password,
};
use crate::{
    access::client_secret,
    cx::Cx,
    error::{Code, Error},
    model::credential::Owner,
    shapes::ChallengeName,
    srp::{Identity, PublicA, PublicB, Verifier},
};

/// What a client sends to prove that it knows a password.
pub(super) struct Claim {
    timestamp: String,
    signature: Vec<u8>,
    sealed: String,
}

impl Claim {
    /// # Errors
    /// `InvalidParameterException` if something is missing or has another form.
    pub(super) fn read(responses: &Parameters) -> Result<Self, Error> {
        let timestamp = required(responses, "TIMESTAMP")?;
        let signature = required(responses, "PASSWORD_CLAIM_SIGNATURE")?;
        let sealed = required(responses, "PASSWORD_CLAIM_SECRET_BLOCK")?;
        let timestamp = timestamp::canonical(timestamp)?;
        let signature = BASE64_STANDARD.decode(signature).map_err(|_| {
            let message = "Invalid PASSWORD_CLAIM_SIGNATURE format. Must be a Base64 string.";
            Error::saying(Code::InvalidParameter, message)
        })?;
        Ok(Self { timestamp, signature, sealed: sealed.into() })
    }

    /// The block that the claim answers, and its bytes.
    fn block(&self, cx: &Cx, door: &Door<'_>) -> Result<(Block, Vec<u8>), Error> {
        let sealed = BASE64_STANDARD.decode(&self.sealed).map_err(|_| wrong_password())?;
        let block = Block::open(cx, &sealed)?
            .filter(|block| block.client_id == door.client.id && block.expires_ms > cx.now_ms())
            .ok_or_else(wrong_password)?;
        Ok((block, sealed))
    }

    /// Whether the claim was made by somebody who knows the password of `whose`.
    fn fits(
        &self,
        cx: &Cx,
        (block, sealed): &(Block, Vec<u8>),
        verifier: &Verifier,
        whose: Identity<'_>,
    ) -> Result<bool, Error> {
        let bug = |_| Error::bug("a block holds what is not in the group");
        let public_a = PublicA::from_bytes(&block.public_a).map_err(bug)?;
        let public_b = PublicB::from_bytes(&block.public_b).map_err(bug)?;
        let said = [
            verifier.as_bytes(),
            whose.user_id.as_bytes(),
            sealed,
            self.timestamp.as_bytes(),
            &self.signature,
        ];
        Ok(cx.steering.once(&said, || {
            let key = cx.srp().session_key(&public_a, verifier, &block.secret_b, &public_b);
            key.is_ok_and(|key| key.proves(whose, sealed, &self.timestamp, &self.signature))
        }))
    }

    /// Whether the claim was made by that user; as much work is done for a name that stands for
    /// nobody.
    fn is_of(
        &self,
        cx: &Cx,
        door: &Door<'_>,
        candidate: &Candidate<'_>,
        block: &(Block, Vec<u8>),
    ) -> Result<bool, Error> {
        let (_, verifier, _) = candidate.secrets(cx, door)?;
        let owner = Owner { pool_id: &door.pool.id, username: &block.0.username };
        let has_password = candidate.user().is_some_and(|user| user.credential.is_some());
        Ok(self.fits(cx, block, &verifier, owner.identity())? && has_password)
    }

    /// Whether the claim was made by that device.
    pub(super) fn is_of_device(
        &self,
        cx: &Cx,
        door: &Door<'_>,
        (verifier, whose): (&Verifier, Identity<'_>),
    ) -> Result<bool, Error> {
        let block = self.block(cx, door)?;
        Ok(block.0.username == whose.user_id && self.fits(cx, &block, verifier, whose)?)
    }
}

/// A, as a client sends it.
///
/// # Errors
/// `InvalidParameterException` if it is missing or none. A that is 0 modulo N would make the key
/// known to everybody (RFC 5054 §2.5.4).
pub(super) fn public_a(parameters: &Parameters) -> Result<PublicA, Error> {
    PublicA::from_hex(required(parameters, "SRP_A")?)
        .map_err(|_| Error::saying(Code::InvalidParameter, "Invalid SRP_A"))
}

/// B in hexadecimal digits and the block in base64, for whoever knows the password of `username`,
/// who is to be proved so well.
pub(super) fn answered(
    cx: &Cx,
    door: &Door<'_>,
    (public_a, verifier): (&PublicA, &Verifier),
    (username, target): (&str, Option<u8>),
) -> Result<[String; 2], Error> {
    let secret_b: [u8; 32] = cx.random.bytes();
    let public_b = cx.srp().begin(verifier, &secret_b);
    let block = Block {
        expires_ms: cx.now_ms() + 1000 * door.client.challenge_s(),
        secret_b,
        public_a: *public_a.as_bytes(),
        public_b: *public_b.as_bytes(),
        target: target.unwrap_or(0),
        client_id: door.client.id.clone(),
        username: username.into(),
    };
    Ok([public_b.to_hex(), BASE64_STANDARD.encode(block.seal(cx)?)])
}

/// The first step: takes A, gives B and the block.
pub(super) fn start(cx: &Cx, door: &Door<'_>, parameters: &Parameters) -> Result<Outcome, Error> {
    let name = required(parameters, "USERNAME")?;
    required(parameters, "SRP_A")?;
    let hash = parameters.get("SECRET_HASH").map(String::as_str);
    client_secret::secret_hash(cx, door.client, name, hash)?;
    let public_a = public_a(parameters)?;
    let candidate = Candidate::arrives(cx, door, name)?;
    begin(cx, door, &candidate, (&public_a, None))
}

/// The same for somebody who was found, and is to be proved so well.
pub(super) fn begin(
    cx: &Cx,
    door: &Door<'_>,
    candidate: &Candidate<'_>,
    (public_a, target): (&PublicA, Option<u8>),
) -> Result<Outcome, Error> {
    begin_for(cx, door, (candidate, public_a), ("", target)).map(Outcome::Challenge)
}

/// The same with a mark in the block, which only [`prove_for`] takes with it.
pub(super) fn begin_for(
    cx: &Cx,
    door: &Door<'_>,
    (candidate, public_a): (&Candidate<'_>, &PublicA),
    (mark, target): (&str, Option<u8>),
) -> Result<Challenge, Error> {
    let (salt, verifier, username) = candidate.secrets(cx, door)?;
    let marked = [mark, &username].concat();
    let [public_b, block] = answered(cx, door, (public_a, &verifier), (&marked, target))?;
    let parameters = BTreeMap::from(
        [
            ("SALT", salt.to_hex()),
            ("SECRET_BLOCK", block),
            ("SRP_B", public_b),
            ("USERNAME", username.clone()),
            ("USER_ID_FOR_SRP", username),
        ]
        .map(|(name, value)| (name.to_string(), value)),
    );
    let name = ChallengeName::PasswordVerifier;
    Ok(Challenge { session: None, parameters, ..Challenge::plain(name) })
}

/// The second step: takes the proof.
pub(super) fn verify(cx: &Cx, door: &Door<'_>, responses: &Parameters) -> Result<Outcome, Error> {
    if responses.is_empty() {
        let message = "Missing required parameter challenge responses.";
        return Err(Error::saying(Code::InvalidParameter, message));
    }
    let name = required(responses, "USERNAME")?;
    let claim = Claim::read(responses)?;
    let hash = responses.get("SECRET_HASH").map(String::as_str);
    client_secret::secret_hash_if_any(cx, door.client, name, hash)?;
    let block = claim.block(cx, door)?;
    if door.pool.fold(&block.0.username) != door.pool.fold(name) {
        // SDKs answer with the name that the challenge gave; an alias of it is taken too.
        let named = Candidate::find(cx, door, name)?;
        if named.user().is_none_or(|user| user.username != block.0.username) {
            return Err(wrong_password());
        }
    }
    let candidate = Candidate::find(cx, door, &block.0.username)?;
    let target = Some(block.0.target).filter(|target| *target > 0);
    let passed = Passed::aiming_at(target).at_device(responses);
    password::check(cx, door, (&candidate, passed), |candidate| {
        claim.is_of(cx, door, candidate, &block)
    })
}

/// Takes the proof of somebody to whom a block with that mark was given, and no more.
pub(super) fn prove_for(
    cx: &Cx,
    door: &Door<'_>,
    candidate: &Candidate<'_>,
    (responses, mark): (&Parameters, &str),
) -> Result<(), Error> {
    let claim = Claim::read(responses)?;
    let mut block = claim.block(cx, door)?;
    let (_, _, username) = candidate.secrets(cx, door)?;
    if block.0.username != [mark, &username].concat() {
        return Err(wrong_password());
    }
    block.0.username = username;
    password::proved(cx, door, candidate, |candidate| claim.is_of(cx, door, candidate, &block))
}
