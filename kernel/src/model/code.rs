//! Codes that were sent to a person: what is kept of one, and how one that comes back is checked.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use super::{
    quota::{HOUR_MS, Lately},
    subject::Subject,
};
use crate::{
    crypto::{self, same},
    cx::Cx,
    error::{Code, Error},
    store::{Record, keys},
};

/// What a code is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodePurpose {
    /// Proving that an e-mail address is the user's.
    Email,
    /// Choosing a new password.
    PasswordReset,
    /// Proving that a phone number is.
    PhoneNumber,
    /// Confirming a new user.
    SignUp,
}

impl CodePurpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::PasswordReset => "password-reset",
            Self::PhoneNumber => "phone_number",
            Self::SignUp => "sign-up",
        }
    }

    const fn lives_ms(self) -> u64 {
        match self {
            Self::PasswordReset => HOUR_MS,
            Self::Email | Self::PhoneNumber | Self::SignUp => 24 * HOUR_MS,
        }
    }

    /// Proving that attribute, if it is one that codes prove.
    pub(crate) fn of_attribute(attribute: &str) -> Option<Self> {
        match attribute {
            "email" => Some(Self::Email),
            "phone_number" => Some(Self::PhoneNumber),
            _ => None,
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
    /// How often it was asked for lately.
    #[serde(default)]
    resent: Lately,
    /// How often something else came back lately.
    #[serde(default)]
    failed: Lately,
}

impl Record for SentCode {}

impl SentCode {
    /// When nothing of it counts any more.
    fn over_ms(&self) -> u64 {
        self.expires_ms.max(self.resent.over_ms()).max(self.failed.over_ms())
    }
}

const DIGITS: usize = 6;
/// Cognito's quotas, an hour and user.
const ASKED_MAX: u32 = 5;
const FAILED_MAX: u32 = 15;

/// Makes a code that somebody asked for, to be sent to an attribute's value; one that was made
/// before is void. One for nobody is never right.
///
/// # Errors
/// `LimitExceededException` if too many were asked for lately.
pub(crate) fn issue(
    cx: &Cx,
    subject: Subject<'_>,
    purpose: CodePurpose,
    address: (&str, &str),
) -> Result<String, Error> {
    make(cx, subject, purpose, address, true)
}

/// The same for a code that comes along with something else, and is not counted therefore.
pub(crate) fn issue_unasked(
    cx: &Cx,
    subject: Subject<'_>,
    purpose: CodePurpose,
    address: (&str, &str),
) -> Result<String, Error> {
    make(cx, subject, purpose, address, false)
}

fn make(
    cx: &Cx,
    subject: Subject<'_>,
    purpose: CodePurpose,
    (attribute, destination): (&str, &str),
    is_asked_for: bool,
) -> Result<String, Error> {
    let key = key_of(subject, purpose);
    let now_ms = cx.now_ms();
    let earlier = cx.get::<SentCode>(key.as_str())?;
    let (mut resent, failed) = match &earlier {
        Some(earlier) => (earlier.resent, earlier.failed),
        None => (Lately::default(), Lately::default()),
    };
    if is_asked_for {
        resent = resent.again(now_ms, ASKED_MAX)?;
    }
    let code = cx.random.digits(DIGITS);
    let record = SentCode {
        fingerprint: fingerprint(cx, subject, purpose, &code)?,
        attribute: attribute.into(),
        destination: destination.into(),
        expires_ms: now_ms + purpose.lives_ms(),
        resent,
        failed,
    };
    keep(cx, subject, &key, earlier.map(|earlier| earlier.over_ms()), &record)?;
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
    subject: Subject<'_>,
    purpose: CodePurpose,
    given: &str,
) -> Result<SentCode, Error> {
    let now_ms = cx.now_ms();
    let key = key_of(subject, purpose);
    let Some(mut sent) = cx.get::<SentCode>(key.as_str())? else {
        return Err(Code::ExpiredCode.into());
    };
    let failed = sent.failed.again(now_ms, FAILED_MAX)?;
    if sent.expires_ms <= now_ms {
        return Err(Code::ExpiredCode.into());
    }
    let is_right = same(&sent.fingerprint, &fingerprint(cx, subject, purpose, given)?);
    if is_right && matches!(subject, Subject::User(_)) {
        return Ok(sent.delete());
    }
    let before_ms = sent.over_ms();
    sent.failed = failed;
    keep(cx, subject, &key, Some(before_ms), &sent)?;
    cx.commit()?;
    Err(Code::CodeMismatch.into())
}

/// Refuses a code that came back for a name that stands for nobody, as a wrong one is refused.
pub(crate) fn refuse(cx: &Cx, name: &str, purpose: CodePurpose, given: &str) -> Error {
    let outcome = redeem(cx, Subject::Nobody(name), purpose, given);
    outcome.err().unwrap_or_else(|| Code::CodeMismatch.into())
}

/// Makes a code of a user void.
pub(crate) fn forget(cx: &Cx, user: &str, purpose: CodePurpose) {
    cx.delete(&key_of(Subject::User(user), purpose));
}

fn keep(
    cx: &Cx,
    subject: Subject<'_>,
    key: &str,
    before_ms: Option<u64>,
    record: &SentCode,
) -> Result<(), Error> {
    subject.forget_later(cx, key, before_ms, record.over_ms())?;
    cx.put(key, record)
}

fn key_of(subject: Subject<'_>, purpose: CodePurpose) -> String {
    match subject {
        Subject::Nobody(name) => keys::of_nobody(name, purpose.name()),
        Subject::User(user) => keys::code(user, purpose.name()),
    }
}

fn fingerprint(
    cx: &Cx,
    subject: Subject<'_>,
    purpose: CodePurpose,
    code: &str,
) -> Result<[u8; 32], Error> {
    // A zero byte is in none of the parts: no two triples run into the same bytes.
    let parts =
        [purpose.name().as_bytes(), b"\0", subject.name().as_bytes(), b"\0", code.as_bytes()];
    Ok(cx.vault()?.fingerprint(crypto::Purpose::Code, &parts))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        store::Store,
        testing::{PASSWORD, TestPool, World},
    };

    fn records(world: &World, pool: &TestPool) -> alloc::rc::Rc<dyn Store> {
        world.records(&world.home(&pool.id, "ann"))
    }

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
        let key = key_of(Subject::User("ann"), CodePurpose::SignUp);
        let record = records(&world, &pool).get(&key).unwrap().expect("a record of the code");
        let record = core::str::from_utf8(&record[1..]).unwrap();
        assert!(record.contains("ann@example.com") && !record.contains(&code), "{record}");
    }

    #[test]
    fn what_is_kept_of_strangers_goes_when_others_come() {
        let world = World::new();
        let pool = world.pool(json!({ "AutoVerifiedAttributes": ["email"] }));
        let hiding = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "ENABLED" }));
        let counted = || world.pool_records(&pool.id).len();
        let before = counted();
        let resend = |name: &str| {
            let _ =
                world.ok("ResendConfirmationCode", json!({ "ClientId": hiding, "Username": name }));
        };
        for _ in 0..3 {
            for n in 0..4 {
                resend(&alloc::format!("nobody-{n}"));
            }
        }
        // The record of each, and what remembers to forget it.
        assert_eq!(counted(), before + 8);
        world.advance_s(24 * 3600 + 1);
        // Somebody else comes to each place where one of them is kept.
        let home = |name: &str| world.home(&pool.id, name);
        let mut homes: alloc::vec::Vec<_> =
            (0..4).map(|n| home(&alloc::format!("nobody-{n}"))).collect();
        homes.sort();
        homes.dedup();
        for place in &homes {
            let mut names = (0..).map(|n| alloc::format!("somebody-{n}"));
            resend(&names.find(|name| home(name) == *place).unwrap());
        }
        assert_eq!(counted(), before + 2 * homes.len());
    }
}
