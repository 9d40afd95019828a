//! Codes that were sent to a person: what is kept of one, and how one that comes back is checked.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{
    crypto::{self, same},
    cx::Cx,
    error::{Code, Error},
    store::{Record, keys},
};

/// What a code is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodePurpose {
    /// Confirming a new user.
    SignUp,
}

impl CodePurpose {
    const fn name(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
        }
    }

    const fn lives_ms(self) -> u64 {
        match self {
            Self::SignUp => 24 * HOUR_MS,
        }
    }
}

/// A code that was sent, as kept under `code/{user}/{purpose}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SentCode {
    /// Of the code; it fits this user and this purpose only.
    fingerprint: [u8; 32],
    /// Where it went: an attribute, and the value that this had.
    pub(crate) attribute: String,
    pub(crate) destination: String,
    expires_ms: u64,
    /// How often it was sent again lately.
    #[serde(default)]
    resent: Lately,
    /// How often something else came back lately.
    #[serde(default)]
    failed: Lately,
}

impl Record for SentCode {}

/// How often something happened within an hour.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Lately {
    since_ms: u64,
    times: u32,
}

const HOUR_MS: u64 = 60 * 60 * 1000;
const DIGITS: usize = 6;
/// Cognito's quotas, an hour and user.
const RESENT_MAX: u32 = 5;
const FAILED_MAX: u32 = 15;

impl Lately {
    /// Counts once more.
    ///
    /// # Errors
    /// `LimitExceededException` beyond `max` times an hour.
    fn again(self, now_ms: u64, max: u32) -> Result<Self, Error> {
        match self {
            Self { since_ms, .. } if since_ms + HOUR_MS <= now_ms => {
                Ok(Self { since_ms: now_ms, times: 1 })
            }
            Self { times, .. } if times >= max => Err(Code::LimitExceeded.into()),
            Self { since_ms, times } => Ok(Self { since_ms, times: times + 1 }),
        }
    }
}

/// Makes a code that will be sent to an attribute's value; one that was made before is void.
///
/// # Errors
/// `LimitExceededException` if too many were asked for lately.
pub(crate) fn issue(
    cx: &Cx,
    user: &str,
    purpose: CodePurpose,
    (attribute, destination): (&str, &str),
) -> Result<String, Error> {
    let key = keys::code(user, purpose.name());
    let now_ms = cx.now_ms();
    let (resent, failed) = match cx.get::<SentCode>(key.as_str())? {
        Some(earlier) => (earlier.resent.again(now_ms, RESENT_MAX)?, earlier.failed),
        None => (Lately::default(), Lately::default()),
    };
    let code = cx.random.digits(DIGITS);
    let record = SentCode {
        fingerprint: fingerprint(cx, user, purpose, &code)?,
        attribute: attribute.into(),
        destination: destination.into(),
        expires_ms: now_ms + purpose.lives_ms(),
        resent,
        failed,
    };
    cx.put(&key, &record)?;
    Ok(code)
}

/// Takes the code that came back; it works once. A wrong one is counted whatever becomes of the
/// call, so that nothing may be pending when this is asked.
///
/// # Errors
/// `ExpiredCodeException` if none was sent or it is too old, `CodeMismatchException` if it is
/// another, `LimitExceededException` after too many others.
pub(crate) fn redeem(
    cx: &Cx,
    user: &str,
    purpose: CodePurpose,
    given: &str,
) -> Result<SentCode, Error> {
    let now_ms = cx.now_ms();
    let Some(mut sent) = cx.get::<SentCode>(keys::code(user, purpose.name()))? else {
        return Err(Code::ExpiredCode.into());
    };
    let failed = sent.failed.again(now_ms, FAILED_MAX)?;
    if sent.expires_ms <= now_ms {
        return Err(Code::ExpiredCode.into());
    }
    if !same(&sent.fingerprint, &fingerprint(cx, user, purpose, given)?) {
        sent.failed = failed;
        sent.save()?;
        cx.commit()?;
        return Err(Code::CodeMismatch.into());
    }
    Ok(sent.delete())
}

/// Makes a code void.
pub(crate) fn forget(cx: &Cx, user: &str, purpose: CodePurpose) {
    cx.delete(&keys::code(user, purpose.name()));
}

fn fingerprint(cx: &Cx, user: &str, purpose: CodePurpose, code: &str) -> Result<[u8; 32], Error> {
    // A zero byte is in none of the parts: no two triples run into the same bytes.
    let parts = [purpose.name().as_bytes(), b"\0", user.as_bytes(), b"\0", code.as_bytes()];
    Ok(cx.vault()?.fingerprint(crypto::Purpose::Code, &parts))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        place::{Place, PoolKey},
        store::Store,
        testing::{PASSWORD, World},
    };

    #[test]
    fn of_a_code_only_a_fingerprint_is_kept() {
        let world = World::new();
        let pool = world.pool(json!({ "AutoVerifiedAttributes": ["email"] }));
        let _ = world.ok(
            "SignUp",
            json!({
                "ClientId": pool.client, "Username": "ann", "Password": PASSWORD,
                "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }],
            }),
        );
        let code = world.last_code();
        assert!(code.len() == DIGITS && code.bytes().all(|digit| digit.is_ascii_digit()));
        let store = world.records(&Place::Pool(PoolKey::of_pool_id(&pool.id).unwrap()));
        let key = keys::code("ann", CodePurpose::SignUp.name());
        let record = store.get(&key).unwrap().expect("a record of the code");
        let record = core::str::from_utf8(&record[1..]).unwrap();
        assert!(record.contains("ann@example.com") && !record.contains(&code), "{record}");
    }

    #[test]
    fn an_hour_is_counted_from_its_first_event() {
        let first = Lately::default().again(HOUR_MS * 7, 2).unwrap();
        let second = first.again(HOUR_MS * 8 - 1, 2).unwrap();
        assert_eq!(second.again(HOUR_MS * 8 - 1, 2).unwrap_err().code, Code::LimitExceeded);
        assert_eq!(second.again(HOUR_MS * 8, 2).unwrap().times, 1);
    }
}
