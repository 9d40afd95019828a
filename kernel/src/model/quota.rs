//! How often may one user do something within an hour?

use serde::{Deserialize, Serialize};

use super::subject::Subject;
use crate::{
    cx::Cx,
    error::{Code, Error},
    store::{Record, keys},
};

pub(crate) const HOUR_MS: u64 = 60 * 60 * 1000;

/// How often something happened within an hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lately {
    since_ms: u64,
    times: u32,
}

impl Record for Lately {}

impl Lately {
    /// Counts once more.
    ///
    /// # Errors
    /// `LimitExceededException` beyond `max` times an hour.
    pub(crate) fn again(self, now_ms: u64, max: u32) -> Result<Self, Error> {
        match self {
            Self { since_ms, .. } if since_ms + HOUR_MS <= now_ms => {
                Ok(Self { since_ms: now_ms, times: 1 })
            }
            Self { times, .. } if times >= max => Err(Code::LimitExceeded.into()),
            Self { since_ms, times } => Ok(Self { since_ms, times: times + 1 }),
        }
    }

    /// When nothing of it counts any more.
    pub(crate) const fn over_ms(self) -> u64 {
        self.since_ms + HOUR_MS
    }
}

/// What a user may do only so often, whether it succeeds or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Replacing a password by another one.
    ChangePassword,
    /// Having a code sent to sign in by. Cognito tells no quota of its own.
    SignInCode,
}

impl Effort {
    const fn name(self) -> &'static str {
        match self {
            Self::ChangePassword => "change-password",
            Self::SignInCode => "sign-in-code",
        }
    }

    /// Cognito's quota, an hour and user, where it has one.
    const fn max(self) -> u32 {
        match self {
            Self::ChangePassword => 5,
            Self::SignInCode => 30,
        }
    }
}

/// Counts an effort.
///
/// # Errors
/// `LimitExceededException` after too many within an hour.
pub(crate) fn count(cx: &Cx, subject: Subject<'_>, effort: Effort) -> Result<(), Error> {
    let key = match subject {
        Subject::Nobody(name) => keys::of_nobody(name, effort.name()),
        Subject::User(user) => keys::efforts(user, effort.name()),
    };
    let before = cx.get::<Lately>(key.as_str())?.map(|row| *row);
    let lately = before.unwrap_or_default().again(cx.now_ms(), effort.max())?;
    subject.forget_later(cx, &key, before.map(Lately::over_ms), lately.over_ms())?;
    cx.put(&key, &lately)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_counted_from_its_first_event() {
        let first = Lately::default().again(HOUR_MS * 7, 2).unwrap();
        let second = first.again(HOUR_MS * 8 - 1, 2).unwrap();
        assert_eq!(second.again(HOUR_MS * 8 - 1, 2).unwrap_err().code, Code::LimitExceeded);
        assert_eq!(second.over_ms(), HOUR_MS * 8);
        assert_eq!(second.again(HOUR_MS * 8, 2), Ok(Lately { since_ms: HOUR_MS * 8, times: 1 }));
    }
}
