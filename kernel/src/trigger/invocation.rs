//! Which function is called with what?

use alloc::{string::String, vec::Vec};
use core::fmt;

use crate::{
    model::pool::{Pool, tags},
    shapes::{LambdaConfigType, PreTokenGenerationLambdaVersion},
};

/// The triggers of a pool, by their names in `LambdaConfig`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// Says what the challenge of a custom sign-in asks.
    CreateAuthChallenge,
    /// Sends mails.
    CustomEmailSender,
    /// Writes the messages that carry codes.
    CustomMessage,
    /// Sends text messages.
    CustomSMSSender,
    /// Says what comes next in a custom sign-in.
    DefineAuthChallenge,
    /// Hears of a sign-in before its tokens are made.
    PostAuthentication,
    /// Hears of a user who was confirmed, or chose another password.
    PostConfirmation,
    /// May refuse a sign-in.
    PreAuthentication,
    /// May refuse or confirm a new user.
    PreSignUp,
    /// Changes what tokens say.
    PreTokenGeneration,
    /// Knows users of an older directory.
    UserMigration,
    /// Judges the answer to the challenge of a custom sign-in.
    VerifyAuthChallengeResponse,
}

impl Trigger {
    /// Its name, as errors tell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CreateAuthChallenge => "CreateAuthChallenge",
            Self::CustomEmailSender => "CustomEmailSender",
            Self::CustomMessage => "CustomMessage",
            Self::CustomSMSSender => "CustomSMSSender",
            Self::DefineAuthChallenge => "DefineAuthChallenge",
            Self::PostAuthentication => "PostAuthentication",
            Self::PostConfirmation => "PostConfirmation",
            Self::PreAuthentication => "PreAuthentication",
            Self::PreSignUp => "PreSignUp",
            Self::PreTokenGeneration => "PreTokenGeneration",
            Self::UserMigration => "UserMigration",
            Self::VerifyAuthChallengeResponse => "VerifyAuthChallengeResponse",
        }
    }

    /// The ARN of the pool's function for it.
    fn function(self, config: &LambdaConfigType) -> Option<&str> {
        let arn = match self {
            Self::CreateAuthChallenge => &config.create_auth_challenge,
            Self::CustomEmailSender => {
                let sender = config.custom_email_sender.as_ref();
                return sender.map(|sender| crate::shape::Text::as_str(&sender.lambda_arn));
            }
            Self::CustomMessage => &config.custom_message,
            Self::CustomSMSSender => {
                let sender = config.custom_sms_sender.as_ref();
                return sender.map(|sender| crate::shape::Text::as_str(&sender.lambda_arn));
            }
            Self::DefineAuthChallenge => &config.define_auth_challenge,
            Self::PostAuthentication => &config.post_authentication,
            Self::PostConfirmation => &config.post_confirmation,
            Self::PreAuthentication => &config.pre_authentication,
            Self::PreSignUp => &config.pre_sign_up,
            Self::PreTokenGeneration => match &config.pre_token_generation_config {
                Some(versioned) => return Some(crate::shape::Text::as_str(&versioned.lambda_arn)),
                None => &config.pre_token_generation,
            },
            Self::UserMigration => &config.user_migration,
            Self::VerifyAuthChallengeResponse => &config.verify_auth_challenge_response,
        };
        arn.as_ref().map(crate::shape::Text::as_str)
    }

    /// The pool's function for it, and the version of the event that it takes.
    pub(super) fn of(self, pool: &Pool) -> Option<(&str, &'static str)> {
        let config = pool.description.lambda_config.as_ref()?;
        let function = self.function(config).filter(|arn| !arn.is_empty())?;
        let versioned = config.pre_token_generation_config.as_ref();
        let version = match versioned.map(|versioned| versioned.lambda_version) {
            Some(PreTokenGenerationLambdaVersion::V2_0) if self == Self::PreTokenGeneration => "2",
            Some(PreTokenGenerationLambdaVersion::V3_0) if self == Self::PreTokenGeneration => "3",
            _ => "1",
        };
        Some((function, version))
    }
}

/// One call of a function.
#[derive(Clone, PartialEq, Eq)]
pub struct Invocation {
    /// For which trigger.
    pub trigger: Trigger,
    /// The function's ARN.
    pub function: String,
    /// Where the pool has its functions, if it has a place of its own for them.
    pub url: Option<String>,
    /// The event, as JSON.
    pub event: Vec<u8>,
}

impl Invocation {
    pub(super) fn new(pool: &Pool, trigger: Trigger, function: &str, event: Vec<u8>) -> Self {
        let url = tags::triggers_url(pool.description.user_pool_tags.as_ref());
        Self { trigger, function: function.into(), url: url.map(Into::into), event }
    }
}

// The event holds what a user said.
impl fmt::Debug for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Invocation({:?}, {})", self.trigger, self.function)
    }
}
