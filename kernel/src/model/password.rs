//! Is a password good enough for its pool, which one is, when nobody chose it, and how does a user
//! get another one?

mod history;

pub(crate) use history::{former, set_former};

use alloc::{string::String, vec::Vec};

use super::{
    code::{self, CodePurpose},
    credential::Credential,
    pool::Pool,
    user::User,
};
use crate::{
    crypto::Random,
    cx::Cx,
    error::{Code, Error},
    shape::Bounded,
};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// What Cognito takes for a symbol. A space counts too, though requests can't carry one.
const SYMBOLS: &str = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ";
/// Symbols that survive HTML, links and shells; of a temporary password.
const PLAIN_SYMBOLS: &str = "!@#*-_=+.:?";
/// Without those that are mistaken for others.
const UPPERCASE: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const LOWERCASE: &str = "abcdefghijkmnpqrstuvwxyz";
const NUMBERS: &str = "23456789";
/// A temporary password is at least that long.
const TEMPORARY_LEN_MIN: usize = 12;
/// Of a policy that doesn't say.
const LEN_MIN: usize = 8;
const TEMPORARY_DAYS: u64 = 7;

/// A character that a policy may ask for.
#[derive(Clone, Copy)]
enum Class {
    Uppercase,
    Lowercase,
    Number,
    Symbol,
}

impl Class {
    /// Only basic Latin letters and digits count, as at Cognito.
    fn holds(self, char: char) -> bool {
        match self {
            Self::Uppercase => char.is_ascii_uppercase(),
            Self::Lowercase => char.is_ascii_lowercase(),
            Self::Number => char.is_ascii_digit(),
            Self::Symbol => SYMBOLS.contains(char),
        }
    }

    const fn fault(self) -> &'static str {
        match self {
            Self::Uppercase => {
                "Password did not conform with policy: Password must have uppercase characters"
            }
            Self::Lowercase => {
                "Password did not conform with policy: Password must have lowercase characters"
            }
            Self::Number => {
                "Password did not conform with policy: Password must have numeric characters"
            }
            Self::Symbol => {
                "Password did not conform with policy: Password must have symbol characters"
            }
        }
    }
}

/// Checks a password against the pool's policy; the first fault is named.
///
/// # Errors
/// `InvalidPasswordException`.
pub(crate) fn check(pool: &Pool, password: &str) -> Result<(), Error> {
    let fault = |message| Err(Error::saying(Code::InvalidPassword, message));
    if password.chars().count() < len_min(pool) {
        return fault("Password did not conform with policy: Password not long enough");
    }
    match wanted(pool).find(|class| !password.chars().any(|char| class.holds(char))) {
        Some(class) => fault(class.fault()),
        None => Ok(()),
    }
}

/// Gives a user another password, which keeps to the policy; `expires_ms` for a temporary one.
///
/// # Errors
/// `PasswordHistoryPolicyViolationException` if the user had it lately and the pool forbids that.
pub(crate) fn replace(
    cx: &Cx,
    pool: &Pool,
    user: &mut User,
    password: &str,
    expires_ms: Option<u64>,
) -> Result<(), Error> {
    history::refuse_former(cx, pool, user, password)?;
    renew(cx, pool, user, password, expires_ms)
}

/// The same for a password that may have been the user's before.
pub(crate) fn renew(
    cx: &Cx,
    pool: &Pool,
    user: &mut User,
    password: &str,
    expires_ms: Option<u64>,
) -> Result<(), Error> {
    history::keep(cx, pool, user)?;
    // A code that was sent for a new password has lost its purpose.
    code::forget(cx, &pool.key_of(&user.username), CodePurpose::PasswordReset);
    user.credential = Some(Credential::new(cx, pool.owner(user), password, expires_ms)?);
    Ok(())
}

/// A password that fits the pool's policy, and any other that asks for no greater length.
pub(crate) fn temporary(pool: &Pool, random: &Random) -> String {
    let mut chars: Vec<char> = [UPPERCASE, LOWERCASE, NUMBERS, PLAIN_SYMBOLS]
        .iter()
        .flat_map(|alphabet| random.text(alphabet, 1).chars().collect::<Vec<_>>())
        .collect();
    let len = len_min(pool).max(TEMPORARY_LEN_MIN);
    let alphabet = [UPPERCASE, LOWERCASE, NUMBERS].concat();
    chars.extend(random.text(&alphabet, len.saturating_sub(chars.len())).chars());
    // Fisher and Yates: each order is as likely as any other.
    for end in (1..chars.len()).rev() {
        let other = usize::try_from(random.below(end as u64 + 1)).unwrap_or(end);
        chars.swap(end, other);
    }
    chars.into_iter().collect()
}

/// When a temporary password that is set now stops working.
pub(crate) fn temporary_until_ms(pool: &Pool, now_ms: u64) -> u64 {
    let days = pool.password_policy().and_then(|policy| policy.temporary_password_validity_days);
    let days = days.and_then(|days| u64::try_from(days.get()).ok()).filter(|days| *days > 0);
    now_ms + days.unwrap_or(TEMPORARY_DAYS) * DAY_MS
}

/// What the policy asks for, in the order in which faults are named.
fn wanted(pool: &Pool) -> impl Iterator<Item = Class> {
    let policy = pool.password_policy();
    let asks = |flag: fn(&crate::shapes::PasswordPolicyType) -> Option<bool>| {
        policy.is_none_or(|policy| flag(policy).unwrap_or(false))
    };
    [
        (asks(|policy| policy.require_uppercase), Class::Uppercase),
        (asks(|policy| policy.require_lowercase), Class::Lowercase),
        (asks(|policy| policy.require_numbers), Class::Number),
        (asks(|policy| policy.require_symbols), Class::Symbol),
    ]
    .into_iter()
    .filter_map(|(is_wanted, class)| is_wanted.then_some(class))
}

fn len_min(pool: &Pool) -> usize {
    let len = pool.password_policy().and_then(|policy| policy.minimum_length).map(Bounded::get);
    len.and_then(|len| usize::try_from(len).ok()).unwrap_or(LEN_MIN)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        shape::{Json, Wire},
        shapes::{PasswordPolicyType, UserPoolPolicyType, UserPoolType},
    };

    fn pool(policy: Json) -> Pool {
        let policy = PasswordPolicyType::read(policy).unwrap();
        let policies = UserPoolPolicyType { password_policy: Some(policy), sign_in_policy: None };
        Pool {
            id: "eu-west-1_000000000".into(),
            region: "eu-west-1".into(),
            description: UserPoolType { policies: Some(policies), ..UserPoolType::default() },
            token_algorithm: crate::KeyAlgorithm::default(),
            sessions: crate::model::session::SessionSettings::default(),
            factors: crate::model::factor::FactorSettings::default(),
            departing: alloc::collections::BTreeSet::new(),
            former_names: crate::model::pool::names::FormerNames::default(),
        }
    }

    #[test]
    fn each_of_cognitos_symbols_is_one_and_nothing_else_is() {
        let pool = pool(json!({ "MinimumLength": 6, "RequireSymbols": true }));
        for symbol in "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ".chars() {
            assert_eq!(check(&pool, &alloc::format!("abcde{symbol}")), Ok(()), "{symbol}");
        }
        for other in ['€', '§', 'é', '¡', '\u{a0}'] {
            assert!(check(&pool, &alloc::format!("abcde{other}")).is_err(), "{other}");
        }
    }

    #[test]
    fn length_counts_characters() {
        let pool = pool(json!({ "MinimumLength": 6 }));
        assert_eq!(check(&pool, "éééééé"), Ok(()));
        assert!(check(&pool, "ééééé").is_err());
    }

    #[test]
    fn a_temporary_password_fits_the_strictest_policy() {
        let strict = json!({
            "MinimumLength": 99, "RequireUppercase": true, "RequireLowercase": true,
            "RequireNumbers": true, "RequireSymbols": true,
        });
        let random = Random::new([7; 32]);
        for pool in [pool(strict.clone()), pool(json!({ "MinimumLength": 6 }))] {
            let mut seen = alloc::collections::BTreeSet::new();
            let mut first = alloc::collections::BTreeSet::new();
            for _ in 0..200 {
                let password = temporary(&pool, &random);
                assert_eq!(password.chars().count(), len_min(&pool).max(12));
                assert_eq!(check(&pool, &password), Ok(()));
                let kinds = self::pool(json!({
                    "RequireUppercase": true, "RequireLowercase": true, "RequireNumbers": true,
                    "RequireSymbols": true,
                }));
                assert_eq!(check(&kinds, &password), Ok(()), "{password}");
                first.insert(password.chars().next().unwrap().is_ascii_punctuation());
                assert!(seen.insert(password));
            }
            assert_eq!(first.len(), 2, "a symbol stands first at times, not always");
        }
    }

    #[test]
    fn a_temporary_password_lives_as_long_as_the_policy_says() {
        let until = |policy: Json| temporary_until_ms(&pool(policy), 1_000);
        assert_eq!(until(json!({ "TemporaryPasswordValidityDays": 1 })), 1_000 + DAY_MS);
        assert_eq!(until(json!({ "TemporaryPasswordValidityDays": 0 })), 1_000 + 7 * DAY_MS);
        assert_eq!(until(json!({})), 1_000 + 7 * DAY_MS);
    }
}
