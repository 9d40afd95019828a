//! A sign-in by SRP: two requests, with the client's arithmetic between them.

use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::{
    srp::{Group, Identity, Rejected, client},
    testing::{PASSWORD, TestPool, World},
};
use serde_json::json;

use super::{
    calls::{Prepared, timed},
    fill::{Filled, name_of},
};

/// The time that is signed; any is taken, in this form.
const TIMESTAMP: &str = "Wed Nov 18 09:06:40 UTC 2026";
const SECRET_A: [u8; 32] = [0xA5; 32];

/// What both requests take.
pub(crate) fn prepare(_: &World, filled: &Filled, round: usize) -> Prepared {
    let username = name_of(filled.nth(round));
    let pool = TestPool { id: filled.pool.id.clone(), client: filled.pool.client.clone() };
    Box::new(move |world| sign_in(world, &pool, &username))
}

fn sign_in(world: &World, pool: &TestPool, username: &str) -> Result<Duration> {
    let group = Group::new();
    let public_a = client::public_a(&group, &SECRET_A).map_err(rejected)?;
    let input = json!({
        "AuthFlow": "USER_SRP_AUTH", "ClientId": pool.client,
        "AuthParameters": { "USERNAME": username, "SRP_A": public_a.to_hex() },
    });
    let (first, challenge) = timed(world, &world.request("InitiateAuth", &input))?;

    let parameters = &challenge["ChallengeParameters"];
    let parameter = |name: &str| parameters[name].as_str().unwrap_or_default();
    let pool_name = pool.id.split_once('_').context("no pool's id")?.1;
    let whose = Identity { pool_name, user_id: parameter("USER_ID_FOR_SRP") };
    let attempt =
        client::Attempt { whose, password: PASSWORD, secret_a: &SECRET_A, public_a: &public_a };
    let key = client::session_key(&group, &attempt, parameter("SALT"), parameter("SRP_B"));
    let secret_block = BASE64_STANDARD.decode(parameter("SECRET_BLOCK"))?;
    let claim = key.map_err(rejected)?.claim(whose, &secret_block, TIMESTAMP);
    let input = json!({
        "ChallengeName": "PASSWORD_VERIFIER", "ClientId": pool.client,
        "ChallengeResponses": {
            "USERNAME": parameter("USER_ID_FOR_SRP"),
            "TIMESTAMP": TIMESTAMP,
            "PASSWORD_CLAIM_SECRET_BLOCK": parameter("SECRET_BLOCK"),
            "PASSWORD_CLAIM_SIGNATURE": BASE64_STANDARD.encode(claim),
        },
    });
    let (second, _) = timed(world, &world.request("RespondToAuthChallenge", &input))?;
    Ok(first + second)
}

fn rejected(_: Rejected) -> anyhow::Error {
    anyhow!("the service's part of SRP makes no sense")
}
