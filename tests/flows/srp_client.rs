//! The client's half of a sign-in by SRP: what an SDK does.

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::{
    srp::{Group, Identity, PublicA, SessionKey, client},
    testing::{Failure, TestPool, World},
};
use serde_json::{Value as Json, json};

/// The time that is signed; any is taken, in this form.
pub(super) const TIMESTAMP: &str = "Wed Nov 18 09:06:40 UTC 2026";

/// A sign-in after its first step.
pub(super) struct Attempt {
    group: Group,
    secret_a: [u8; 32],
    public_a: PublicA,
    pool_name: String,
    client_id: String,
    /// `ChallengeParameters`.
    pub(super) parameters: Json,
}

/// Takes the first step with an `SRP_A` of the caller's.
pub(super) fn start(
    world: &World,
    pool: &TestPool,
    username: &str,
    public_a: &str,
) -> Result<Json, Failure> {
    world.call(
        "InitiateAuth",
        json!({
            "AuthFlow": "USER_SRP_AUTH", "ClientId": pool.client,
            "AuthParameters": { "USERNAME": username, "SRP_A": public_a },
        }),
    )
}

impl Attempt {
    /// Takes the first step, which must succeed.
    pub(super) fn begin(world: &World, pool: &TestPool, username: &str) -> Self {
        let challenge = start(world, pool, username, &public_a()).unwrap();
        assert_eq!(challenge["ChallengeName"], "PASSWORD_VERIFIER");
        Self::of(pool, &challenge["ChallengeParameters"])
    }

    /// A sign-in that was asked with these parameters.
    pub(super) fn of(pool: &TestPool, parameters: &Json) -> Self {
        let (group, secret_a) = (Group::new(), SECRET_A);
        let public_a = client::public_a(&group, &secret_a).unwrap();
        Self {
            group,
            secret_a,
            public_a,
            pool_name: pool.id.split_once('_').unwrap().1.into(),
            client_id: pool.client.clone(),
            parameters: parameters.clone(),
        }
    }

    fn parameter(&self, name: &str) -> &str {
        self.parameters[name].as_str().unwrap()
    }

    /// `ChallengeResponses` of somebody who types that password.
    pub(super) fn responses(&self, password: &str) -> Json {
        let secret_block = BASE64_STANDARD.decode(self.parameter("SECRET_BLOCK")).unwrap();
        let claim = self.key(password).claim(self.identity(), &secret_block, TIMESTAMP);
        json!({
            "USERNAME": self.parameter("USER_ID_FOR_SRP"),
            "TIMESTAMP": TIMESTAMP,
            "PASSWORD_CLAIM_SECRET_BLOCK": self.parameter("SECRET_BLOCK"),
            "PASSWORD_CLAIM_SIGNATURE": BASE64_STANDARD.encode(claim),
        })
    }

    /// Takes the second step.
    pub(super) fn respond(&self, world: &World, responses: &Json) -> Result<Json, Failure> {
        world.call(
            "RespondToAuthChallenge",
            json!({
                "ChallengeName": "PASSWORD_VERIFIER", "ClientId": self.client_id,
                "ChallengeResponses": responses,
            }),
        )
    }

    fn identity(&self) -> Identity<'_> {
        Identity { pool_name: &self.pool_name, user_id: self.parameter("USER_ID_FOR_SRP") }
    }

    fn key(&self, password: &str) -> SessionKey {
        let attempt = client::Attempt {
            whose: self.identity(),
            password,
            secret_a: &self.secret_a,
            public_a: &self.public_a,
        };
        let (salt, public_b) = (self.parameter("SALT"), self.parameter("SRP_B"));
        client::session_key(&self.group, &attempt, salt, public_b).unwrap()
    }
}

/// The secret of every client here.
const SECRET_A: [u8; 32] = [0xA5; 32];

/// `SRP_A`.
pub(super) fn public_a() -> String {
    client::public_a(&Group::new(), &SECRET_A).unwrap().to_hex()
}

/// What proves that a client knows the password, where challenge parameters ask for that.
pub(super) fn claim(parameters: &Json, whose: Identity<'_>, password: &str) -> Json {
    let text = |name: &str| parameters[name].as_str().unwrap();
    let group = Group::new();
    let public_a = client::public_a(&group, &SECRET_A).unwrap();
    let attempt = client::Attempt { whose, password, secret_a: &SECRET_A, public_a: &public_a };
    let key = client::session_key(&group, &attempt, text("SALT"), text("SRP_B")).unwrap();
    let block = BASE64_STANDARD.decode(text("SECRET_BLOCK")).unwrap();
    json!({
        "TIMESTAMP": TIMESTAMP, "PASSWORD_CLAIM_SECRET_BLOCK": text("SECRET_BLOCK"),
        "PASSWORD_CLAIM_SIGNATURE": BASE64_STANDARD.encode(key.claim(whose, &block, TIMESTAMP)),
    })
}
